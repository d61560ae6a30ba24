/**
 * A Node program that uses the library: creates, starts, waits for and deletes containers one after another, and sixteen at a
 * time, and notes how late its event loop is meanwhile; how late the loop of a program is that does nothing, while other
 * processes do as much, and while nobody does anything.
 * library-program.mjs BUNDLE COUNT OTHERS; OTHERS are words of a shell. Prints JSON, times in ms for each container.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { openRuntime } from '../../dist/lib/index.js';

const [bundle = '', words = '', others = ''] = process.argv.slice(2);
const count = Number(words);
const runtime = openRuntime({ root: `${bundle}/library` });
let made = 0;

async function one() {
  const id = `library-${(made += 1)}`;
  await runtime.create({ id, bundle, noPivot: false, noNewKeyring: false, preserveFds: 0 });
  await runtime.start(id);
  const status = await runtime.wait(id);
  if (status !== 0) throw new Error(`a container ended with ${status}`);
  await runtime.delete({ id, force: false });
}

async function timed(width) {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await one();
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: width }, worker));
  return (performance.now() - start) / count;
}

/** How long this thread has had a processor, in ms: the first number of proc/PID/schedstat. */
const stat = openSync(`/proc/self/task/${process.pid}/schedstat`);
const bytes = Buffer.alloc(64);
const ran = () =>
  Number.parseInt(bytes.toString('latin1', 0, readSync(stat, bytes, 0, 64, 0)), 10) / 1e6;

/**
 * What `work` answers with; how late the loop was meanwhile, at the median, at the 99th percentile, at most; and the most
 * that its thread has run from one turn of a timer of 1 ms to the next.
 */
async function watched(work) {
  const resolution = 1;
  let before = ran();
  let busy = 0;
  const timer = setInterval(() => {
    const now = ran();
    busy = Math.max(busy, now - before);
    before = now;
  }, resolution);
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  const value = await work();
  delay.disable();
  clearInterval(timer);
  // the timer's own milliseconds are in it
  const late = [delay.percentile(50), delay.percentile(99), delay.max].map((ns) =>
    Math.max(0, ns / 1e6 - resolution),
  );
  return { value, late: [...late, busy] };
}

// as in a program that has been running: the threads are there, their code is compiled
await timed(16);
await timed(1);
const inOrder = await watched(() => timed(1));
const sixteen = await watched(() => timed(16));
const child = spawn('sh', ['-c', others], { stdio: 'inherit' });
const idle = await watched(() => once(child, 'exit'));
const atRest = await watched(() => setTimeout(1000));
closeSync(stat);
console.log(
  JSON.stringify({
    inOrder: inOrder.value,
    sixteen: sixteen.value,
    late: { inOrder: inOrder.late, sixteen: sixteen.late, idle: idle.late, atRest: atRest.late },
  }),
);
