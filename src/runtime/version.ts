/**
 * `--version`: ours, the specification's, and that of the libraries that were found.
 */
import type { VersionReport } from './requests.ts';

/** The build puts package.json's version and the commit here. */
declare const RUNT_VERSION: string | undefined;
declare const RUNT_COMMIT: string | undefined;

/** Version and commit. */
export const ownVersion: string = [
  typeof RUNT_VERSION === 'string' ? RUNT_VERSION : '0.1.0',
  typeof RUNT_COMMIT === 'string' ? RUNT_COMMIT : '',
].join(' ');

export const specVersion = '1.3.0';

export async function version(): Promise<VersionReport> {
  const { libseccompVersion } = await import('../kernel/libseccomp.ts');
  const libseccomp = libseccompVersion();
  return {
    version: typeof RUNT_VERSION === 'string' ? RUNT_VERSION : '0.1.0',
    commit: typeof RUNT_COMMIT === 'string' ? RUNT_COMMIT : '',
    spec: specVersion,
    ...(libseccomp !== undefined && { libseccomp }),
  };
}
