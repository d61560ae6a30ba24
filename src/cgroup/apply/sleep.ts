/**
 * A short wait, for the few places where the kernel only tells by its answer to the next try that it is done.
 */

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, milliseconds));
}
