/**
 * Holds the import table of docs/architecture.md: data runs one way, and so do imports.
 *
 * A failure names the file, what it imports, and what its room may import instead.
 */
import { expect, test } from 'vitest';
import { importsOf, type SourceImport, sourceFiles, sourceText } from './support/source-imports.ts';

interface Room {
  /** Rooms whose files it may import, besides its own. */
  readonly imports: readonly string[];
  /** Rooms of which it may name types, and nothing that runs. */
  readonly types?: readonly string[];
  /** Decides and touches nothing: no `node:` module. */
  readonly pure?: boolean;
  readonly why: string;
}

const pure = { imports: ['base'], types: ['bundle'], pure: true } as const;
const lower = [
  'base',
  'bundle',
  'state',
  'plan',
  'seccomp',
  'cgroup/plan',
  'intel-rdt/plan',
  'doctor',
  'kernel',
];

const rooms: Readonly<Record<string, Room>> = {
  base: { imports: [], why: 'every room shares it, so it can lean on none' },
  bundle: { imports: ['base'], why: 'a document becomes a value here, whoever uses it later' },
  state: {
    imports: ['base'],
    types: ['bundle'],
    why: 'it remembers values that it is given',
  },
  plan: { ...pure, why: 'it decides; facts are handed to it, and acting is for others' },
  'cgroup/plan': { ...pure, why: 'it decides; cgroup/apply acts' },
  'intel-rdt/plan': { ...pure, why: 'it decides; intel-rdt/apply acts' },
  seccomp: { ...pure, why: 'it decides; seccomp/apply acts' },
  doctor: { ...pure, types: [], why: 'it judges facts; they are handed to it' },
  kernel: {
    imports: ['base', 'plan', 'doctor'],
    why: 'it is the door to Linux, and knows no verb',
  },
  engine: { imports: ['base', 'kernel'], why: "it stands for Node's modules, which know no room" },
  'cgroup/apply': {
    imports: ['base', 'cgroup/plan', 'kernel'],
    types: ['bundle', 'doctor'],
    why: 'it carries out its plan',
  },
  'intel-rdt/apply': {
    imports: ['base', 'intel-rdt/plan'],
    types: ['bundle'],
    why: 'it carries out its plan',
  },
  'seccomp/apply': { imports: ['base', 'seccomp', 'kernel'], why: 'it carries out its plan' },
  runtime: {
    imports: [...lower, 'cgroup/apply', 'intel-rdt/apply', 'seccomp/apply'],
    why: 'the verbs know every room below, and no command line',
  },
  library: {
    imports: ['base'],
    types: ['runtime'],
    why: 'it carries calls to another thread, and does nothing by itself',
  },
  cli: { imports: ['base', 'runtime'], why: 'what is below must not notice the command line' },
};

/** The only files that join rooms. */
const composition = ['main.ts', 'index.ts', 'compose.ts', 'worker.ts'];

/** Packages by the files that may import them; none other may be imported at all. */
const packages: Readonly<Record<string, (path: string) => boolean>> = {
  commander: (path) => path.startsWith('cli/'),
  'zod/mini': (path) => path === 'state/record-schema.ts',
};

const names = Object.keys(rooms).toSorted((a, b) => b.length - a.length);
const roomOf = (path: string): string | undefined =>
  names.find((name) => path.startsWith(`${name}/`));

const files = sourceFiles();
const imports = files.flatMap(importsOf);

