import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createKernel } from '../../src/kernel/kernel.ts';
import { makeWatch } from '../../src/kernel/watch.ts';
import { isAlive, openProcess, startTimeOf } from '../../src/kernel/process.ts';

const kernel = createKernel(makeWatch());

test('the start time is what the kernel says of this process', () => {
  const [, after = ''] = /\) (.*)/.exec(readFileSync('/proc/self/stat', 'latin1')) ?? [];
  expect(startTimeOf(process.pid)).toBe(Number(after.split(' ')[19]));
});

test('a name with parentheses and spaces does not lead it astray', async () => {
  const script = 'printf "a) R (b" > /proc/self/comm; echo ready; read _';
  const child = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  const ours = startTimeOf(process.pid) ?? 0;
  expect(readFileSync(`/proc/${pid}/stat`, 'latin1')).toContain('(a) R (b)');
  expect(startTimeOf(pid)).toBeGreaterThanOrEqual(ours);
  child.stdin.end();
  await once(child, 'close');
  expect(startTimeOf(pid)).toBeUndefined();
});

test('no process, no start time', () => {
  expect(startTimeOf(0)).toBeUndefined();
  expect(startTimeOf(2 ** 22 + 1)).toBeUndefined();
});

test('a pid with another start time is another process', () => {
  const startTime = startTimeOf(process.pid) ?? 0;
  const self = { pid: process.pid, startTime };
  const other = { pid: process.pid, startTime: startTime - 1 };
  expect([isAlive(self), isAlive(other)]).toEqual([true, false]);
  const pidfd = openProcess(kernel, self);
  expect(pidfd).toBeGreaterThan(2);
  if (pidfd !== undefined) kernel.close(pidfd);
  expect(openProcess(kernel, other)).toBeUndefined();
});

test('a process that waits to be reaped is gone', async () => {
  const child = spawn('/bin/sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 3'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const pid = Number(String(line));
  // it ends when the shell has become sleep, which does not reap what the shell started
  await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'latin1')).toContain(') Z ');
  expect(startTimeOf(pid)).toBeUndefined();
  child.kill();
  await once(child, 'close');
});
