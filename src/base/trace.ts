/**
 * Where the time goes, as it is noted: the runtime enters one phase after another, and runt-init's steps are noted by
 * themselves. Whoever is not traced has no `Trace`, and never asks for the time.
 */

/** A step of a plan whose end is noted. */
export interface TimedStep {
  /** Its number, as `runt plan` counts. */
  readonly step: number;
  readonly operation: string;
  /** Verb and object. */
  readonly doing: string;
  /** Place in the config; empty where there is none. */
  readonly origin: string;
}

export interface Trace {
  /** A phase begins here, and the one before ends: its name is the answer, to go back to it. */
  enter(phase: string): string;
  /** A descriptor of memory for the ends of these steps, and of their beginning. It stays the trace's own. */
  timeline(steps: readonly TimedStep[]): number;
  /** runt-init is in its namespaces by now: in a time namespace its clock may be another. */
  settled(pid: number): void;
}

export interface TraceFile extends Trace {
  /** Ends the last phase and writes the file. */
  finish(): void;
}

/** Enters a phase for as long as something is done. */
export async function during<T>(
  trace: Trace | undefined,
  phase: string,
  act: () => Promise<T>,
): Promise<T> {
  if (trace === undefined) return act();
  const before = trace.enter(phase);
  try {
    return await act();
  } finally {
    trace.enter(before);
  }
}
