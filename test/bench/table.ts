/** Figures as tables for people, in Markdown. */
import type { Figure } from './figures.ts';

const ours = 'runt';

/** A row for each command; times, then what runt takes of each peer's, then peaks of memory. */
export function tableOf(figures: readonly Figure[]): string {
  const runtimes = [...new Set(figures.map(({ runtime }) => runtime))];
  const peers = runtimes.filter((runtime) => runtime !== ours);
  const head = [
    'command',
    ...runtimes.map((runtime) => `${runtime} ms`),
    ...peers.map((peer) => `${ours} : ${peer}`),
    `peak MiB ${runtimes.join(' / ')}`,
  ];
  const lines = [row(head), row(head.map(() => '---'))];
  for (const what of new Set(figures.map((figure) => figure.what))) {
    const of = (runtime: string) =>
      figures.find((figure) => figure.what === what && figure.runtime === runtime);
    const own = of(ours)?.medianMs ?? Number.NaN;
    lines.push(
      row([
        what,
        ...runtimes.map((runtime) => (of(runtime)?.medianMs ?? Number.NaN).toFixed(1)),
        ...peers.map((peer) => (own / (of(peer)?.medianMs ?? Number.NaN)).toFixed(2)),
        runtimes.map((runtime) => ((of(runtime)?.peakKiB ?? 0) / 1024).toFixed(1)).join(' / '),
      ]),
    );
  }
  return lines.join('\n');
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
