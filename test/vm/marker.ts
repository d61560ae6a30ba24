/**
 * Finds the machine's own lines in what it prints: a record separator, a word that only this run has, a message.
 */
const separator = '\u{1e}';

/** Takes text as it comes; everything but the machine's own lines is passed on at once. */
export function markerReader(
  word: string,
  pass: (text: string) => void,
  mark: (line: string) => void,
): (text: string) => void {
  let held = '';
  return (text) => {
    held += text;
    for (;;) {
      const at = held.indexOf(separator);
      if (at !== 0) {
        const free = at === -1 ? held : held.slice(0, at);
        if (free !== '') pass(free);
        held = held.slice(free.length);
        if (held === '') return;
      }
      const end = held.indexOf('\n');
      if (end === -1) return;
      const line = held.slice(1, end).trimEnd();
      if (line.startsWith(`${word} `)) mark(line.slice(word.length + 1));
      else pass(held.slice(0, end + 1));
      held = held.slice(end + 1);
    }
  };
}
