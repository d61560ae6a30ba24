/**
 * The config's device rules, brought to the form that both kernels' mechanisms share: a default and
 * exceptions to it.
 *
 * In:  linux.resources.devices in its order; a config without any has an empty list.
 * Out: what runc ends with: everything is denied at first, later rules change what earlier ones
 *      said, a rule of type `a` starts anew, and a fixed list of harmless devices is allowed last.
 *
 * Surprising: a rule cannot take a part out of a wider exception (deny 5:1 after allow 5:*). v1
 * ignores such a rule silently, so it is refused, on v2 as well, as in runc.
 */
import { RuntError, type Finding } from '../../base/errors.ts';
import { type DeviceAccess, everyAccess, parseAccess } from './device-access.ts';

/** One rule as the specification has it. */
export interface DeviceRule {
  readonly allow: boolean;
  /** `a`, `b` or `c`; every device when absent. */
  readonly type?: string | undefined;
  /** Every number when absent or -1. */
  readonly major?: number | undefined;
  readonly minor?: number | undefined;
  /** Letters of `rwm`. */
  readonly access?: string | undefined;
}

export type DeviceNumber = number | '*';

/** Devices that are treated against the default, for these ways of use. */
export interface DeviceException {
  readonly type: 'b' | 'c';
  readonly major: DeviceNumber;
  readonly minor: DeviceNumber;
  readonly access: DeviceAccess;
}

export interface DeviceFilter {
  readonly defaultAllow: boolean;
  /** By major, minor, type, wildcards first; no two name the same devices. */
  readonly exceptions: readonly DeviceException[];
}

/** What runc appends to every container's rules. */
const alwaysAllowed: readonly DeviceException[] = [
  // making a node is harmless: using it is what the other rules decide
  { type: 'c', major: '*', minor: '*', access: 1 },
  { type: 'b', major: '*', minor: '*', access: 1 },
  // null, zero, full, random, urandom, tty, ptmx, the terminals of a devpts, net/tun
  ...(
    [
      [1, 3],
      [1, 5],
      [1, 7],
      [1, 8],
      [1, 9],
      [5, 0],
      [5, 2],
      [136, '*'],
      [10, 200],
    ] as const
  ).map(([major, minor]) => ({ type: 'c', major, minor, access: everyAccess }) as const),
];

const rulesPointer = '/linux/resources/devices';

export function deviceFilter(rules: readonly DeviceRule[]): DeviceFilter {
  const state: State = { defaultAllow: false, exceptions: new Map() };
  const findings: Finding[] = [];
  for (const [index, rule] of rules.entries()) {
    const pointer = `${rulesPointer}/${index}`;
    if (rule.type === undefined || rule.type === 'a') {
      state.defaultAllow = rule.allow;
      state.exceptions.clear();
      continue;
    }
    const faults = ruleFaults(rule, pointer);
    findings.push(...faults);
    if (faults.length > 0) continue;
    const exception = toException(rule);
    const wider = apply(state, rule.allow, exception);
    if (wider !== undefined) findings.push(hole(pointer, exception, wider));
  }
  for (const exception of alwaysAllowed) {
    const wider = apply(state, true, exception);
    if (wider !== undefined) findings.push(hole(rulesPointer, exception, wider));
  }
  if (findings.length > 0) throw new RuntError('bundle-invalid', { path: 'config.json', findings });
  return {
    defaultAllow: state.defaultAllow,
    exceptions: [...state.exceptions.values()].sort(byNumber),
  };
}

/** Nothing is denied: there is nothing to enforce. */
export function allowsEverything(filter: DeviceFilter): boolean {
  return filter.defaultAllow && filter.exceptions.length === 0;
}

interface State {
  defaultAllow: boolean;
  readonly exceptions: Map<string, DeviceException>;
}

/** Adds the exception, or takes it back; answers with the wider exception that makes this impossible. */
function apply(state: State, allow: boolean, rule: DeviceException): DeviceException | undefined {
  const key = keyOf(rule);
  const present = state.exceptions.get(key)?.access ?? 0;
  if (allow !== state.defaultAllow) {
    state.exceptions.set(key, { ...rule, access: present | rule.access });
    return undefined;
  }
  const wider = widerKeys(rule)
    .map((other) => state.exceptions.get(other))
    .find((other) => other !== undefined && (other.access & rule.access) !== 0);
  if (wider !== undefined) return wider;
  const left = present & ~rule.access;
  if (left === 0) state.exceptions.delete(key);
  else state.exceptions.set(key, { ...rule, access: left });
  return undefined;
}

function keyOf({ type, major, minor }: Omit<DeviceException, 'access'>): string {
  return `${type} ${major}:${minor}`;
}

function widerKeys(rule: DeviceException): readonly string[] {
  const own = keyOf(rule);
  return [
    keyOf({ ...rule, major: '*' }),
    keyOf({ ...rule, minor: '*' }),
    keyOf({ ...rule, major: '*', minor: '*' }),
  ].filter((key) => key !== own);
}

function toException(rule: DeviceRule): DeviceException {
  return {
    type: rule.type === 'b' ? 'b' : 'c',
    major: toNumber(rule.major),
    minor: toNumber(rule.minor),
    access: parseAccess(rule.access ?? '') ?? 0,
  };
}

function toNumber(value: number | undefined): DeviceNumber {
  return value === undefined || value === -1 ? '*' : value;
}

function byNumber(a: DeviceException, b: DeviceException): number {
  return (
    rank(a.major) - rank(b.major) || rank(a.minor) - rank(b.minor) || (a.type < b.type ? -1 : 1)
  );
}

function rank(value: DeviceNumber): number {
  return value === '*' ? -1 : value;
}

function ruleFaults(rule: DeviceRule, pointer: string): readonly Finding[] {
  const faults: Finding[] = [];
  if (rule.type !== 'b' && rule.type !== 'c') {
    faults.push(
      fault('device-type', `${pointer}/type`, JSON.stringify(rule.type), '"a", "b" or "c"'),
    );
  }
  if (parseAccess(rule.access ?? '') === undefined) {
    const found = rule.access === undefined ? 'nothing' : JSON.stringify(rule.access);
    faults.push(
      fault('device-access', `${pointer}/access`, found, 'one or more of the letters r, w, m'),
    );
  }
  for (const field of ['major', 'minor'] as const) {
    const value = rule[field] ?? -1;
    if (!Number.isInteger(value) || value < -1 || value > 0xff_ff_ff_ff) {
      faults.push(
        fault(
          'device-number',
          `${pointer}/${field}`,
          String(value),
          'a number from 0 to 4294967295, or -1',
        ),
      );
    }
  }
  return faults;
}

function hole(pointer: string, rule: DeviceException, wider: DeviceException): Finding {
  return fault(
    'device-hole',
    pointer,
    keyOf(rule),
    `a rule as wide as the one it takes back, ${keyOf(wider)}`,
  );
}

function fault(code: string, pointer: string, found: string, allowed: string): Finding {
  return { code, pointer, found, allowed, section: 'config-linux.md#allowed-device-list' };
}
