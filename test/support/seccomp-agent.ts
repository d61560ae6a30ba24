/**
 * Starts seccomp-agent.py, and reads what it has written.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { until } from './stage.ts';

export interface Agent {
  readonly path: string;
  /** What came with each listener. */
  states(): { readonly state: Record<string, unknown>; readonly listeners: number }[];
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
  const lines = (): Record<string, unknown>[] =>
    existsSync(log)
      ? readFileSync(log, 'utf8')
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line) as Record<string, unknown>)
      : [];
  await until(() => lines().length > 0, 'the agent');
  return {
    path,
    states: () =>
      lines().filter((line) => 'state' in line) as ReturnType<Agent['states']>,
    calls: () => lines().flatMap(({ call }) => (typeof call === 'number' ? [call] : [])),
    async end() {
      child.kill('SIGKILL');
      await child;
    },
  };
}
