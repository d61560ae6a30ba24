/** runtime.md: state, the life cycle, and the five operations; features.md. */
import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Case, life, type World } from '../case.ts';
import { eventually, type Stage } from '../stage.ts';

const share = ({ outside }: World) => ({
  '/mounts/-': { destination: '/data', type: 'bind', source: outside, options: ['bind'] },
});
const at = (world: World, name: string): string => join(world.outside, name);
const text = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** Makes and starts it, and lets it get to its trap. */
function running(stage: Stage): void {
  equal(stage.create().status, 0);
  equal(stage.start().status, 0);
  ok(eventually(() => text(at(stage.world, 'trap')) === 'ready'));
}

function stopped(stage: Stage): void {
  equal(stage.create().status, 0);
  equal(stage.kill('KILL').status, 0);
  ok(stage.reaches('stopped'));
}

const trap = ['trap /data/trap 10 12 15 1 2 3'];
const signals: readonly (readonly [given: string, number: number])[] = [
  ['TERM', 15],
  ['SIGTERM', 15],
  ['15', 15],
  ['USR1', 10],
  ['SIGUSR2', 12],
  ['HUP', 1],
  ['INT', 2],
  ['3', 3],
];

const alone = (verb: string): Case =>
  life([`runtime.md#${verb}`, 'MUST', `${verb} without an id is an error`], {
    live: ({ run }) => notEqual(run(verb).status, 0),
  });

const unknown = (verb: string): Case =>
  life([`runtime.md#${verb}`, 'MUST', `${verb} of an unknown container is an error`], {
    live: ({ run }) =>
      notEqual(run(verb, 'nobody', ...(verb === 'kill' ? ['KILL'] : [])).status, 0),
  });

const badId = (id: string): Case =>
  life(['runtime.md#create', 'MUST', `the id ${JSON.stringify(id)} is not valid and an error`], {
    live: ({ run, world }) => notEqual(run('create', '--bundle', world.bundle, id).status, 0),
    ...(id === 'a b' && { peers: { crun: '1.8.1 refuses a slash only' } }),
  });

interface Features {
  readonly ociVersionMin: string;
  readonly ociVersionMax: string;
  readonly hooks?: readonly string[];
  readonly mountOptions?: readonly string[];
  readonly linux?: {
    readonly namespaces?: readonly string[];
    readonly capabilities?: readonly string[];
    readonly [name: string]: unknown;
  };
  readonly [name: string]: unknown;
}

const features = (says: string, section: string, look: (features: Features) => void): Case =>
  life([section, 'MUST', says], {
    live: ({ run, create }) => {
      const { status, stdout, stderr } = run('features');
      // a bundle that goes well tells a runtime without the command from one that does not work
      equal(create().status, 0);
      equal(status, 0, stderr);
      look(JSON.parse(stdout));
    },
    peers: { crun: '1.8.1 has no features command' },
  });

