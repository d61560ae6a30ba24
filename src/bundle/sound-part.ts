/**
 * The part of a damaged document that the rules can still read, so that their findings are reported with the schema's.
 *
 * Every section with a fault is taken out whole. Where rules of other sections need it, an inconspicuous one takes its place,
 * so that one mistake is not reported twice under different names.
 */
import type { Finding } from '../base/errors.ts';
import type { Config, Namespace } from './config.ts';
import { below, namesOf } from './finding.ts';
import { checkConfig } from './generated/validate.ts';

/** Sections whose properties stand for themselves; every other one goes as a whole. */
const divided: ReadonlySet<string> = new Set(['process', 'linux', 'hooks']);

const everyNamespace: readonly Namespace[] = [
  ...(['pid', 'network', 'mount', 'ipc', 'uts', 'cgroup', 'time'] as const).map((type) => ({
    type,
  })),
  // joined, so that it asks for no mappings
  { type: 'user', path: '/' },
];

const standIns: Readonly<Record<string, unknown>> = {
  '/ociVersion': '1.0.0',
  '/root': { path: 'rootfs' },
  '/process/cwd': '/',
  '/linux': { namespaces: everyNamespace },
  '/linux/namespaces': everyNamespace,
};

/** `findings` are the schema's; undefined when nothing is left to read. */
export function soundPart(document: unknown, findings: readonly Finding[]): Config | undefined {
  if (!isRecord(document)) return undefined;
  const copy = copyOf(document);
  for (const { pointer } of findings) {
    const names = namesOf(pointer);
    const [section = '', property] = names;
    const parent = property !== undefined && divided.has(section) ? copy[section] : undefined;
    if (property !== undefined && isRecord(parent))
      replace(parent, property, below('', section, property));
    else replace(copy, section, below('', section));
  }
  return checkConfig(copy) ? copy : undefined;
}

/** Of what came from JSON. */
function copyOf<T>(document: T): T;
function copyOf(document: unknown): unknown {
  return JSON.parse(JSON.stringify(document));
}

function replace(holder: Record<string, unknown>, name: string, pointer: string): void {
  if (Object.hasOwn(standIns, pointer)) holder[name] = copyOf(standIns[pointer]);
  else Reflect.deleteProperty(holder, name);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
