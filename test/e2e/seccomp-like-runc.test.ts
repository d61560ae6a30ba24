/** The same profile, under us and under runc: every system call must end the same way. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Seccomp } from '../../src/bundle/config.ts';
import { setArgs } from '../support/bundle-builder.ts';
import { syscallProbe } from '../support/probe.ts';
import { executable, runc } from '../support/runtimes.ts';
import { engineLike, manyRules, triedCalls } from '../support/seccomp-profiles.ts';
import { type Stage, useStage } from '../support/stage.ts';

async function answers(
  stage: Stage,
  profile: Seccomp | undefined,
  words: readonly string[],
): Promise<string[]> {
  const bundle = stage.bundle(setArgs('/bin/syscalls', ...words), (config) => {
    if (profile) config.linux.seccomp = profile;
  });
  copyFileSync(syscallProbe(), join(bundle, 'rootfs/bin/syscalls'));
  const { stdout } = await stage.ok(['run', '-b', bundle, stage.id()]);
  return stdout.trimEnd().split('\n');
}

describe.runIf(process.arch === 'x64')('like runc', () => {
  const ours = useStage(executable);
  const theirs = useStage(runc);

  const both = async (profile: Seccomp | undefined, words: readonly string[]) => {
    const [mine, other] = [
      await answers(ours, profile, words),
      await answers(theirs, profile, words),
    ];
    expect(mine.length).toBeGreaterThan(20);
    expect(mine).toEqual(other);
    return mine;
  };

  it('without a profile', async () => {
    await both(undefined, ['all']);
  });

  it('with a profile as engines have it', async () => {
    const all = await both(engineLike, ['all']);
    const clone = ['0x10000000', '0x20000', '0x40000000'].map((flags) => `56:${flags},0,0,0,0`);
    const words = [
      '135:0',
      '135:8',
      '135:9',
      '135:0xffffffff',
      '41:40,1,0',
      '41:1,1,0',
      ...clone,
      'x86:20',
      'x86:136:9',
    ];
    await both(engineLike, [...words, ...Array.from({ length: 20 }, (_, n) => `x86:${200 + n}`)]);
    expect(all).toContain('101 signal 31');
    expect(all).toContain('500 38');
    expect(all).toContain('175 1');
  });

  it('with 300 rules about arguments', async () => {
    const lines = await both(manyRules(), triedCalls());
    const own = lines.filter((line) => Number(line.split(' ')[1]) >= 200);
    expect(own.length).toBeGreaterThan(100);
  });
});
