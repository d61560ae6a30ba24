/**
 * The document follows a version that this runtime knows: 1.0 to 1.3.
 *
 * A later 1.x may hold properties whose neglect the author would not expect, and the specification promises only the other
 * direction: an old document works with a new runtime.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { finding } from '../finding.ts';

const newestMinor = 3;

const number = '(0|[1-9][0-9]*)';
const identifiers = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const semVer = new RegExp(
  `^${number}\\.${number}\\.${number}(?:-${identifiers})?(?:\\+${identifiers})?$`,
);

export function ociVersion({ ociVersion: version }: Config): Finding[] {
  const allowed = problemOf(version);
  if (allowed === undefined) return [];
  const section = 'config.md#specification-version';
  return [
    finding({ code: 'oci-version', pointer: '/ociVersion', value: version, allowed, section }),
  ];
}

function problemOf(version: string): string | undefined {
  const parts = semVer.exec(version);
  if (parts === null) return 'a version in SemVer 2.0.0 form, such as "1.3.0"';
  if (parts[1] !== '1') return 'a version from 1.0 to 1.3: only 1.X.Y is supported';
  if (Number(parts[2]) > newestMinor)
    return 'a version from 1.0 to 1.3: later ones are not known to this runtime';
  return undefined;
}
