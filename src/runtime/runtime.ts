/**
 * The verbs of an OCI runtime as one object: what the command line calls and what the library hands out.
 *
 * Every method fails with a `RuntError`. A method returns when the kernel has done what was asked.
 */
import type { Finding } from '../base/errors.ts';
import type {
  ContainerEvent,
  ContainerState,
  CreateRequest,
  DeleteRequest,
  DoctorReport,
  EventsRequest,
  ExecRequest,
  Features,
  KillRequest,
  PlanDocument,
  PsRequest,
  RunRequest,
  SpecRequest,
  TraceReport,
  UpdateRequest,
  VersionReport,
} from './requests.ts';

export interface Runtime {
  /** Makes the container and its init, which then waits for `start`. */
  create(request: CreateRequest): Promise<void>;
  /** Lets a created container run the user's program. */
  start(id: string): Promise<void>;
  /** create and start; unless detached, waits and resolves to the exit status (128 + signal when killed), else to 0. */
  run(request: RunRequest): Promise<number>;
  /**
   * Waits for the end of the container's own process; its exit status (128 + signal when killed), or undefined where this program
   * has not created it.
   */
  wait(id: string): Promise<number | undefined>;
  /** Runs another process in the container; resolves as `run` does. */
  exec(request: ExecRequest): Promise<number>;
  kill(request: KillRequest): Promise<void>;
  /** Stops all processes of the container. */
  pause(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  /** Other limits; when one of them cannot be set, all stay as they were. */
  update(request: UpdateRequest): Promise<void>;
  /** Statistics and out-of-memory notices, until the container ends. */
  events(request: EventsRequest): AsyncGenerator<ContainerEvent, void, undefined>;
  /** Host pids of all processes of the container. */
  processes(id: string): Promise<readonly number[]>;
  /** What ps(1) says of them: its header and its lines. */
  processTable(request: PsRequest): Promise<string>;
  delete(request: DeleteRequest): Promise<void>;
  state(id: string): Promise<ContainerState>;
  /** Every container below the root, by id; an absent root is empty only when `rootMayBeAbsent`. */
  list(rootMayBeAbsent: boolean): Promise<readonly ContainerState[]>;
  /** Only the ids, without looking at a process. */
  listIds(rootMayBeAbsent: boolean): Promise<readonly string[]>;
  /** Writes a default config.json; fails when there is one. */
  spec(request: SpecRequest): Promise<void>;
  /** What `create` would do with this bundle, without doing it. */
  plan(bundle: string): Promise<PlanDocument>;
  /** Every fault of the bundle; empty when it is valid. */
  validate(bundle: string): Promise<readonly Finding[]>;
  /** Reads what `--trace` of the command line has written. */
  trace(path: string): Promise<TraceReport>;
  version(): Promise<VersionReport>;
  /** What this host lets runt do, for this caller; `containersRun` says whether that is enough. */
  doctor(): Promise<DoctorReport>;
  /** What this runt does, and what it makes of this host's kernel and libraries. */
  features(): Promise<Features>;
}
