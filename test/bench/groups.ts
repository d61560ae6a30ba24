/** What is timed, in groups. */
import { join } from 'node:path';
import {
  type Change,
  makeBundle,
  withDeviceRules,
  withEnvironment,
  withHooks,
  withMounts,
  withSeccomp,
  withUserNamespace,
} from './bundles.ts';
import type { Line } from './stopwatch.ts';

export interface World {
  readonly folder: string;
  readonly runtimes: Readonly<Record<string, string>>;
  /** Of a machine before each command, in ms: docs/performance.md says why. */
  readonly rest: number;
}

export interface Group {
  readonly name: string;
  /** In the form of a title. */
  readonly about: string;
  /** Of the rounds that were asked for: a part, for what takes long. */
  readonly share: number;
  /** Before the first round, and after the last. */
  readonly prepare?: (world: World) => readonly Line[];
  readonly round: (world: World) => readonly Line[];
  readonly clear?: (world: World) => readonly Line[];
  /** A number stands at the end of each command's name, and the group is a curve for each name. */
  readonly isCurve?: boolean;
}

const rootOf = ({ folder }: World, runtime: string): string => join(folder, `root-${runtime}`);

/** The same command of every runtime, in turn. */
function each(world: World, what: string, args: (runtime: string) => readonly string[]): Line[] {
  return Object.entries(world.runtimes).flatMap(([runtime, path]): Line[] => [
    { label: { what, runtime }, words: [path, '--root', rootOf(world, runtime), ...args(runtime)] },
    ...resting(world.rest),
  ]);
}

const untimed = (lines: readonly Line[]): Line[] => lines.map(({ words }) => ({ words }));

const resting = (milliseconds: number): Line[] =>
  milliseconds === 0 ? [] : [{ words: ['sleep', String(milliseconds)] }];

const commands: Group = {
  name: 'commands',
  about: 'a container’s life, command by command',
  share: 1,
  round(world) {
    const run = makeBundle(world.folder, 'true', ['true']);
    const life = makeBundle(world.folder, 'life', ['sleep', '1000']);
    const id = (runtime: string): string => `bench-${runtime}`;
    return [
      ...each(world, 'run true', (runtime) => ['run', '--bundle', run, id(runtime)]),
      ...each(world, 'create', (runtime) => ['create', '--bundle', life, id(runtime)]),
      ...each(world, 'start', (runtime) => ['start', id(runtime)]),
      ...each(world, 'state', (runtime) => ['state', id(runtime)]),
      ...each(world, 'exec true', (runtime) => ['exec', id(runtime), 'true']),
      ...each(world, 'list', () => ['list']),
      ...each(world, 'kill', (runtime) => ['kill', id(runtime), 'KILL']),
      ...resting(30),
      ...each(world, 'delete', (runtime) => ['delete', id(runtime)]),
      ...each(world, '--version', () => ['--version']),
    ];
  },
};

const variants: readonly (readonly [name: string, change: Change])[] = [
  ['an engine’s seccomp profile', withSeccomp],
  ['a user namespace', withUserNamespace],
  ['200 mounts', withMounts(200)],
  ['1,000 environment variables', withEnvironment(1000)],
  ['10 hooks', withHooks(10)],
];

const configs: Group = {
  name: 'configs',
  about: '`run true` with more in its config',
  share: 1 / 3,
  round: (world) =>
    variants.flatMap(([name, change], index) => {
      const bundle = makeBundle(world.folder, `variant-${index}`, ['true'], change);
      return each(world, name, (runtime) => ['run', '--bundle', bundle, `bench-${runtime}`]);
    }),
};

/** A shell that runs the runtime many times; it costs all of them the same. */
const shell = (script: string, path: string, root: string, bundle: string): string[] => [
  'sh',
  '-c',
  script,
  path,
  root,
  bundle,
];
const oneAfterAnother =
  'i=0; while [ $i -lt 100 ]; do "$0" --root "$1" run -b "$2" b$i || exit; i=$((i+1)); done';
const atOnce =
  'i=0; while [ $i -lt 50 ]; do "$0" --root "$1" run -b "$2" b$i & i=$((i+1)); done; wait';

const crowds: Group = {
  name: 'crowds',
  about: 'many containers',
  share: 1 / 12,
  round(world) {
    const bundle = makeBundle(world.folder, 'crowd', ['true']);
    const timed = (what: string, script: string) =>
      Object.entries(world.runtimes).flatMap(([runtime, path]): Line[] => [
        { label: { what, runtime }, words: shell(script, path, rootOf(world, runtime), bundle) },
        ...resting(world.rest),
      ]);
    return [...timed('100 one after another', oneAfterAnother), ...timed('50 at once', atOnce)];
  },
};

/** A group for each number: the containers stand as long as it is timed. */
const standing = (count: number): Group => ({
  name: `list ${count}`,
  about: `\`list\` and \`run\` beside ${count} containers that run`,
  share: 1 / 6,
  prepare(world) {
    const bundle = makeBundle(world.folder, `standing-${count}`, ['sleep', '100000']);
    const script = `i=0; while [ $i -lt ${count} ]; do "$0" --root "$1" run -d -b "$2" "s$i-$3" </dev/null >/dev/null 2>&1 || exit; i=$((i+1)); done`;
    return Object.entries(world.runtimes).map(([runtime, path]) => ({
      label: { what: `run ${count}`, runtime },
      words: [...shell(script, path, rootOf(world, runtime), bundle), runtime],
    }));
  },
  round(world) {
    const run = makeBundle(world.folder, `beside-${count}`, ['true']);
    return [
      ...each(world, `list of ${count}`, () => ['list']),
      ...each(world, `run true beside ${count}`, (runtime) => [
        'run',
        '--bundle',
        run,
        `bench-${runtime}`,
      ]),
    ];
  },
  clear(world) {
    const script = `i=0; while [ $i -lt ${count} ]; do "$0" --root "$1" delete -f "s$i-$3" >/dev/null 2>&1; i=$((i+1)); done`;
    return Object.entries(world.runtimes).map(([runtime, path]) => ({
      // no bundle is needed, but the stopwatch takes no empty word
      words: [...shell(script, path, rootOf(world, runtime), '-'), runtime],
    }));
  },
  isCurve: true,
});

const curves: readonly (readonly [
  name: string,
  steps: readonly number[],
  change: (n: number) => Change,
])[] = [
  ['mounts', [0, 100, 200, 400], withMounts],
  ['variables', [0, 1000, 2000, 4000], withEnvironment],
  ['device rules', [0, 100, 200, 400], withDeviceRules],
];

const growth: Group = {
  name: 'growth',
  about: '`run true` against the size of its config',
  share: 1 / 6,
  isCurve: true,
  round: (world) =>
    curves.flatMap(([name, steps, change]) =>
      steps.flatMap((step) => {
        const place = `growth-${name.replaceAll(' ', '-')}-${step}`;
        const bundle = makeBundle(world.folder, place, ['true'], change(step));
        return each(world, `${name} ${step}`, (runtime) => [
          'run',
          '--bundle',
          bundle,
          `bench-${runtime}`,
        ]);
      }),
    ),
};

export const groups: readonly Group[] = [
  commands,
  configs,
  crowds,
  growth,
  standing(1),
  standing(100),
  standing(1000),
];

export { untimed };
