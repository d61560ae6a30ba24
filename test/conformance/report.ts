/**
 * What native/probe says from inside, as types, and the questions that many cases ask of it.
 */
export interface Outcome {
  readonly result: number;
  readonly errno?: number;
}

export interface Act {
  readonly asked: string;
  readonly outcome?: Outcome;
  readonly text?: string;
  readonly names?: readonly string[];
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly device?: number;
  readonly major?: number;
  readonly minor?: number;
  readonly size?: number;
  readonly status?: number;
  readonly made?: number;
}

export interface DeviceFile {
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly major: number;
  readonly minor: number;
  readonly target?: string;
}

interface Ids {
  readonly real: number;
  readonly effective: number;
  readonly saved: number;
}

export type CapabilitySet = 'effective' | 'permitted' | 'inheritable' | 'bounding' | 'ambient';

export interface Report {
  readonly descriptors: Readonly<Record<string, string>>;
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly umask: number;
  readonly uid: Ids;
  readonly gid: Ids;
  readonly groups: readonly number[];
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  readonly noNewPrivileges: number;
  readonly seccomp: number;
  readonly capabilities: Readonly<Record<CapabilitySet, readonly number[]>>;
  readonly limits: Readonly<Record<string, { readonly soft: number; readonly hard: number }>>;
  readonly signals: { readonly blocked: readonly number[]; readonly ignored: readonly number[] };
  readonly scheduler: Readonly<
    Record<'policy' | 'flags' | 'nice' | 'priority' | 'runtime' | 'deadline' | 'period', number>
  >;
  readonly affinity: readonly number[];
  readonly ioPriority: { readonly class: number; readonly level: number };
  readonly personality: number;
  readonly memoryPolicy?: {
    readonly mode: number;
    readonly flags: number;
    readonly nodes: readonly number[];
  };
  readonly keyring: string;
  readonly terminal: {
    readonly streams: readonly boolean[];
    readonly height?: number;
    readonly width?: number;
  };
  readonly namespaces: Readonly<Record<string, string>>;
  readonly mountinfo: readonly string[];
  readonly cgroups: readonly string[];
  readonly uidMap: readonly string[];
  readonly gidMap: readonly string[];
  readonly oomScoreAdj: readonly string[];
  readonly timeOffsets: readonly string[];
  readonly devices: Readonly<Record<string, DeviceFile>>;
  readonly hostname: string;
  readonly domainname: string;
  readonly machine: string;
  readonly clocks: { readonly monotonic: number; readonly boottime: number };
  readonly links: Readonly<Record<string, number>>;
  readonly addresses: readonly { readonly device: string; readonly address: string }[];
  readonly acts: readonly Act[];
}

export interface MountLine {
  readonly target: string;
  readonly root: string;
  readonly options: readonly string[];
  /** `shared:1`, `master:2`, `unbindable`. */
  readonly tags: readonly string[];
  readonly type: string;
  readonly source: string;
  readonly superOptions: readonly string[];
}

/** The mount that is seen at a place: the last one there. */
export function mountAt(report: Report, target: string): MountLine {
  const found = mountLines(report).findLast((line) => line.target === target);
  if (!found) throw new Error(`nothing is mounted on ${target}`);
  return found;
}

export function mountLines(report: Report): MountLine[] {
  return report.mountinfo.map((line) => {
    const words = line.split(' ');
    const dash = words.indexOf('-');
    const word = (index: number): string => words[index] ?? '';
    return {
      root: word(3),
      target: word(4),
      options: word(5).split(','),
      tags: words.slice(6, dash),
      type: word(dash + 1),
      source: word(dash + 2),
      superOptions: word(dash + 3).split(','),
    };
  });
}

/** The n-th thing that the probe was asked to do. */
export function act(report: Report, index = 0): Act {
  const found = report.acts[index];
  if (!found) throw new Error(`the probe did nothing number ${index}`);
  return found;
}

/** The errno of an act, 0 when it went well. */
export function errnoOf(report: Report, index = 0): number {
  const { outcome } = act(report, index);
  if (!outcome) throw new Error(`${act(report, index).asked} has no outcome`);
  return outcome.errno ?? 0;
}

/** The probe is cut off in the middle when its action never returns; what it said until then can still be read. */
export function parseReport(text: string): Report {
  const begin = text.indexOf('{');
  const end = text.lastIndexOf('}');
  if (begin < 0 || end < begin) throw new Error(`no report: ${JSON.stringify(text.slice(0, 200))}`);
  const body = text.slice(begin, end + 1);
  const open = /"acts":\[\{"asked":"[^"]*"$/.test(text.trimEnd());
  const report: Report = JSON.parse(open ? `${text.slice(begin).trimEnd()}}]}` : body);
  return report;
}
