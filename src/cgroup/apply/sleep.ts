/**
 * A short wait in the middle of synchronous work, for the few places where the kernel only tells
 * by its answer to the next try that it is done.
 */

const never = new Int32Array(new SharedArrayBuffer(4));

export function sleep(milliseconds: number): void {
  Atomics.wait(never, 0, 0, milliseconds);
}
