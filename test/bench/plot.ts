/** Figures as a drawing: bars for commands, lines for what grows. */
import { type Figure, grouped } from './figures.ts';

const colours: Readonly<Record<string, string>> = {
  runt: '#0b6e4f',
  runc: '#b5651d',
  crun: '#3b5b92',
};
const colourOf = (runtime: string): string => colours[runtime] ?? '#777';
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const width = 760;
const left = 230;
const bar = 12;

interface Panel {
  readonly title: string;
  readonly height: number;
  readonly body: string;
}

const text = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escape(words)}</text>`;

/** `about` names the groups; those of `curves` are lines. */
export function plotOf(
  figures: readonly Figure[],
  about: ReadonlyMap<string, string>,
  curves: ReadonlySet<string>,
): string {
  const runtimes = [...new Set(figures.map(({ runtime }) => runtime))];
  const panels = [
    ...[...about]
      .filter(([group]) => !curves.has(group))
      .map(([group, title]) =>
        bars(
          title,
          figures.filter((one) => one.group === group),
          runtimes,
        ),
      ),
    ...curvePanels(
      figures.filter(({ group }) => curves.has(group)),
      runtimes,
    ),
  ].filter(({ height }) => height > 0);
  let y = 40;
  const parts = runtimes.map(
    (runtime, index) =>
      `<rect x="${20 + index * 90}" y="12" width="12" height="12" fill="${colourOf(runtime)}"/>${text(36 + index * 90, 22, runtime)}`,
  );
  for (const { title, height, body } of panels) {
    parts.push(text(20, y + 14, title, 'font-weight="bold"'));
    parts.push(`<g transform="translate(0 ${y + 24})">${body}</g>`);
    y += height + 44;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" font-family="sans-serif" font-size="12" fill="#222"><rect width="${width}" height="${y}" fill="#fff"/>${parts.join('\n')}</svg>\n`;
}

function bars(title: string, figures: readonly Figure[], runtimes: readonly string[]): Panel {
  const most = Math.max(...figures.map(({ medianMs }) => medianMs));
  const commands = [...new Set(figures.map(({ what }) => what))];
  const step = runtimes.length * bar + 8;
  const body = commands.map((what, index) => {
    const label = text(left - 8, index * step + bar + 4, what, 'text-anchor="end"');
    const all = runtimes.map((runtime, place) => {
      const ms = figures.find((one) => one.what === what && one.runtime === runtime)?.medianMs ?? 0;
      const long = (ms / most) * (width - left - 80);
      const y = index * step + place * bar;
      return `<rect x="${left}" y="${y}" width="${long.toFixed(1)}" height="${bar - 1}" fill="${colourOf(runtime)}"/>${text(left + long + 4, y + bar - 2, `${ms.toFixed(1)} ms`, 'font-size="10"')}`;
    });
    return label + all.join('');
  });
  return { title: `${title} (median, ms)`, height: commands.length * step, body: body.join('\n') };
}

/** A panel for each name that a number follows. */
function curvePanels(figures: readonly Figure[], runtimes: readonly string[]): Panel[] {
  const series = grouped(figures, ({ what }) => what.replace(/ \d+$/, ''));
  return [...series].map(([name, points]) => curve(name, points, runtimes));
}

function curve(name: string, points: readonly Figure[], runtimes: readonly string[]): Panel {
  const height = 130;
  const numberOf = ({ what }: Figure): number => Number(/ (\d+)$/.exec(what)?.[1] ?? 0);
  const most = Math.max(...points.map(({ medianMs }) => medianMs));
  const last = Math.max(1, ...points.map(numberOf));
  const x = (number: number): number => 60 + (number / last) * (width - 140);
  const y = (ms: number): number => height - 20 - (ms / most) * (height - 30);
  const lines = runtimes.map((runtime) => {
    const own = points
      .filter((point) => point.runtime === runtime)
      .toSorted((a, b) => numberOf(a) - numberOf(b));
    const path = own.map(
      (point) => `${x(numberOf(point)).toFixed(1)},${y(point.medianMs).toFixed(1)}`,
    );
    const end = own.at(-1);
    const label =
      end &&
      text(x(numberOf(end)) + 6, y(end.medianMs) + 4, end.medianMs.toFixed(1), 'font-size="10"');
    return `<polyline points="${path.join(' ')}" fill="none" stroke="${colourOf(runtime)}" stroke-width="2"/>${label ?? ''}`;
  });
  const ticks = [...new Set(points.map(numberOf))].map((number) =>
    text(x(number), height - 4, String(number), 'text-anchor="middle" font-size="10"'),
  );
  const axis = `<line x1="60" y1="${height - 20}" x2="${width - 80}" y2="${height - 20}" stroke="#999"/>`;
  return { title: `${name} (median, ms)`, height, body: [axis, ...lines, ...ticks].join('\n') };
}
