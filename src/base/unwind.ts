/**
 * Undo steps for something half-made: run backwards when a later step fails.
 *
 * A failed undo is kept beside the first error, never in its place.
 */
import { RuntError } from './errors.ts';

export interface Unwind {
  /** What takes back the step that was just done. */
  push(undo: () => void | Promise<void>): void;
}

/** Runs `build`; when it fails, takes back what it pushed, newest first, and throws the first error. */
export async function orUnwind<T>(build: (unwind: Unwind) => Promise<T>): Promise<T> {
  const undos: (() => void | Promise<void>)[] = [];
  try {
    return await build({ push: (undo) => undos.push(undo) });
  } catch (error) {
    for (const undo of undos.toReversed()) await attempt(undo, error);
    throw error;
  }
}

async function attempt(undo: () => void | Promise<void>, first: unknown): Promise<void> {
  try {
    await undo();
  } catch (failure) {
    if (first instanceof RuntError && failure instanceof Error) first.cleanup.push(failure);
  }
}
