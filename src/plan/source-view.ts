/**
 * From where the source of a bind mount is seen, which decides about its locked flags: mount_namespaces(7).
 */
import type { Privilege } from './input.ts';

/**
 * Who opens a source: root of the host for a container without a user namespace; the same before a user namespace is
 * entered; or a process in one, for which the kernel keeps what it has locked.
 */
export type SourceView = 'host' | 'host-for-namespace' | 'user-namespace';

/** Of a source that is opened in the container's mount namespace, or goes there without another user namespace between. */
export const viewOf = (privilege: Privilege): SourceView =>
  privilege === 'host' ? 'host' : 'user-namespace';
