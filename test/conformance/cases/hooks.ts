/** config.md#posix-platform-hooks and the life cycle's rules about them. Each hook is a line of shell on the host. */
import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Case, life, refused, type World } from '../case.ts';
import type { Stage } from '../stage.ts';

const section = 'config.md#posix-platform-hooks';
const lifecycle = 'runtime.md#lifecycle';

const stages = [
  'prestart',
  'createRuntime',
  'createContainer',
  'startContainer',
  'poststart',
  'poststop',
] as const;
type StageName = (typeof stages)[number];

/** What a hook of the stage resolves its path in. */
const inImage = (stage: StageName): boolean => stage === 'startContainer';

const old = {
  runc: '1.1.5 runs poststart hooks before the program',
};

/** The folder that hooks write to, as they see it. */
const spot = (world: World, stage: StageName): string => (inImage(stage) ? '/data' : world.outside);

const shell = (stage: StageName, command: string) => ({
  path: inImage(stage) ? '/bin/sh' : '/bin/sh',
  args: ['sh', '-c', command],
  env: ['PATH=/usr/bin:/bin', 'MARK=hook'],
});

/** busybox and its shell are in the image, and the outside folder is at /data. */
function withShell({ rootfs }: World): void {
  copyFileSync('/bin/busybox', join(rootfs, 'bin/busybox'));
  for (const name of ['sh', 'cat', 'readlink']) symlinkSync('busybox', join(rootfs, 'bin', name));
}

const share = ({ outside }: World) => ({
  '/mounts/-': { destination: '/data', type: 'bind', source: outside, options: ['bind'] },
});

