/** The six kinds of hooks. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Change, sh } from '../support/bundle-builder.ts';
import { processesOf } from '../support/leftovers.ts';
import { runtimes } from '../support/runtimes.ts';
import { type Stage, until, useStage } from '../support/stage.ts';

type Hooks = Record<string, { path: string; args?: string[]; env?: string[]; timeout?: number }[]>;

const stages = [
  'prestart',
  'createRuntime',
  'createContainer',
  'startContainer',
  'poststart',
  'poststop',
];

const hooks =
  (all: Hooks): Change =>
  (config) => {
    config.hooks = all;
    config.root.readonly = false;
  };
const script = (text: string, ...args: string[]) => ({
  path: '/bin/sh',
  args: ['sh', '-c', text, ...args],
});

/** Each hook adds a line to the same file, which the container sees as /log. */
function withLog(
  stage: Stage,
  perStage: (name: string) => string,
): { bundle: string; log: string } {
  const log = join(stage.folder, 'log');
  writeFileSync(log, '');
  const bundle = stage.bundle(sh('echo process >> /log'), (config) => {
    config.annotations = { key: 'an "annotation" with "pid":0 in it' };
    config.mounts = [
      ...config.mounts,
      { destination: '/log', type: 'bind', source: log, options: ['bind'] },
    ];
    hooks(
      Object.fromEntries(
        stages.map((name) => [
          name,
          [script(perStage(name).replaceAll('LOG', name === 'startContainer' ? '/log' : log))],
        ]),
      ),
    )(config);
  });
  chmodSync(log, 0o666);
  return { bundle, log };
}

describe.each(runtimes)('hooks by $name', (runtime) => {
  const stage = useStage(runtime);

  it('must be absolute paths with a sensible timeout', async () => {
    for (const hook of [{ path: 'relative' }, { path: '/bin/true', timeout: 0 }]) {
      const { status, message } = await stage.run(hooks({ prestart: [hook] }));
      expect(status).toBe(1);
      expect(message).toContain('/hooks/prestart/0');
    }
  });

  it('run in order, each with the state on its standard input', async () => {
    const id = stage.id();
    const { bundle, log } = withLog(
      stage,
      (name) => `echo ${name} $(cat | tr -d "\\n ") $(ls -d home/user bundle1 2>/dev/null) >> LOG`,
    );
    await stage.ok(['create', '-b', bundle, id]);
    const { pid } = await stage.state(id);
    await stage.ok(['start', id]);
    await until(() => readFileSync(log, 'utf8').includes('process\n'), 'the process');
    await expect.poll(() => stage.state(id)).toMatchObject({ status: 'stopped' });
    await stage.ok(['delete', id]);
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    const names = lines.map((line) => line.split(' ')[0]).filter((name) => name !== 'process');
    expect(names).toEqual(stages);
    const statuses = ['creating', 'creating', 'creating', 'created', 'running', 'stopped'];
    const pids = [pid, pid, 1, 1, pid, 0];
    for (const [index, name] of stages.entries()) {
      const line = lines.find((one) => one.startsWith(`${name} `)) ?? '';
      const [, json = '', cwd] = /^\w+ (\{.*\}) ?(\S*)$/.exec(line) ?? [];
      expect(JSON.parse(json), name).toEqual({
        ociVersion: '1.3.0',
        id,
        status: statuses[index],
        pid: pids[index],
        bundle,
        annotations: { key: 'an"annotation"with"pid":0init' },
      });
      // both stand in the container's root: the one before the pivot, the other after it
      if (name.endsWith('Container')) expect(cwd).toBe('home/user');
    }
  });

  it('have the arguments and the environment of the config, else those around them', async () => {
    const id = stage.id();
    const { bundle, log } = withLog(stage, () => '');
    const config = JSON.parse(readFileSync(join(bundle, 'config.json'), 'utf8')) as {
      hooks: Hooks;
    };
    const env = (target: string) =>
      `echo $0 $1 $(env | grep -E "^(OWN|OUTER)=" | sort) >> ${target}`;
    config.hooks = {
      prestart: [{ ...script(env(log), 'zero', 'one'), env: ['OWN=1', 'PATH=/bin:/usr/bin'] }],
      createRuntime: [script(env(log), 'zero', 'two')],
      startContainer: [{ ...script(env('/log'), 'zero', 'three'), env: ['OWN=3', 'PATH=/bin'] }],
    };
    writeFileSync(join(bundle, 'config.json'), JSON.stringify(config));
    await stage.ok(['run', '-b', bundle, id], { env: { OUTER: 'yes' } });
    expect(readFileSync(log, 'utf8')).toBe(
      'zero one OWN=1\nzero two OUTER=yes\nzero three OWN=3\nprocess\n',
    );
  });

  it.each(stages.slice(0, 5))('end the container when one of %s fails', async (name) => {
    const after = join(stage.folder, 'after');
    const stopped = join(stage.folder, 'stopped');
    const ended = await stage.run(
      sh('sleep 60'),
      hooks({
        [name]: [script('echo out; echo err >&2; exit 3'), script(`touch ${after}`)],
        poststop: [script(`touch ${stopped}`)],
      }),
    );
    expect(ended.status).toBe(1);
    const late = name === 'startContainer' || name === 'poststart';
    const where = late ? '' : 'unable to start container process: error during container init: ';
    expect(ended.message).toBe(
      `runt run failed: ${where}error running ${name} hook #0: exit status 3, output: out\nerr`,
    );
    expect(existsSync(after)).toBe(false);
    expect(existsSync(stopped)).toBe(true);
  });

  it('only warn when one of poststop fails, and the others still run', async () => {
    const after = join(stage.folder, 'after');
    const ended = await stage.run(
      sh('true'),
      hooks({ poststop: [script('exit 3'), script(`touch ${after}`)] }),
    );
    expect(ended.status).toBe(0);
    expect(ended.stderr).toMatch(
      /level=warning msg="error running poststop hook #0: exit status 3"/,
    );
    expect(existsSync(after)).toBe(true);
  });

  it('are killed with all their processes when their time is over', async () => {
    for (const name of ['createRuntime', 'createContainer']) {
      const started = Date.now();
      const ended = await stage.run(
        hooks({ [name]: [{ ...script(`sleep 61 & echo ${stage.name}; sleep 61`), timeout: 1 }] }),
      );
      expect(ended.status).toBe(1);
      expect(ended.message).toContain(
        `error running ${name} hook #0: it ran past its timeout and was killed`,
      );
      expect(Date.now() - started).toBeLessThan(8000);
      await until(() => processesOf(stage.name).length === 0, 'their end');
    }
  });

  it('name what cannot be run', async () => {
    const { status, message } = await stage.run(hooks({ createRuntime: [{ path: '/absent' }] }));
    expect(status).toBe(1);
    expect(message).toMatch(/: error running createRuntime hook #0: .*ENOENT/);
  });

  it('get through a lot of output and a state that nobody reads', async () => {
    const ended = await stage.run(
      sh('echo done'),
      hooks({
        createContainer: [
          script(
            'exec 0<&-; i=0; while [ $i -lt 3000 ]; do echo line $i of many; i=$((i+1)); done',
          ),
        ],
      }),
    );
    expect(ended).toMatchObject({ status: 0, stdout: 'done\n' });
  });
});