function faultOf({ from, to, ours, typeOnly }: SourceImport): string | undefined {
  const name = roomOf(from);
  const room = name === undefined ? undefined : rooms[name];
  if (!ours) {
    if (to.startsWith('node:'))
      return room?.pure && !typeOnly
        ? `src/${from} imports ${to}, but ${name} is pure: ${room.why}. Let the runtime collect the fact and hand it in`
        : undefined;
    return packages[to]?.(from)
      ? undefined
      : `src/${from} imports the package ${to}, which that file may not: see "packages" in this test`;
  }
  if (room === undefined || name === undefined) return undefined;
  const target = roomOf(to);
  if (target === name || (target !== undefined && room.imports.includes(target))) return undefined;
  const mayName = target !== undefined && (room.types ?? []).includes(target);
  if (mayName && typeOnly) return undefined;
  const allowed = [...room.imports, ...(room.types ?? []).map((type) => `types of ${type}`)];
  const hint = mayName ? `; make it "import type" or move what runs` : '';
  return `src/${from} imports ${to}, but ${name} may import ${allowed.join(', ') || 'nothing of ours'}: ${room.why}${hint}`;
}

test('every file belongs to a room, or joins them', () => {
  expect(
    files.filter((path) => roomOf(path) === undefined && !composition.includes(path)),
    'a new room needs a row in this test and in docs/architecture.md',
  ).toEqual([]);
});

test('imports follow the table of rooms', () => {
  expect(imports.length).toBeGreaterThan(100);
  expect(imports.flatMap((one) => faultOf(one) ?? [])).toEqual([]);
});

test('the table is not empty talk: arrows that go up are found', () => {
  const arrow = (from: string, to: string, typeOnly = false) =>
    faultOf({ from, to, typeOnly, ours: !to.startsWith('node:') && to.includes('/') });
  expect(arrow('base/log.ts', 'plan/plan.ts')).toContain('base may import nothing of ours');
  expect(arrow('plan/mounts.ts', 'bundle/load.ts')).toContain('make it "import type"');
  expect(arrow('plan/mounts.ts', 'bundle/config.ts', true)).toBeUndefined();
  expect(arrow('plan/mounts.ts', 'kernel/kernel.ts', true)).toContain('types of bundle');
  expect(arrow('cgroup/plan/layout.ts', 'node:fs')).toContain('pure');
  expect(arrow('cli/parse.ts', 'kernel/kernel.ts')).toContain('cli may import base, runtime');
  expect(arrow('kernel/librunt.ts', 'commander')).toContain('the package commander');
  expect(arrow('runtime/start.ts', 'cli/parse.ts')).toContain('no command line');
});

test('no file is imported by what it imports', () => {
  // the types of a generated file may name the file that uses it
  const edges = imports.filter(({ from, ours }) => ours && !from.includes('/generated/'));
  const next = new Map(
    files.map((path) => [path, edges.filter((e) => e.from === path).map((e) => e.to)]),
  );
  const done = new Set<string>();
  const cycle = (path: string, trail: readonly string[]): string | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path].join(' → ');
    if (done.has(path)) return undefined;
    for (const to of next.get(path) ?? []) {
      const found = cycle(to, [...trail, path]);
      if (found !== undefined) return found;
    }
    done.add(path);
    return undefined;
  };
  const found = files.flatMap((path) => cycle(path, []) ?? []);
  expect(found, 'move what both need into a file of its own').toEqual([]);
});

test('every import names a file that is there', () => {
  expect(imports.filter(({ ours, to }) => ours && !files.includes(to))).toEqual([]);
});

test('only kernel/load-addon.ts loads the addon', () => {
  const loads = /\bdlopen\(|\bcreateRequire\b|\brequire\(/;
  expect(
    files.filter((path) => loads.test(sourceText(path)) && !path.includes('/generated/')),
    'native code is entered by one door: kernel/load-addon.ts loads librunt, and nobody else loads anything',
  ).toEqual(['kernel/load-addon.ts']);
});

test('what only users who are not root need is loaded only for them', () => {
  const rare = (path: string) =>
    path.startsWith('runtime/rootless/') || /^cgroup\/apply\/(usable|report)\.ts$/.test(path);
  const loads = files
    .filter((path) => !rare(path))
    .filter((path) => /^import (?!type ).*(?:\/rootless\/|\/usable\.ts)/m.test(sourceText(path)));
  expect(files.filter(rare).length).toBeGreaterThan(3);
  expect(loads, 'import it where it is needed: await import(…)').toEqual([]);
});
