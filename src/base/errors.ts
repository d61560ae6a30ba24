/**
 * What can go wrong, as values: a closed union of codes, and for each code the facts that made it.
 *
 * An error carries facts, not sentences: `render-error.ts` turns them into words, `error-hint.ts` into advice, and nothing else does.
 */

/** One fault of a bundle: where it stands, what was found, what is allowed, and where the rule comes from. */
export interface Finding {
  /** A stable name of the rule, such as `schema/type` or `hostname-needs-uts`. */
  readonly code: string;
  /** JSON pointer into config.json, such as `/mounts/3/destination`; empty for the document itself. */
  readonly pointer: string;
  /** What stands there now, shortened for people, such as `"foo"` or `nothing`. */
  readonly found: string;
  /** What may stand there. */
  readonly allowed: string;
  /** The section of the runtime specification, such as `config.md#mounts`. */
  readonly section: string;
}

/** The facts that belong to each code. Plain strings and numbers, so that this room needs no other. */
export interface ErrorFacts {
  /** The command line is wrong: `text` is the whole sentence. */
  usage: {
    readonly text: string;
    readonly helpWasShown?: true;
    /** An option, a command: what may have been meant. */
    readonly meant?: string;
  };
  /** No bundle folder, or no config.json in it. */
  'bundle-missing': { readonly path: string; readonly what: 'folder' | 'config' };
  /** config.json (or another JSON file that the user named) is not JSON. */
  'json-syntax': {
    readonly path: string;
    readonly line: number;
    readonly column: number;
    readonly reason: string;
  };
  /** The bundle breaks rules: every one of them. */
  'bundle-invalid': { readonly path: string; readonly findings: readonly Finding[] };
  'id-invalid': { readonly id: string };
  'id-in-use': { readonly id: string };
  'container-missing': { readonly id: string };
  /** A verb that the container's status does not allow, such as start of a running one. */
  'wrong-status': { readonly id: string; readonly verb: string; readonly status: string };
  'container-not-running': { readonly id: string };
  'container-not-paused': { readonly id: string };
  'record-damaged': { readonly path: string; readonly reason: string };
  /** The record was written by another runt, of a version whose records this one does not know. */
  'record-version': { readonly path: string; readonly version: number };
  /** A system call of the runtime's own failed. `doing` is a verb with its object: `open /run/runt`. */
  'system-call': { readonly doing: string; readonly errno: string };
  /** An operation inside the new container failed. */
  'step-failed': {
    /** Place in the config, such as `mounts[3]`; empty where none is to blame. */
    readonly origin: string;
    /** What it was about to do: `mount tmpfs on /run/lock`. */
    readonly doing: string;
    readonly errno: string;
    /** What the kernel added, if it did. */
    readonly detail: string;
    readonly step: number;
  };
  /** args[0] was not found, or may not be executed. */
  'executable-missing': { readonly name: string; readonly errno: string };
  /** The program was found, and its execve failed: an interpreter that is missing, for example. */
  'exec-failed': { readonly path: string; readonly errno: string };
  /** The container's init ended before it was ready. */
  'init-died': { readonly status: string };
  'hook-failed': {
    readonly stage: string;
    readonly index: number;
    readonly reason: string;
    readonly output: string;
  };
  /** Nobody listens at the profile's listenerPath. */
  'seccomp-agent': { readonly path: string; readonly errno: string };
  /** The host lacks something that the config asks for. */
  'host-lacks': { readonly what: string; readonly needed: string };
  /** Our own native part cannot be used. */
  'librunt-unusable': { readonly path: string; readonly reason: string };
  /** A user who is not root maps more ids than its own, and the program that may is not there. */
  'id-map-tool': { readonly tool: string; readonly property: string };
  /** That program refused: its own sentence, and the first range that the user has no right to, where that can be told. */
  'id-map-refused': {
    readonly property: string;
    readonly said: string;
    /** Where ranges are lent to users. */
    readonly file: string;
    readonly user: string;
    readonly missing?: { readonly first: number; readonly size: number };
  };
  /** A property of the specification that this version does not do. */
  'not-supported': { readonly property: string };
  /** The kernel refuses a value for a control file of a cgroup. */
  'limit-refused': {
    /** Place in the config, such as `linux.resources.memory.limit`. */
    readonly property: string;
    readonly file: string;
    readonly value: string;
    readonly errno: string;
    /** What it means here; empty where there is nothing to add. */
    readonly hint: string;
  };
  /** A user who is not root may not make or fill the cgroup that a property needs. */
  'cgroup-rights': {
    /** Place in the config, such as `linux.resources.memory.limit`. */
    readonly property: string;
    readonly path: string;
    readonly errno: string;
  };
  /** Something that must be empty or at rest is not: a cgroup with processes, for example. */
  busy: { readonly what: string; readonly cgroup?: 'occupied' | 'frozen' };
  /** systemd does not run this host. */
  'systemd-missing': Readonly<Record<string, never>>;
  /** Every address of the service manager that was tried, and an errno or a sentence for each. */
  'systemd-unreachable': {
    readonly user: boolean;
    readonly tried: readonly { readonly address: string; readonly reason: string }[];
  };
  /** systemd refused: its own sentence, and D-Bus's name of the error. `doing` is a verb with its object. */
  systemd: { readonly doing: string; readonly reason: string; readonly name: string };
  /** systemd took the job and ended it otherwise than by doing it. */
  'systemd-job': {
    readonly verb: 'create' | 'remove';
    readonly unit: string;
    readonly result: string;
  };
  'systemd-timeout': { readonly verb: 'create' | 'remove'; readonly unit: string };
  /** A terminal, console socket or detach rule is broken: `text` is the whole sentence. */
  'console-rule': { readonly text: string; readonly rule: 'needs-socket' | 'needs-no-socket' };
}

export type ErrorCode = keyof ErrorFacts;

/** Every failure that runt reports. `code` decides the exit status and the sentence; `facts` belong to the code. */
export class RuntError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'RuntError';
  readonly code: C;
  readonly facts: ErrorFacts[C];
  /** Failures of the clean-up that followed, kept beside the first error and never in its place. */
  readonly cleanup: Error[] = [];

  constructor(code: C, facts: ErrorFacts[C], options?: ErrorOptions) {
    super(code, options);
    this.code = code;
    this.facts = facts;
  }
}

export function isRuntError<C extends ErrorCode>(error: unknown, code?: C): error is RuntError<C> {
  return error instanceof RuntError && (code === undefined || error.code === code);
}
