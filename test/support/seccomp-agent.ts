/**
 * Starts seccomp-agent.py, and reads what it has written.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { until } from './stage.ts';

/** A line of the agent's log. */
interface Told {
  readonly state?: Record<string, unknown>;
  readonly listeners?: number;
  readonly call?: number;
}

export interface Agent {
  readonly path: string;
  /** What came with each listener. */
  states(): Told[];
  /** Numbers of the calls that were asked about. */
  calls(): number[];
  end(): Promise<void>;
}

const script = join(import.meta.dirname, 'seccomp-agent.py');

/** `answers`: error numbers by the number of the call. */
export async function seccompAgent(
  folder: string,
  answers: Readonly<Record<number, number>> = {},
): Promise<Agent> {
  const path = join(folder, 'agent.sock');
  const log = join(folder, 'agent.log');
  const words = Object.entries(answers).map(([call, errno]) => `${call}=${errno}`);
  const child = execa('python3', [script, path, log, ...words], { reject: false });
  const lines = (): Told[] =>
    existsSync(log)
      ? readFileSync(log, 'utf8')
          .split('\n')
          .slice(0, -1)
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- seccomp-agent.py writes it
          .map((line) => JSON.parse(line) as Told)
      : [];
  await until(() => lines().length > 0, 'the agent');
  return {
    path,
    states: () => lines().filter((line) => 'state' in line),
    calls: () => lines().flatMap(({ call }) => call ?? []),
    async end() {
      child.kill('SIGKILL');
      await child;
    },
  };
}
