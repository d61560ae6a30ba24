/**
 * A doctor's report: a line for each check, what to do below it, and one line that sums up.
 */
import type { Check, DoctorReport, Verdict } from '../runtime/requests.ts';

export const doctorDocument = (report: DoctorReport): string =>
  `${JSON.stringify(report, null, 2)}\n`;

const width = 100;

/** SGR: green, blue, yellow, red */
const colours: Readonly<Record<Verdict, string>> = { ok: '32', note: '34', warn: '33', fail: '31' };

export function doctorLines({ checks, containersRun }: DoctorReport, colour: boolean): string {
  const paint = (text: string, code: string) => (colour ? `\u001B[${code}m${text}\u001B[0m` : text);
  const columns = Math.max(...checks.map(({ name }) => name.length)) + 2;
  const indent = ' '.repeat(6 + columns);
  const hang = (text: string, first: string, rest: string) =>
    wrap(text, width - rest.length).map((line, index) => `${index === 0 ? first : rest}${line}\n`);
  const lines = checks.flatMap(({ name, verdict, says, todo }) => {
    const mark = paint(verdict.padEnd(6), colours[verdict]);
    return [
      ...hang(says, mark + name.padEnd(columns), indent),
      ...todo.flatMap((step) => hang(step, `${indent}-> `, `${indent}   `)),
    ];
  });
  const sum = containersRun ? 'containers can run here' : 'containers cannot run here';
  const code = containersRun ? colours.ok : colours.fail;
  return `${lines.join('')}\n${paint(sum, code)}: ${counts(checks)}\n`;
}

const plurals: Readonly<Record<Verdict, (count: number) => string>> = {
  fail: (count) => `${count} ${count === 1 ? 'thing' : 'things'} missing for it`,
  warn: (count) => `${count} ${count === 1 ? 'warning' : 'warnings'}`,
  note: (count) => `${count} ${count === 1 ? 'note' : 'notes'}`,
  ok: (count) => `${count} in order`,
};

function counts(checks: readonly Check[]): string {
  const verdicts: readonly Verdict[] = ['fail', 'warn', 'note', 'ok'];
  return verdicts
    .map(
      (verdict) => [verdict, checks.filter((check) => check.verdict === verdict).length] as const,
    )
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => plurals[verdict](count))
    .join(', ');
}

/** A word that is longer than a line stays whole: it is a path or a command. */
function wrap(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
