/**
 * A class of service is one folder of resctrl, and each schema is one line of its schemata file.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { below, finding } from '../finding.ts';

export function intelRdt({ linux }: Config): Finding[] {
  const { closID = '', memBwSchema = '', schemata = [] } = linux?.intelRdt ?? {};
  const fault = (
    code: string,
    names: readonly (string | number)[],
    value: string,
    allowed: string,
  ) =>
    finding({
      code,
      pointer: below('/linux/intelRdt', ...names),
      value,
      allowed,
      section: 'config-linux.md#intelrdt',
    });
  const findings: Finding[] = [];
  const isFolderName = closID !== '.' && closID !== '..' && !closID.includes('/');
  if (closID !== '/' && !isFolderName) {
    const allowed = `"/" or a plain name: invalid intelRdt.ClosID ${JSON.stringify(closID)}`;
    findings.push(fault('intel-rdt-clos', ['closID'], closID, allowed));
  }
  if (memBwSchema !== '' && (!memBwSchema.startsWith('MB:') || memBwSchema.includes('\n'))) {
    const allowed = 'one line that starts with MB:';
    findings.push(fault('intel-rdt-schema', ['memBwSchema'], memBwSchema, allowed));
  }
  const broken = schemata.flatMap((line, index) =>
    line.includes('\n') ? fault('intel-rdt-schema', ['schemata', index], line, 'one line') : [],
  );
  return [...findings, ...broken];
}
