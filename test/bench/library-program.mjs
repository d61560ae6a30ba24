/**
 * A Node program that uses the library: containers one after another, and sixteen at a time, and how late its event loop is
 * meanwhile. library-program.mjs BUNDLE COUNT; prints JSON, times in ms for each container.
 */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { openRuntime } from '../../dist/lib/index.js';

const [bundle = '', words = ''] = process.argv.slice(2);
const count = Number(words);
const runtime = openRuntime({ root: `${bundle}/library` });
let made = 0;

async function one() {
  const status = await runtime.run({
    id: `library-${(made += 1)}`,
    bundle,
    detach: false,
    keep: false,
    noPivot: false,
    noNewKeyring: false,
    noSubreaper: true,
    preserveFds: 0,
  });
  if (status !== 0) throw new Error(`a container ended with ${status}`);
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

await one();
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const inOrder = await timed(1);
const sixteen = await timed(16);
delay.disable();
const late = [delay.percentile(50), delay.percentile(99), delay.max].map((ns) => ns / 1e6);
console.log(JSON.stringify({ inOrder, sixteen, late }));
