/**
 * Waiting in a program with an event loop, for what no event tells.
 */

/** Asks again and again, with the event loop's turns between; false when the time, in ms, is over. */
export async function inTurns(ask: () => boolean, milliseconds: number): Promise<boolean> {
  const start = performance.now();
  while (!ask()) {
    const waited = performance.now() - start;
    if (waited >= milliseconds) return false;
    // what takes long may be noticed a little later
    await new Promise((resume) => setTimeout(resume, Math.min(10, 1 + waited / 10)));
  }
  return true;
}
