/** The engine is a guest and must not show: what the executable's container sees is what it sees under runc. */
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Change, sh } from '../support/bundle-builder.ts';
import { executable, runc } from '../support/runtimes.ts';
import { type CallOptions, makeStage, useStage } from '../support/stage.ts';

describe('the engine of dist/runt', () => {
  const stage = useStage(executable);

  /** What both print; they must agree. */
  async function sameAsRunc(options: CallOptions, ...changes: Change[]): Promise<string> {
    const bundle = stage.bundle(...changes);
    const other = makeStage(runc);
    const ours = await stage.ok(['run', '-b', bundle, stage.id()], options);
    const theirs = await other.ok(['run', '-b', bundle, other.id()], options);
    expect(ours.stdout).toBe(theirs.stdout);
    return ours.stdout;
  }

  const noLimits: Change = (config) => {
    delete config.process.rlimits;
  };
  const shell = (line: string) => ({ through: ['sh', '-c', `${line}; exec "$@"`, 'sh'] });

  it('leaves the caller’s limit on open files', async () => {
    // not compared: runc 1.1 of Go 1.19 shows its engine here, as later ones do not
    const bundle = stage.bundle(sh('ulimit -Sn'), noLimits);
    const seen = await stage.ok(['run', '-b', bundle, stage.id()], shell('ulimit -Sn 1000'));
    expect(seen.stdout).toBe('1000\n');
    const { status, stdout } = await stage.call(
      ['run', '-b', stage.bundle(sh('ulimit -Sn; ulimit -Hn'), noLimits), stage.id()],
      shell('ulimit -n 700'),
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: '700\n700\n' });
  });

  it.each<[string, CallOptions]>([
    ['as they are', {}],
    ['with nohup', { through: ['nohup'] }],
    ['with SIGPIPE ignored', { through: ['env', '--ignore-signal=PIPE'] }],
    [
      'with SIGINT and SIGTERM ignored',
      { through: ['env', '--ignore-signal=INT', '--ignore-signal=TERM'] },
    ],
    ['with signals blocked', { through: ['env', '--block-signal=USR1', '--block-signal=PIPE'] }],
  ])('leaves the signals %s', async (_name, options) => {
    await sameAsRunc(options, (config) => {
      config.process.args = [
        'grep',
        '-E',
        '^(SigIgn|SigBlk|SigCgt|SigPnd|ShdPnd)',
        '/proc/self/status',
      ];
    });
  });

  it('leaves the umask', async () => {
    expect(await sameAsRunc({}, sh('umask'))).toBe('0022\n');
    // runc has a default of its own; the specification leaves it at the caller's
    const bundle = stage.bundle(sh('umask'));
    const ended = await stage.ok(['run', '-b', bundle, stage.id()], shell('umask 027'));
    expect(ended.stdout).toBe('0027\n');
  });

  it('never hands over a descriptor of its own', async () => {
    const bundle = stage.bundle(sh('ls /proc/self/fd'));
    for (const count of [1, 2, 5, 20]) {
      const { status, message } = await stage.call([
        'run',
        '--preserve-fds',
        String(count),
        '-b',
        bundle,
        stage.id(),
      ]);
      expect(status).toBe(1);
      expect(message).toContain(`unable to stat preserved-fd 3 (of ${count})`);
    }
    const file = join(stage.folder, 'given');
    writeFileSync(file, 'given\n');
    const descriptors = [0, 1, 2, 3, 4, 5].map(() => openSync(file, 'r'));
    try {
      const reads = stage.bundle(
        sh('for n in 3 4 5 6 7 8; do readlink /proc/self/fd/$n; done; cat <&8'),
      );
      const words = (count: number) => [
        'run',
        '--preserve-fds',
        String(count),
        '-b',
        reads,
        stage.id(),
      ];
      const { stdout } = await stage.ok(words(6), { descriptors });
      expect(stdout).toBe(`${`${file}\n`.repeat(6)}given\n`);
      expect((await stage.call(words(7), { descriptors })).message).toContain(
        'preserved-fd 9 (of 7)',
      );
    } finally {
      descriptors.forEach(closeSync);
    }
  });

  it('is not steered by files of the folder that it is called in', async () => {
    const bundle = stage.bundle(sh('env | grep -c HOSTILE'));
    const code = `require("fs").writeFileSync(${JSON.stringify(join(stage.folder, 'pwned'))}, "")`;
    writeFileSync(join(bundle, 'evil.js'), code);
    writeFileSync(join(bundle, '.env'), 'HOSTILE=1\nBUN_OPTIONS=--preload ./evil.js\n');
    writeFileSync(join(bundle, 'bunfig.toml'), 'preload = ["./evil.js"]\n');
    writeFileSync(
      join(bundle, 'package.json'),
      '{"name": "x", "imports": {"#a": "./evil.js"}, "main": "./evil.js"}',
    );
    writeFileSync(
      join(bundle, 'tsconfig.json'),
      '{"compilerOptions": {"paths": {"*": ["./evil.js"]}}}',
    );
    const hooked = join(stage.folder, 'hooked');
    const config: object = JSON.parse(readFileSync(join(bundle, 'config.json'), 'utf8'));
    const hooks = { createRuntime: [{ path: '/bin/sh', args: ['sh', '-c', `env > ${hooked}`] }] };
    writeFileSync(join(bundle, 'config.json'), JSON.stringify({ ...config, hooks }));
    const { status, stdout, stderr } = await stage.call(['run', stage.id()], { cwd: bundle });
    expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: '0\n', stderr: '' });
    expect(readFileSync(hooked, 'utf8')).not.toContain('HOSTILE');
    expect(() => readFileSync(join(stage.folder, 'pwned'))).toThrow('ENOENT');
  });

  it('is not steered by the environment, which hooks get whole', async () => {
    const evil = join(stage.folder, 'evil.js');
    const pwned = join(stage.folder, 'pwned');
    writeFileSync(evil, `require("fs").writeFileSync(${JSON.stringify(pwned)}, "")`);
    const env = {
      BUN_OPTIONS: `--preload ${evil}`,
      BUN_BE_BUN: '1',
      BUN_JSC_useJIT: '1',
      BUN_CONFIG_VERBOSE_FETCH: '1',
      NODE_OPTIONS: `--require ${evil}`,
      RUNT_CALLER: '7',
    };
    const seen = async (runtime: typeof executable) => {
      const other = makeStage(runtime);
      const hooked = join(other.folder, 'hooked');
      const bundle = other.bundle(sh('env | sort'), (config) => {
        config.hooks = {
          createRuntime: [{ path: '/bin/sh', args: ['sh', '-c', `env | sort > ${hooked}`] }],
        };
      });
      const { stdout } = await other.ok(['run', '-b', bundle, other.id()], { env });
      const text = readFileSync(hooked, 'utf8').replaceAll(other.folder, 'FOLDER');
      return { stdout, hook: text.split('\n').filter((line) => !/^(_|PWD|OLDPWD)=/.test(line)) };
    };
    const ours = await seen(executable);
    expect(ours).toEqual(await seen(runc));
    expect(ours.hook).toContain('BUN_BE_BUN=1');
    expect(ours.hook).toContain('RUNT_CALLER=7');
    expect(() => readFileSync(pwned)).toThrow('ENOENT');
  });
});
