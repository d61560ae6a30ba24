/**
 * What is remembered of a container between two commands: <root>/<id>/state.json.
 *
 * Written before anything is made, so that it names all that a later `delete --force` has to undo. Two lines of JSON:
 * `list` parses the first of each container only, and there may be thousands.
 */
import { RuntError } from '../base/errors.ts';
import { checkDetails, checkOutline, type Faults } from './generated/check-record.ts';

export const recordVersion = 2;

/** One cgroup of the container: absolute paths of the host. */
export interface RecordedCgroup {
  readonly version: 1 | 2;
  readonly controllers: readonly string[];
  readonly mountpoint: string;
  readonly path: string;
}

/** Groups of the resctrl file system, as src/intel-rdt/plan/placement.ts has them. */
export interface RecordedRdt {
  readonly group: string;
  readonly monitoring?: string;
  readonly groupEnds: 'with-container' | 'unless-made' | 'never';
}

/** Words for a step that may still fail after create has returned. */
export interface RecordedStep {
  readonly origin: string;
  readonly doing: string;
  readonly explain: Readonly<Record<string, string>>;
  readonly name?: string;
}

/** What its state is told from. */
export interface ContainerOutline {
  readonly version: number;
  readonly id: string;
  readonly ociVersion: string;
  /** `creating` until the init waits at its last gate. */
  readonly phase: 'creating' | 'created';
  readonly bundle: string;
  readonly rootfs: string;
  /** RFC 3339, UTC. */
  readonly created: string;
  /** Real uid of whoever called create. */
  readonly owner: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly init?: { readonly pid: number; readonly startTime: number };
  /** The cgroup that is frozen when it is paused; absent where the host has none. */
  readonly freezer?: { readonly version: 1 | 2; readonly path: string };
}

/** What is needed to change it. */
export interface ContainerDetails {
  readonly cgroup: {
    readonly mode: 'v1' | 'hybrid' | 'v2';
    readonly directories: readonly RecordedCgroup[];
    /** The unit of systemd that they belong to. */
    readonly unit?: { readonly name: string; readonly slice: string; readonly user: boolean };
  };
  readonly intelRdt?: RecordedRdt;
  /** Its processes outlive its init: it has no pid namespace of its own. */
  readonly sharesPids: boolean;
  /** Which hooks `start` and `delete` have to read the stored config for. */
  readonly hooks: { readonly poststart: boolean; readonly poststop: boolean };
  /** The steps that come after `start`, and the number of the first. */
  readonly afterStart: { readonly first: number; readonly labels: readonly RecordedStep[] };
}

export type ContainerRecord = ContainerOutline & ContainerDetails;

export function recordText(record: ContainerRecord): string {
  const { cgroup, intelRdt, sharesPids, hooks, afterStart, ...outline } = record;
  const details: ContainerDetails = {
    cgroup,
    ...(intelRdt && { intelRdt }),
    sharesPids,
    hooks,
    afterStart,
  };
  return `${JSON.stringify(outline)}\n${JSON.stringify(details)}\n`;
}

export function parseOutline(text: string, path: string): ContainerOutline {
  const end = text.indexOf('\n');
  const value = parseLine(end < 0 ? text : text.slice(0, end), path);
  const version: unknown = value instanceof Object ? Reflect.get(value, 'version') : undefined;
  if (typeof version === 'number' && version !== recordVersion)
    throw new RuntError('record-version', { path, version });
  if (checkOutline(value)) return value;
  throw unexpected(path, checkOutline);
}

export function parseRecord(text: string, path: string): ContainerRecord {
  const outline = parseOutline(text, path);
  const details = parseLine(text.slice(text.indexOf('\n') + 1), path);
  if (checkDetails(details)) return { ...outline, ...details };
  throw unexpected(path, checkDetails);
}

function parseLine(line: string, path: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new RuntError('record-damaged', { path, reason: 'it is not JSON' }, { cause });
  }
}

function unexpected(path: string, { errors }: Faults): RuntError {
  const [fault] = errors ?? [];
  const reason =
    `${fault?.instancePath ?? ''} ${fault?.message ?? 'has unexpected content'}`.trim();
  return new RuntError('record-damaged', { path, reason });
}
