/**
 * Somebody who listens at a console socket or a pidfd socket, as a shim does.
 */
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { probe } from './probe.ts';
import { type Stage, until } from './stage.ts';
import { stdioDescriptor } from './stdio-descriptor.ts';
import { stretched } from './patience.ts';

export interface Receiver {
  readonly path: string;
  /** The payload and what came with it, then all that a terminal shows. */
  said(): string;
  /** Waits for its end: for a terminal, that of the container. */
  end(): Promise<void>;
}

export async function receiver(stage: Stage, name: string): Promise<Receiver> {
  const path = join(stage.folder, `${name}.sock`);
  const output = join(stage.folder, `${name}.said`);
  const file = openSync(output, 'wx');
  const listener = execa(probe(), ['receive', path], {
    stdio: ['ignore', stdioDescriptor(file), 'inherit'],
    timeout: stretched(20_000),
    killSignal: 'SIGKILL',
  });
  closeSync(file);
  await until(() => existsSync(path), 'the listener');
  return {
    path,
    said: () => readFileSync(output, 'utf8'),
    end: async () => {
      await listener;
    },
  };
}
