/**
 * A trace as a picture: one band for each lane, its spans side by side, and a scale below. Titles appear when pointed at.
 */
import type { TraceReport, TraceSpan } from '../runtime/requests.ts';

const width = 960;
const left = 84;
const right = 16;
const band = 34;
const gap = 10;
const top = 40;
/** Letters of 11 pixels, on the average. */
const letter = 6.2;

/** Light enough for black letters, and told apart by neighbours. */
const fills = ['#9ecae1', '#fdd0a2', '#a1d99b', '#dadaeb', '#fcbba1', '#d9d9d9'];

export function traceSvg({ command, total, lanes }: TraceReport): string {
  const scale = (width - left - right) / (total > 0 ? total : 1);
  const bottom = top + lanes.length * (band + gap);
  const height = bottom + 30;
  const bands = lanes.flatMap(({ name, spans }, index) => {
    const y = top + index * (band + gap);
    return [
      text(left - 8, y + band / 2 + 4, name, 'end'),
      ...spans.map((span, number) => box(span, number, y, scale)),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(left, 22, `${command} (${total.toFixed(2)} ms)`, 'start'),
    ...bands,
    ...ticks(total).map((tick) => tickMark(tick, left + tick * scale, bottom)),
    '</svg>',
    '',
  ].join('\n');
}

function box({ name, start, duration, from }: TraceSpan, number: number, y: number, scale: number) {
  const [x, wide] = [left + start * scale, Math.max(duration * scale, 0.2)];
  const fill = fills[number % fills.length] ?? '';
  const place = from === undefined ? '' : `, ${from}`;
  const title = `${name}: ${duration.toFixed(3)} ms, at ${start.toFixed(3)} ms${place}`;
  const label = name.length * letter < wide ? text(x + wide / 2, y + band / 2 + 4, name) : '';
  return `<g><title>${escaped(title)}</title><rect x="${x.toFixed(2)}" y="${y}" width="${wide.toFixed(2)}" height="${band}" fill="${fill}"/>${label}</g>`;
}

/** Four to ten of them, at round numbers. */
function ticks(total: number): readonly number[] {
  const rough = 10 ** Math.floor(Math.log10(Math.max(total, 1e-3)));
  const step = [1, 0.5, 0.2].map((part) => rough * part).find((one) => total / one >= 4);
  const each = step ?? rough * 0.1;
  return Array.from({ length: Math.floor(total / each) + 1 }, (_, index) => index * each);
}

function tickMark(value: number, x: number, y: number): string {
  const shown = String(Number(value.toPrecision(6)));
  return `<path d="M${x.toFixed(2)} ${top - 6}V${y}" stroke="#0002"/>${text(x, y + 14, `${shown} ms`)}`;
}

const text = (x: number, y: number, words: string, anchor = 'middle'): string =>
  `<text x="${x.toFixed(2)}" y="${y}" text-anchor="${anchor}">${escaped(words)}</text>`;

const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