const said = (world: World, name = 'log'): string => {
  const path = join(world.outside, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};

function wholeLife(stage: Stage): void {
  const made = stage.create();
  equal(made.status, 0, made.stderr);
  const started = stage.start();
  equal(started.status, 0, started.stderr);
  ok(stage.reaches('stopped'));
  const removed = stage.remove();
  equal(removed.status, 0, removed.stderr);
}

const states: Readonly<Record<StageName, readonly string[]>> = {
  prestart: ['creating', 'created'],
  createRuntime: ['creating', 'created'],
  createContainer: ['creating', 'created'],
  startContainer: ['created', 'starting'],
  poststart: ['running', 'stopped'],
  poststop: ['stopped'],
};

const passes: readonly Case[] = stages.flatMap((stage) => [
  life([section, 'MUST', `${stage} hooks get the state on their standard input`], {
    prepare: withShell,
    change: (world) => ({
      ...share(world),
      [`/hooks/${stage}`]: [shell(stage, `cat >${spot(world, stage)}/state`)],
    }),
    live: (at) => {
      wholeLife(at);
      const state: { id: string; status: string; bundle: string; ociVersion: string } = JSON.parse(
        said(at.world, 'state'),
      );
      equal(state.id, at.world.id);
      equal(state.bundle, at.world.bundle);
      ok(states[stage].includes(state.status), `status ${state.status}`);
      match(state.ociVersion, /^1\./);
    },
  }),
  life([section, 'MUST', `${stage} hooks get their args and their env`], {
    prepare: withShell,
    change: (world) => ({
      ...share(world),
      [`/hooks/${stage}`]: [
        {
          ...shell(stage, ''),
          args: ['sh', '-c', `echo $0-$MARK-$1 >${spot(world, stage)}/log`, 'a', 'b'],
        },
      ],
    }),
    live: (at) => {
      wholeLife(at);
      equal(said(at.world), 'a-hook-b\n');
    },
  }),
  refused([section, 'MUST', `the path of a ${stage} hook is absolute`], {
    change: { [`/hooks/${stage}`]: [{ path: 'bin/true' }] },
    finding: { code: 'hook-path', pointer: `/hooks/${stage}/0/path` },
    ...(inImage(stage) || stage.startsWith('post')
      ? {
          peers: {
            ...(stage !== 'poststart' && { runc: '1.1.5 finds out when the hook is run' }),
            crun: 'finds out when the hook is run',
          },
        }
      : {}),
  }),
]);

const order: readonly Case[] = [
  life(
    [
      section,
      'MUST',
      'hooks of all kinds are called in the order of the life cycle, each list in its own',
    ],
    {
      prepare: withShell,
      ask: ['put /data/order program'],
      change: (world) => ({
        ...share(world),
        ...Object.fromEntries(
          stages.map((stage) => [
            `/hooks/${stage}`,
            ['1', '2'].map((n) => shell(stage, `echo ${stage}${n} >>${spot(world, stage)}/log`)),
          ]),
        ),
      }),
      live: (at) => {
        wholeLife(at);
        deepEqual(
          said(at.world).trim().split('\n'),
          stages.flatMap((stage) => [`${stage}1`, `${stage}2`]),
        );
      },
      peers: old,
    },
  ),
  life([lifecycle, 'MUST', 'create runs the hooks of create and none other'], {
    prepare: withShell,
    change: (world) => ({
      ...share(world),
      ...Object.fromEntries(
        stages.map((stage) => [
          `/hooks/${stage}`,
          [shell(stage, `echo ${stage} >>${spot(world, stage)}/log`)],
        ]),
      ),
    }),
    live: (at) => {
      equal(at.create().status, 0);
      deepEqual(said(at.world).trim().split('\n'), [
        'prestart',
        'createRuntime',
        'createContainer',
      ]);
    },
  }),
  life([lifecycle, 'MUST', 'poststart hooks run after the program was started'], {
    prepare: withShell,
    ask: ['put /data/program 1', 'sleep 60'],
    change: (world) => ({
      ...share(world),
      '/hooks/poststart': [
        shell('poststart', `sleep 0.5; cat ${world.outside}/program >${world.outside}/log`),
      ],
    }),
    live: (at) => {
      equal(at.create().status, 0);
      equal(at.start().status, 0);
      equal(said(at.world), '1');
    },
    peers: { runc: '1.1.5 runs poststart hooks before it lets the program go' },
  }),
];

const namespaces: readonly Case[] = stages.map((stage) => {
  const inside = stage === 'createContainer' || stage === 'startContainer';
  const where = inside ? 'the container’s' : 'the runtime’s';
  return life([section, 'MUST', `${stage} hooks run in ${where} namespaces`], {
    prepare: withShell,
    change: (world) => ({
      ...share(world),
      [`/hooks/${stage}`]: [shell(stage, `readlink /proc/self/ns/uts >${spot(world, stage)}/log`)],
    }),
    live: (at) => {
      wholeLife(at);
      const host = readFileSync('/proc/self/stat', 'utf8') && uts();
      if (inside) notEqual(said(at.world).trim(), host);
      else equal(said(at.world).trim(), host);
    },
  });
});

const uts = (): string => {
  const { readlinkSync } = process.getBuiltinModule('node:fs');
  return readlinkSync('/proc/self/ns/uts');
};

const failing: readonly Case[] = (
  ['prestart', 'createRuntime', 'createContainer'] as const
).flatMap((stage) => [
  refused([lifecycle, 'MUST', `a ${stage} hook that fails is an error, and no container is left`], {
    prepare: withShell,
    change: { [`/hooks/${stage}`]: [shell(stage, 'exit 3')] },
  }),
  life([lifecycle, 'MUST', `after a ${stage} hook that fails, poststop hooks run`], {
    prepare: withShell,
    change: (world) => ({
      [`/hooks/${stage}`]: [shell(stage, 'exit 3')],
      '/hooks/poststop': [shell('poststop', `echo stop >>${world.outside}/log`)],
    }),
    live: (at) => {
      notEqual(at.create().status, 0);
      equal(said(at.world), 'stop\n');
    },
  }),
]);

const afterStart: readonly Case[] = (['startContainer', 'poststart'] as const).map((stage) =>
  life(
    [lifecycle, 'MUST', `a ${stage} hook that fails is an error of start and stops the container`],
    {
      prepare: withShell,
      ask: ['sleep 60'],
      change: (world) => ({
        ...share(world),
        [`/hooks/${stage}`]: [shell(stage, 'exit 3')],
      }),
      live: (at) => {
        equal(at.create().status, 0);
        notEqual(at.start().status, 0);
        const { status } = at.state() ?? { status: 'stopped' };
        equal(status, 'stopped');
      },
      ...(stage === 'startContainer'
        ? { peers: { runc: '1.1.5 answers start before the hook has run' } }
        : {}),
    },
  ),
);

export const hookCases: readonly Case[] = [
  ...passes,
  ...order,
  ...namespaces,
  ...failing,
  ...afterStart,
  life([lifecycle, 'MUST', 'a poststop hook that fails is a warning, and the next ones run'], {
    change: (world) => ({
      '/hooks/poststop': [
        shell('poststop', 'exit 3'),
        shell('poststop', `echo second >${world.outside}/log`),
      ],
    }),
    live: (at) => {
      equal(at.create().status, 0);
      equal(at.start().status, 0);
      ok(at.reaches('stopped'));
      const removed = at.remove();
      equal(removed.status, 0, removed.stderr);
      equal(said(at.world), 'second\n');
      equal(at.state(), undefined);
    },
    peers: { runc: 'ends at the first one that fails' },
  }),
  life([section, 'MUST', 'a hook that outlives its timeout is ended and is an error'], {
    change: { '/hooks/createRuntime': [{ ...shell('createRuntime', 'sleep 30'), timeout: 1 }] },
    peers: { runc: 'ends the hook but not its children, and waits for them' },
    live: (at) => {
      const begin = Date.now();
      notEqual(at.create().status, 0);
      ok(Date.now() - begin < 10_000, 'waited for the hook');
    },
  }),
  refused([section, 'MUST', 'a timeout is greater than zero'], {
    change: { '/hooks/createRuntime': [{ path: '/bin/true', timeout: 0 }] },
    finding: { code: 'hook-timeout', pointer: '/hooks/createRuntime/0/timeout' },
    // crun is a race here: the hook may end before its time of 0 is up
    peers: { crun: 'lets the hook run, and fails only when it is not quick enough' },
  }),
  refused([section, 'MUST', 'a hook needs a path'], {
    change: { '/hooks/prestart': [{ args: ['a'] }] },
    finding: { code: 'schema/required', pointer: '/hooks/prestart/0/path' },
  }),
  refused([section, 'MUST', 'a kind of hook is a list'], {
    change: { '/hooks/prestart': { path: '/bin/true' } },
    finding: { code: 'schema/type', pointer: '/hooks/prestart' },
    peers: { crun: 'its generated parser skips a list that is no list' },
  }),
];
