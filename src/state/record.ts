/**
 * What is remembered of a container between two commands: <root>/<id>/state.json.
 *
 * Written before anything is made, so that it names all that a later `delete --force` has to undo.
 */
import { RuntError } from '../base/errors.ts';
import { checkRecord } from './generated/check-record.ts';

export const recordVersion = 1;

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

export interface ContainerRecord {
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

export function parseRecord(text: string, path: string): ContainerRecord {
  const damaged = (reason: string, cause?: unknown) =>
    new RuntError('record-damaged', { path, reason }, { cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged('it is not JSON', cause);
  }
  const version: unknown = value instanceof Object ? Reflect.get(value, 'version') : undefined;
  if (typeof version === 'number' && version > recordVersion)
    throw new RuntError('record-version', { path, version });
  if (checkRecord(value)) return value;
  const [fault] = checkRecord.errors ?? [];
  throw damaged(
    `${fault?.instancePath ?? ''} ${fault?.message ?? 'has unexpected content'}`.trim(),
  );
}
