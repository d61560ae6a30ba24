/**
 * Tests in virtual machines, as a command: npm run test:vm -- [MACHINE...] [--run COMMAND | --shell | WORDS FOR VITEST...]
 *
 * Without a machine's name: in all of them. The last line is the total of all: N passed, N failed, N skipped.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { keeper, lacking, pause, probe, syscallProbe } from '../support/probe.ts';
import { atEnd } from './at-end.ts';
import { boot, type Deadlines, type Ended } from './boot.ts';
import { addCounts, closingCounts, countsLine, noCounts } from './counts.ts';
import { type Machine, machines } from './machines.ts';
import { projectImage } from './project-image.ts';
import { type Request, readRequest } from './request.ts';
import { rootImage } from './root-image.ts';
import { testCommand, testEnvironment } from './suite.ts';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Seconds. A machine is emulated: it boots in 20 to 60 of them, and a test that hangs is silent for five minutes, twice. */
const deadlines: Deadlines = { boot: 240, idle: 900, total: 3600 };

async function runIn(
  machine: Machine,
  request: Request,
  output: (text: string) => void,
): Promise<Ended> {
  const image = rootImage(machine, say);
  const folder = mkdtempSync(join(tmpdir(), 'runt-vm-'));
  const undo = atEnd(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const word = randomBytes(8).toString('hex');
    const interactive = request.kind === 'shell';
    const command = commandOf(request);
    const project = join(folder, 'project.img');
    const environment = { ...testEnvironment(machine), ...request.environment };
    projectImage({ command, environment, interactive, word }, join(folder, 'project'), project);
    return await boot({ machine, image, project, folder, word, interactive, deadlines, output });
  } finally {
    undo();
  }
}

function commandOf(request: Request): string {
  if (request.kind === 'run') return request.command;
  return request.kind === 'test' ? testCommand(request.words) : '';
}

const print = (text: string): void => {
  process.stdout.write(text);
};

/** The command's own output and status, and nothing else when all went well. */
async function runCommand(request: Request): Promise<number> {
  let worst = 0;
  for (const name of request.machines) {
    if (request.machines.length > 1) say(`--- ${name}`);
    const { status = 1, fault } = await runIn(machines[name], request, print);
    if (fault !== undefined) process.stderr.write(`runt: ${name}: ${fault}\n`);
    worst = Math.max(worst, status);
  }
  return worst;
}

async function runTests(request: Request): Promise<number> {
  let total = noCounts;
  let sound = true;
  for (const name of request.machines) {
    say(`--- ${name}: ${machines[name].is}`);
    let text = '';
    const run = (): Promise<Ended> =>
      runIn(machines[name], request, (more) => {
        print(more);
        text += more;
      });
    let ended = await run();
    // now and then an emulated kernel does not come up, or panics in the emulation; that says nothing of the tests
    if (ended.fault !== undefined && (ended.bootSeconds === undefined || ended.wentOff)) {
      say(`${name}: ${ended.fault}; once more`);
      text = '';
      ended = await run();
    }
    const { status, fault, bootSeconds = 0, seconds } = ended;
    const counts = closingCounts(text);
    const what = fault ?? (counts === undefined ? 'the tests gave no closing line' : undefined);
    // a machine that does not come to its end has failed, however much had passed
    const counted =
      what === undefined && counts !== undefined ? counts : { ...noCounts, failed: 1 };
    if (what !== undefined) say(`${name}: ${what}`);
    say(`${name}: ${countsLine(counted)} (booted in ${bootSeconds} s, ${seconds} s in all)`);
    total = addCounts(total, counted);
    sound &&= status === 0 && counted.failed === 0;
  }
  say(countsLine(total));
  return sound ? 0 : 1;
}

// compiled here, where there are compilers
for (const program of [lacking, probe, syscallProbe, keeper, pause]) program();

const request = readRequest(process.argv.slice(2));
if (typeof request === 'string') {
  process.stderr.write(`runt: ${request}\n`);
  process.exit(1);
}
process.exitCode = await (request.kind === 'test' ? runTests(request) : runCommand(request));
