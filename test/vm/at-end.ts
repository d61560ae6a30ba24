/**
 * What has to be taken back however the program ends: by its own end, by an error, or by a signal.
 */

const pending = new Set<() => void>();

/** Returns the function that does it now, once. */
export function atEnd(undo: () => void): () => void {
  pending.add(undo);
  return () => {
    if (pending.delete(undo)) undo();
  };
}

function takeBack(): void {
  for (const undo of [...pending].toReversed()) {
    pending.delete(undo);
    undo();
  }
}

process.once('exit', takeBack);
for (const [signal, number] of [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const)
  process.once(signal, () => {
    takeBack();
    process.stderr.write(`runt: ended by ${signal}\n`);
    process.exit(128 + number);
  });
