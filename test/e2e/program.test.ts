/** The program itself: help, version, the global options, and words that it does not know. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setArgs } from '../support/bundle-builder.ts';
import { executable, runtimes } from '../support/runtimes.ts';
import { useStage } from '../support/stage.ts';

const commands = 'create delete exec kill list plan run spec start state validate'.split(' ');

describe.each(runtimes)('the program by $name', (runtime) => {
  const stage = useStage(runtime);

  it('knows its commands and flags, and no other', async () => {
    const unknown = await stage.call(['foo']);
    expect(unknown.status).toBe(3);
    expect(unknown.message).toBe("No help topic for 'foo'");
    const near = await stage.call(['stat', 'x']);
    expect(near.hint).toMatch(/^did you mean .*state/);
    const flag = await stage.call([], { global: ['--roots', '/x', 'list'] });
    expect(flag.status).toBe(1);
    expect(flag.stderr).toContain('flag provided but not defined: -roots');
    const topic = await stage.call(['foo', '-h']);
    expect(topic.status).not.toBe(0);
    expect(topic.message).toContain("No help topic for 'foo'");
  });

  it('prints its help', async () => {
    for (const words of [['--help'], ['-h'], ['help'], []]) {
      const { stdout } = await stage.ok([], { global: words });
      expect(stdout).toMatch(/^NAME:\n +runt - /);
      for (const command of commands) expect(stdout).toContain(`   ${command}`);
    }
    for (const command of runtime === executable ? commands : ['run'])
      for (const words of [
        [command, '--help'],
        [command, '-h'],
        ['help', command],
      ]) {
        const { stdout } = await stage.ok([], { global: words });
        expect(stdout.split('\n')[1]).toMatch(new RegExp(`^ +runt ${command}`));
      }
  });

  it('prints its version', async () => {
    for (const flag of ['--version', '-v']) {
      const { stdout } = await stage.ok([], { global: [flag] });
      expect(stdout).toMatch(/^runt version \d+\.\d+\.\d+\n(commit: \S+\n)?spec: 1\.3\.0\n/);
    }
  });

  it('refuses / for a root, and makes the one that it is given', async () => {
    expect(await stage.call(['list'], { global: ['--root', '/'] })).toMatchObject({
      status: 1,
      message: 'Option --root argument should not be set to /',
    });
    const id = stage.id();
    const bundle = stage.bundle(setArgs('true'));
    await stage.ok(['create', '-b', bundle, id], { global: ['--root', 'a/b'] });
    expect(existsSync(join(stage.folder, 'a/b', id))).toBe(true);
    await stage.ok(['delete', '-f', id], { global: ['--root', `${stage.folder}/a/b`] });
    expect(existsSync(join(stage.folder, 'a/b', id))).toBe(false);
  });

  it('logs to a file, as text or JSON, and still says the error', async () => {
    const file = join(stage.folder, 'log');
    const global = ['--root', stage.root, '--log', file];
    const first = await stage.call(['state', 'none'], { global });
    expect(first).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^container does not exist \([^\n]*\)\n$/),
    });
    await stage.call(['state', 'none'], { global: [...global, '--log-format', 'json'] });
    const [text = '', json = ''] = readFileSync(file, 'utf8').split('\n');
    expect(text).toMatch(/^time="[^"]+" level=error msg="container does not exist" hint="[^"]+"$/);
    expect(JSON.parse(json)).toMatchObject({ level: 'error', msg: 'container does not exist' });
    expect(await stage.call(['list'], { global: ['--log-format', 'xml'] })).toMatchObject({
      status: 1,
    });
    expect(await stage.call(['list'], { global: ['--log', '/nowhere/log'] })).toMatchObject({
      status: 1,
    });
  });

  it('tells what it does with --debug', async () => {
    const bundle = stage.bundle(setArgs('true'));
    const file = join(stage.folder, 'log');
    const global = ['--root', stage.root, '--debug', '--log', file];
    await stage.ok(['run', '-b', bundle, stage.id()], { global });
    expect(readFileSync(file, 'utf8')).toMatch(
      /level=debug msg="step \d+: mount proc on \/proc \(mounts\[0\]\)"/,
    );
  });
});
