/** `--trace` of real commands: every phase, in order, on one clock. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TraceLane, TraceReport, TraceSpan } from '../../src/runtime/requests.ts';
import type { Change } from '../support/bundle-builder.ts';
import { executable, runtimes } from '../support/runtimes.ts';
import { useStage } from '../support/stage.ts';

const end = ({ start, duration }: TraceSpan): number => start + duration;
const names = (lane: TraceLane | undefined): string[] =>
  (lane?.spans ?? []).map(({ name }) => name);

describe.each(runtimes)('--trace of $name', (runtime) => {
  const stage = useStage(runtime);

  /** Runs a command, and reads its trace by `trace`. */
  const traced = async (words: readonly string[], status = 0) => {
    const file = join(stage.folder, 'trace.json');
    const global = ['--root', stage.root, '--trace', file];
    const ended = await stage.call(words, { global });
    expect(ended).toMatchObject({ status });
    const { stdout } = await stage.ok(['trace', '--format', 'json', file]);
    const report = JSON.parse(stdout) as TraceReport;
    const of = (lane: string) => report.lanes.find(({ name }) => name === lane);
    return { file, report, runt: of('runt'), init: of('runt-init') };
  };

  /** One ends where the next begins, from the first instant to the last. */
  const isWhole = ({ total }: TraceReport, { spans }: TraceLane): void => {
    for (const [index, span] of spans.entries()) {
      expect(span.duration).toBeGreaterThanOrEqual(0);
      expect(span.start).toBeCloseTo(index === 0 ? 0 : end(spans[index - 1] ?? span), 2);
    }
    const sum = spans.reduce((all, { duration }) => all + duration, 0);
    expect(sum).toBeLessThanOrEqual(total + 0.01);
    expect(sum).toBeCloseTo(total, 1);
  };

  const run = (...changes: readonly Change[]) =>
    traced(['run', '-b', stage.bundle(...changes), stage.id()]);

  it('has every phase of run in its order, and they are the whole', async () => {
    const { report, runt } = await run();
    expect(report.command).toBe('runt run');
    // on Node all is the engine's until there is a trace
    const begin = runtime === executable ? 'engine,command line' : 'engine';
    expect(names(runt).join()).toEqual(
      `${begin},open the trace,command line,run,load,validate,place,take the folder,plan,record,cgroups,encode,spawn,runt-init,gate ready,exec,container,clear,print`,
    );
    isWhole(report, runt ?? { name: '', spans: [] });
  });

  it('has every step of the plan but the last, while runt-init was there', async () => {
    const bundle = stage.bundle();
    const id = stage.id();
    const { runt, init } = await traced(['run', '-b', bundle, id]);
    const plan = JSON.parse((await stage.ok(['plan', '--format', 'json', bundle])).stdout) as {
      steps: { does: string; operation: string }[];
    };
    // run does not wait for start, and joins its own cgroup
    const wanted = plan.steps
      .filter(({ operation }) => !['awaitStart', 'exec', 'joinCgroup'].includes(operation))
      .map(({ does }) => does);
    const done = names(init).map((name) => name.replace(id, 'ID'));
    expect(done.filter((name) => !name.startsWith('join the cgroup'))).toEqual(wanted);
    const steps = init?.spans ?? [];
    expect(steps.map(({ step }) => step)).toEqual(steps.map((_, index) => index));
    const spawn = runt?.spans.find(({ name }) => name === 'spawn');
    const container = runt?.spans.find(({ name }) => name === 'container');
    expect(steps[0]?.start).toBeGreaterThanOrEqual(spawn?.start ?? Number.NaN);
    expect(end(steps.at(-1) ?? { name: '', start: 0, duration: 0 })).toBeLessThanOrEqual(
      container?.start ?? Number.NaN,
    );
  });

  it('names hooks, and the time that they take', async () => {
    const hook = { path: '/bin/sleep', args: ['sleep', '0.05'] };
    const { runt } = await run((config) => {
      config.hooks = { createRuntime: [hook], poststart: [hook], poststop: [hook] };
    });
    for (const stageName of ['createRuntime', 'poststart', 'poststop'])
      expect(
        runt?.spans.find(({ name }) => name === `hooks ${stageName}`)?.duration,
      ).toBeGreaterThan(50);
  });

  it('is not led astray by a clock that a time namespace has moved', async () => {
    const { report, init } = await run((config) => {
      config.linux.namespaces.push({ type: 'time' });
      config.linux.timeOffsets = { monotonic: { secs: 86_400 }, boottime: { secs: 5 } };
    });
    expect(report.total).toBeLessThan(60_000);
    expect(init?.spans.length).toBeGreaterThan(50);
    for (const span of init?.spans ?? []) {
      expect(span.duration).toBeGreaterThanOrEqual(0);
      expect(end(span)).toBeLessThanOrEqual(report.total);
    }
  });

  it('asks for no time under a filter that forbids it', async () => {
    const { init } = await run((config) => {
      config.linux.seccomp = {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [{ names: ['clock_gettime', 'mmap'], action: 'SCMP_ACT_ERRNO' }],
      };
      // a static program needs neither
      config.process.args = ['/bin/busybox', 'true'];
    });
    expect(names(init)).not.toContain('filter system calls');
    expect(names(init)).toContain('close every other descriptor');
  });

  it('keeps the memory from the container', async () => {
    const bundle = stage.bundle((config) => {
      config.process.args = ['/bin/sh', '-c', 'ls -l /proc/self/fd; cat /proc/self/maps'];
    });
    const file = join(stage.folder, 'trace.json');
    const { stdout } = await stage.ok(['run', '-b', bundle, stage.id()], {
      global: ['--root', stage.root, '--trace', file],
    });
    expect(stdout).toContain('/bin/busybox');
    expect(stdout).not.toContain('timeline');
  });

  it('is there for create, start, exec, kill and delete', async () => {
    const bundle = stage.bundle((config) => {
      config.process.args = ['/bin/sleep', '100'];
    });
    const id = stage.id();
    const created = await traced(['create', '-b', bundle, id]);
    expect(names(created.runt)).toEqual(expect.arrayContaining(['load', 'spawn', 'gate ready']));
    // what comes after the last gate is no longer create's to tell
    expect(names(created.init)).toContain('outlive the runtime');
    expect(names((await traced(['start', id])).runt)).toEqual(
      expect.arrayContaining(['start', 'exec']),
    );
    const exec = await traced(['exec', id, '/bin/true']);
    expect(names(exec.runt)).toEqual(
      expect.arrayContaining(['load', 'plan', 'encode', 'spawn', 'gate ready', 'exec', 'process']),
    );
    expect(names(exec.init)).toContain('clone into the container');
    isWhole(exec.report, exec.runt ?? { name: '', spans: [] });
    for (const words of [
      ['kill', id, 'KILL'],
      ['delete', '--force', id],
    ])
      expect(names((await traced(words)).runt)).toContain(words[0]);
  });

  it('is written for a command that fails', async () => {
    const bundle = stage.bundle((config) => {
      config.process.args = ['/nowhere'];
    });
    const { init } = await traced(['run', '-b', bundle, stage.id()], 1);
    // the last that succeeded
    expect(names(init)).not.toContain('find the executable /nowhere');
    expect(names(init).length).toBeGreaterThan(50);
  });

  it('is trace events, as other programs read them', async () => {
    const { file } = await run();
    const { traceEvents, otherData } = JSON.parse(readFileSync(file, 'utf8')) as {
      traceEvents: { ph: string; ts: number; dur: number; pid: number; tid: number }[];
      otherData: { clock: string };
    };
    expect(otherData.clock).toBe('CLOCK_MONOTONIC');
    const spans = traceEvents.filter(({ ph }) => ph === 'X');
    expect(spans.length).toBeGreaterThan(100);
    const now = Number(process.hrtime.bigint() / 1000n);
    for (const { ts, dur } of spans) {
      expect(ts + dur).toBeLessThan(now);
      expect(ts).toBeGreaterThan(now - 60e6);
    }
    expect(new Set(spans.map(({ tid }) => tid)).size).toBe(2);
  });

  it('may be spelled as Go programs have it', async () => {
    const file = join(stage.folder, 'trace.json');
    await stage.ok(['features'], { global: [`-trace=${file}`] });
    const { stdout } = await stage.ok(['trace', '--all', file]);
    expect(stdout).toMatch(/^runt features: /);
  });

  it('needs a file that can be made', async () => {
    const global = ['--root', stage.root, '--trace', '/nowhere/x'];
    expect(await stage.call(['list'], { global })).toMatchObject({
      status: 1,
      message: 'cannot open /nowhere/x: no such file or directory (ENOENT)',
    });
  });

  it('is bars and a picture', async () => {
    const { file } = await run();
    const { stdout } = await stage.ok(['trace', file]);
    expect(stdout).toMatch(/^runt run: [\d.]+ ms\n\nrunt {20}/);
    expect(stdout).toContain('█');
    expect((await stage.ok(['trace', '--svg', file])).stdout).toMatch(/^<svg [^]*<\/svg>\n$/);
  });
});
