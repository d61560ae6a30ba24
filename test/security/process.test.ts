/** What a container may see of the runtime: a sealed image, no descriptor; and which process a signal goes to. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { addMount, setArgs, sh } from '../support/bundle-builder.ts';
import { probe } from '../support/probe.ts';
import { runc, runtimes } from '../support/runtimes.ts';
import { makeStage, useStage } from '../support/stage.ts';

describe.each(runtimes)('the process of $name', (runtime) => {
  const stage = useStage(runtime);
  const tools = () =>
    addMount({ destination: '/probe', type: 'bind', source: probe(), options: ['bind', 'ro'] });

  it('is started from an image that nobody can write (CVE-2019-5736)', async () => {
    const id = stage.id();
    await stage.ok(['create', '-b', stage.bundle(setArgs('true')), id]);
    const { pid } = await stage.state(id);
    const { stdout } = await execa(probe(), ['seals', `/proc/${String(pid)}/exe`]);
    // F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE
    const [, seals = '0'] = /^seals ([0-9a-f]+)$/m.exec(stdout) ?? [];
    expect(Number.parseInt(seals, 16) & 0xf).toBe(0xf);
    expect(stdout).toMatch(/^write (?!opened)/m);
    await stage.remove(id);
  });

  it('holds only sockets and its standard streams while it waits', async () => {
    const id = stage.id();
    const bundle = stage.bundle(setArgs('true'), (config) => {
      config.process.cwd = '/tmp';
    });
    await stage.ok(['create', '-b', bundle, id]);
    const { pid } = await stage.state(id);
    const { stdout } = await execa('ls', ['-l', `/proc/${String(pid)}/fd`]);
    const targets = stdout.split('\n').flatMap((line) => {
      const [, number, target] = / (\d+) -> (.*)$/.exec(line) ?? [];
      return number === undefined || Number(number) < 3 ? [] : [target ?? ''];
    });
    for (const target of targets) expect(target).toMatch(/^socket:\[\d+\]$/);
    expect(targets.length).toBeLessThanOrEqual(2);
    await stage.remove(id);
  });

  it('has the same descriptors as under runc', async () => {
    const bundle = stage.bundle(setArgs('/probe', 'descriptors'), tools(), (config) => {
      config.root.readonly = false;
    });
    // in the foreground runc puts pipes of its own in the place of the streams
    const plain = (text: string) => text.replaceAll(/ .*$/gm, '');
    const ours = await stage.ok(['run', '-b', bundle, stage.id()]);
    const other = makeStage(runc);
    const theirs = await other.ok(['run', '-b', bundle, other.id()]);
    expect(plain(ours.stdout)).toBe(plain(theirs.stdout));
    expect(ours.stdout.trim().split('\n')).toHaveLength(3);
  });

  it('of an exec has no other descriptor, either', async () => {
    const { id } = await stage.detached(setArgs('sleep', '60'), tools(), (config) => {
      config.root.readonly = false;
    });
    const { stdout } = await stage.ok(['exec', id, '/probe', 'descriptors']);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(['0', '1', '2']);
    await stage.remove(id);
  });

  it('is known by its start time, too: a recycled pid is never signalled', async () => {
    const { id } = await stage.detached(setArgs('sleep', '60'));
    const file = join(stage.root, id, 'state.json');
    const text = readFileSync(file, 'utf8');
    const [outline = '', details = ''] = text.split('\n');
    const record: { init: { pid: number; startTime: number } } = JSON.parse(outline);
    const bystander = execa('sleep', ['60'], { reject: false });
    const other = {
      ...record,
      init: { pid: bystander.pid, startTime: record.init.startTime - 100 },
    };
    writeFileSync(file, `${JSON.stringify(other)}\n${details}\n`);
    expect(await stage.state(id)).toMatchObject({ status: 'stopped', pid: 0 });
    expect(await stage.call(['kill', id, 'KILL'])).toMatchObject({
      status: 1,
      message: 'container not running',
    });
    expect(await stage.call(['exec', id, 'true'])).toMatchObject({ status: 255 });
    expect(() => readFileSync(`/proc/${bystander.pid ?? 0}/stat`)).not.toThrow();
    bystander.kill('SIGKILL');
    await bystander;
    writeFileSync(file, text);
    await stage.remove(id);
  });

  it('cannot be traced into by a container of the same user namespace', async () => {
    const id = stage.id();
    await stage.ok(['create', '-b', stage.bundle(sh('true')), id]);
    const { pid } = await stage.state(id);
    // a non-dumpable process has its /proc files owned by root, whoever it is
    const { stdout } = await execa('stat', ['-c', '%u', `/proc/${String(pid)}/fd`]);
    expect(stdout).toBe('0');
    await stage.remove(id);
  });
});