export const runtimeCases: readonly Case[] = [
  life(['runtime.md#state', 'MUST', 'state has the version, id, status, pid and bundle'], {
    live: (stage) => {
      equal(stage.create().status, 0);
      const state = stage.state();
      match(state?.ociVersion ?? '', /^1\.\d+\.\d+/);
      equal(state?.id, stage.world.id);
      equal(state?.bundle, stage.world.bundle);
      equal(state?.status, 'created');
      ok(existsSync(`/proc/${state?.pid}`));
    },
  }),
  life(['runtime.md#state', 'MUST', 'pid is that of the program, as the host sees it'], {
    ask: trap,
    change: share,
    live: (stage) => {
      running(stage);
      equal(readlinkSync(`/proc/${stage.state()?.pid}/exe`), '/bin/probe');
      equal(stage.state()?.status, 'running');
    },
  }),
  life(['runtime.md#state', 'MUST', 'a container whose program ended is stopped'], {
    live: (stage) => {
      equal(stage.create().status, 0);
      equal(stage.start().status, 0);
      ok(stage.reaches('stopped'));
    },
  }),
  ...['state', 'start', 'kill', 'delete', 'create'].map(alone),
  ...['state', 'start', 'kill', 'delete'].map(unknown),
  life(['runtime.md#create', 'MUST', 'create makes a container and runs nothing of it'], {
    ask: ['put /data/mark 1'],
    change: share,
    live: (stage) => {
      equal(stage.create().status, 0);
      equal(stage.state()?.status, 'created');
      equal(text(at(stage.world, 'mark')), '');
    },
  }),
  life(['runtime.md#create', 'MUST', 'an id that is in use is an error, and changes nothing'], {
    live: (stage) => {
      equal(stage.create().status, 0);
      const { pid } = stage.state() ?? {};
      notEqual(stage.create().status, 0);
      equal(stage.state()?.pid, pid);
      equal(stage.state()?.status, 'created');
    },
  }),
  ...['', '../x', 'a/b', '.', '..', 'a b'].map(badId),
  life(['runtime.md#create', 'MUST', 'a bundle that does not exist is an error'], {
    live: ({ run, world }) => notEqual(run('create', '--bundle', '/no/such', world.id).status, 0),
  }),
  life(['runtime.md#lifecycle', 'MUST', 'a config.json that changes after create has no effect'], {
    ask: ['put /data/mark old'],
    change: share,
    live: (stage) => {
      equal(stage.create().status, 0);
      stage.rewrite({ '/process/args': ['/bin/probe', 'put /data/mark new'], '/hostname': 'new' });
      equal(stage.start().status, 0);
      ok(stage.reaches('stopped'));
      equal(text(at(stage.world, 'mark')), 'old');
      equal(stage.report().hostname, 'conformance');
    },
  }),
  life(['runtime.md#start', 'MUST', 'start runs the program'], {
    ask: ['put /data/mark 1'],
    change: share,
    live: (stage) => {
      equal(stage.create().status, 0);
      equal(stage.start().status, 0);
      ok(eventually(() => text(at(stage.world, 'mark')) === '1'));
    },
  }),
  life(['runtime.md#start', 'MUST', 'start of a running container is an error without effect'], {
    ask: trap,
    change: share,
    live: (stage) => {
      running(stage);
      notEqual(stage.start().status, 0);
      equal(stage.state()?.status, 'running');
    },
  }),
  life(['runtime.md#start', 'MUST', 'start of a stopped container is an error without effect'], {
    live: (stage) => {
      stopped(stage);
      notEqual(stage.start().status, 0);
      equal(stage.state()?.status, 'stopped');
    },
  }),
  life(['runtime.md#start', 'MUST', 'a container without a process cannot be started'], {
    change: { '/process': undefined },
    live: (stage) => {
      if (stage.create().status === 0) notEqual(stage.start().status, 0);
    },
  }),
  ...signals.map(([given, number]) =>
    life(['runtime.md#kill', 'MUST', `kill sends ${given} to the program`], {
      ask: trap,
      change: share,
      live: (stage) => {
        running(stage);
        equal(stage.kill(given).status, 0);
        ok(eventually(() => text(at(stage.world, 'trap')).trim() === String(number)));
      },
    }),
  ),
  life(['runtime.md#kill', 'MUST', 'kill works in created'], { live: stopped }),
  life(['runtime.md#kill', 'MUST', 'kill of a stopped container is an error'], {
    live: (stage) => {
      stopped(stage);
      notEqual(stage.kill('TERM').status, 0);
    },
  }),
  life(['runtime.md#kill', 'MUST', 'an unknown signal is an error without effect'], {
    ask: trap,
    change: share,
    live: (stage) => {
      running(stage);
      notEqual(stage.kill('NOSUCH').status, 0);
      equal(stage.state()?.status, 'running');
    },
    peers: { crun: '1.8.1 reads the word as number 0, and succeeds' },
  }),
  life(['runtime.md#delete', 'MUST', 'delete of a running container is an error without effect'], {
    ask: trap,
    change: share,
    live: (stage) => {
      running(stage);
      notEqual(stage.remove().status, 0);
      equal(stage.state()?.status, 'running');
    },
  }),
  life(['runtime.md#delete', 'MUST', 'delete of a created container is an error without effect'], {
    live: (stage) => {
      equal(stage.create().status, 0);
      notEqual(stage.remove().status, 0);
      equal(stage.state()?.status, 'created');
    },
    needs: () => 'every runtime deletes what is created, since its callers rely on it',
  }),
  life(['runtime.md#delete', 'MUST', 'what create made is gone after delete'], {
    live: (stage) => {
      stopped(stage);
      equal(stage.remove().status, 0);
      equal(stage.state(), undefined);
      deepEqual(stage.leftovers(), []);
    },
  }),
  life(['runtime.md#delete', 'MUST', 'what create did not make stays after delete'], {
    live: (stage) => {
      stopped(stage);
      equal(stage.remove().status, 0);
      ok(existsSync(join(stage.world.bundle, 'config.json')));
      ok(existsSync(join(stage.world.rootfs, 'etc/file')));
    },
  }),
  life(['runtime.md#delete', 'MUST', 'the id can be used again after delete'], {
    live: (stage) => {
      stopped(stage);
      equal(stage.remove().status, 0);
      equal(stage.create().status, 0);
    },
  }),
  features(
    'the newest accepted version is not older than the oldest',
    'features.md#specification-version',
    (found) => {
      const number = (version: string): number =>
        version
          .split(/[-.+]/)
          .slice(0, 3)
          .reduce((sum, part) => sum * 1000 + Number(part), 0);
      ok(number(found.ociVersionMax) >= number(found.ociVersionMin));
    },
  ),
  features('all members are of the specification', 'features.md#specification-version', (found) => {
    const known = [
      'ociVersionMin',
      'ociVersionMax',
      'hooks',
      'mountOptions',
      'linux',
      'annotations',
      'potentiallyUnsafeConfigAnnotations',
    ];
    deepEqual(
      Object.keys(found).filter((name) => !known.includes(name)),
      [],
    );
  }),
  features('the hooks that are named are the six', 'features.md#hooks', ({ hooks }) => {
    deepEqual(hooks?.toSorted(), [
      'createContainer',
      'createRuntime',
      'poststart',
      'poststop',
      'prestart',
      'startContainer',
    ]);
  }),
  features(
    'the mount options that MUST be known are named',
    'features.md#mount-options',
    ({ mountOptions }) => {
      for (const name of [
        'async',
        'bind',
        'rbind',
        'ro',
        'nosuid',
        'relatime',
        'rslave',
        'unbindable',
      ])
        ok(mountOptions?.includes(name), name);
    },
  ),
  features(
    'the namespaces that are named are those that exist',
    'features-linux.md#namespaces',
    ({ linux }) => {
      for (const name of ['cgroup', 'ipc', 'mount', 'network', 'pid', 'user', 'uts'])
        ok(linux?.namespaces?.includes(name), name);
    },
  ),
  features(
    'capabilities are named as capabilities(7) does',
    'features-linux.md#capabilities',
    ({ linux }) => {
      ok(linux?.capabilities?.every((name) => name.startsWith('CAP_')));
    },
  ),
];
