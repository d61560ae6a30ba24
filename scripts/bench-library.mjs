/**
 * The library in a Node program against crun's command: containers one after another, and sixteen at a time; and how long the
 * event loop is kept. npm run bench:library [COUNT]
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { openRuntime } from '../dist/lib/index.js';

const count = Number(process.argv[2] ?? 100);
const folder = mkdtempSync(join(tmpdir(), 'runt-bench-'));
chmodSync(folder, 0o755);
const which = (name) =>
  execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();

function makeBundle() {
  mkdirSync(join(folder, 'rootfs/bin'), { recursive: true });
  copyFileSync(which('busybox'), join(folder, 'rootfs/bin/true'));
  execFileSync('runc', ['spec', '--bundle', folder]);
  const path = join(folder, 'config.json');
  const config = JSON.parse(readFileSync(path, 'utf8'));
  config.process.terminal = false;
  config.process.args = ['true'];
  writeFileSync(path, JSON.stringify(config));
}

const runtime = openRuntime({ root: join(folder, 'root') });
let made = 0;
async function one() {
  const status = await runtime.run({
    id: `library-${(made += 1)}`,
    bundle: folder,
    detach: false,
    keep: false,
    noPivot: false,
    noNewKeyring: false,
    noSubreaper: true,
    preserveFds: 0,
  });
  if (status !== 0) throw new Error(`a container ended with ${status}`);
}

async function timed(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / count;
}

const inOrder = async () => {
  for (let i = 0; i < count; i++) await one();
};

async function sixteen() {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await one();
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

/** A shell starts them; its own forks are crun's, too. */
function crun(atOnce) {
  const loop = `i=0; while [ $i -lt ${count} ]; do crun --root ${folder}/crun run -b ${folder} c$i ${atOnce ? '&' : ';'} i=$((i+1)); [ $((i % 16)) -ne 0 ] || wait; done; wait`;
  const start = performance.now();
  execFileSync('sh', ['-c', loop], { stdio: 'ignore' });
  return (performance.now() - start) / count;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

try {
  makeBundle();
  await one();
  const rounds = { order: [], sixteen: [], crun: [], crunSixteen: [] };
  const delay = monitorEventLoopDelay({ resolution: 1 });
  for (let round = 0; round < 5; round++) {
    delay.enable();
    rounds.order.push(await timed(inOrder));
    rounds.sixteen.push(await timed(sixteen));
    delay.disable();
    rounds.crun.push(crun(false));
    rounds.crunSixteen.push(crun(true));
  }
  const [order, many, peer, peerMany] = Object.values(rounds).map(median);
  console.log(
    '| ms for each container | library | crun | library : crun |\n| --- | --- | --- | --- |',
  );
  const row = (name, ours, theirs) =>
    console.log(
      `| ${name} | ${ours.toFixed(2)} | ${theirs.toFixed(2)} | ${(ours / theirs).toFixed(2)} |`,
    );
  row('one after another', order, peer);
  row('16 at a time', many, peerMany);
  const ms = (nanoseconds) => (nanoseconds / 1e6).toFixed(1);
  console.log(
    `\nthe event loop was late by ${ms(delay.percentile(50))} ms at the median, ${ms(delay.percentile(99))} at the 99th percentile, ${ms(delay.max)} at most`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
