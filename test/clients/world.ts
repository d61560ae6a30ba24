/**
 * Runs the cases of one client with one runtime, in the surroundings that `enter` has made; main.ts starts it below `keeper`.
 *
 * On its standard output stands one report in JSON for each case, and nothing else.
 */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { stretched } from '../support/patience.ts';
import type { OpenClient } from './client.ts';
import { Skipped } from './client.ts';
import { clients } from './clients.ts';
import { type Ground, makeGround } from './ground.ts';
import { cgroupsLeft, mounts, processesBelow } from './remains.ts';
import { lastCase, type Order, type Report } from './report.ts';

const caseSeconds = 90;

function send(report: Report): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Ends after `seconds` at the latest, with an error that names the commands which were waited for. */
async function limited(ground: Ground, seconds: number, body: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        const waiting = ground.interrupt();
        const what = waiting.length > 0 ? `; it was waiting for: ${waiting.join(' | ')}` : '';
        reject(new Error(`did not end within ${seconds} seconds${what}`));
      },
      stretched(seconds * 1000),
    );
  });
  // the loser's error is nobody's
  body.catch(() => {});
  try {
    await Promise.race([body, limit]);
  } finally {
    clearTimeout(timer);
  }
}

async function runCase(client: OpenClient, ground: Ground, name: string): Promise<Report> {
  const began = Date.now();
  const took = (): number => (Date.now() - began) / 1000;
  try {
    await limited(ground, caseSeconds, client.run(name));
    return { name, outcome: 'passed', seconds: took() };
  } catch (error) {
    if (error instanceof Skipped)
      return { name, outcome: 'skipped', reason: error.message, seconds: took() };
    const report = { name, outcome: 'failed', reason: textOf(error), seconds: took() } as const;
    await limited(ground, caseSeconds, client.clear()).catch((late: unknown) => {
      process.stderr.write(`after "${name}": ${textOf(late)}\n`);
    });
    return report;
  }
}

async function runAll(order: Order): Promise<void> {
  const client = clients.find(({ name }) => name === order.client);
  if (client === undefined) throw new Error(`no client ${order.client}`);
  const { name, folder, images } = order;
  const runtime = { ...order.runtime, path: pathOf(order.runtime.path) };
  const before = mounts();
  const ground = makeGround({ name, folder, images, runtime });
  const opening = client.open(ground);
  try {
    await limited(
      ground,
      caseSeconds,
      opening.then(() => {}),
    );
  } catch (error) {
    const reason = `${client.name} did not start: ${textOf(error)}\n${ground.lastWords()}`;
    for (const wanted of order.cases) send({ name: wanted, outcome: 'failed', reason, seconds: 0 });
    return;
  }
  const open = await opening;
  for (const wanted of order.cases) {
    // oxlint-disable-next-line no-await-in-loop -- cases share the client
    const report = await runCase(open, ground, wanted);
    if (report.outcome === 'failed') process.stderr.write(`${wanted}\n${ground.lastWords()}\n`);
    send(report);
  }
  send(await endAll(open, ground, before));
}

/** Ends the client, and looks round. */
async function endAll(
  client: OpenClient,
  ground: Ground,
  before: readonly string[],
): Promise<Report> {
  const began = Date.now();
  const faults: string[] = [];
  await limited(ground, caseSeconds, client.end()).catch((error: unknown) => {
    faults.push(textOf(error));
  });
  const look = (): string[] => [
    ...processesBelow(process.ppid, [process.pid]),
    ...mounts()
      .filter((path) => !before.includes(path))
      .map((path) => `mount ${path}`),
  ];
  // what ends by itself may take a moment
  await ground.until('all to be gone', () => look().length === 0).catch(() => {});
  faults.push(...look(), ...cgroupsLeft(ground.name));
  const seconds = (Date.now() - began) / 1000;
  if (faults.length === 0) return { name: lastCase, outcome: 'passed', seconds };
  return { name: lastCase, outcome: 'failed', reason: faults.join('\n'), seconds };
}

function pathOf(program: string): string {
  if (program.includes('/')) return program;
  const folders = (process.env['PATH'] ?? '').split(':');
  const found = folders.map((folder) => join(folder, program)).find(isProgram);
  if (found === undefined) throw new Error(`no ${program} in ${folders.join(':')}`);
  return found;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const order: Order = JSON.parse(process.argv[2] ?? '{}');
await runAll(order);
process.exit(0);
