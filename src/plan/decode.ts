/**
 * Bytes back to steps: proves in tests that encoding loses nothing, and reads a plan that somebody saved.
 *
 * The reader that guards a privileged process is the one in native/init/decode.c; this one trusts its input.
 */
import { headerSize, magic, version, warnFlag } from './encode.ts';
import { type ArgumentType, opTable } from './generated/ops.ts';

export interface DecodedStep {
  readonly kind: string;
  readonly warn: boolean;
  /** Errno numbers; 65535 stands for any. */
  readonly tolerate: readonly number[];
  readonly args: Readonly<Record<string, number | bigint | string | string[] | number[]>>;
}

const byNumber = new Map(
  Object.entries(opTable).map(([kind, row]) => [row.number, { kind, args: row.args }]),
);

export function decodePlan(image: Uint8Array): DecodedStep[] {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  if (view.getUint32(0, true) !== magic || view.getUint32(4, true) !== version)
    throw new TypeError('not a plan');
  const steps: DecodedStep[] = [];
  let at = headerSize;
  for (let left = view.getUint32(12, true); left > 0; left--) {
    const row = byNumber.get(view.getUint16(at, true));
    if (row === undefined) throw new TypeError(`unknown operation at ${at}`);
    const tolerate = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)];
    steps.push({
      kind: row.kind,
      warn: (view.getUint8(at + 3) & warnFlag) !== 0,
      tolerate: tolerate.filter((errno) => errno !== 0),
      args: Object.fromEntries(
        row.args.map(([name, type], index) => [name, readArgument(view, at + 8 + index * 8, type)]),
      ),
    });
    at += 8 + 8 * row.args.length;
  }
  return steps;
}

function readArgument(
  view: DataView,
  at: number,
  type: ArgumentType,
): number | bigint | string | string[] | number[] {
  const offset = view.getUint32(at, true);
  const length = view.getUint32(at + 4, true);
  switch (type) {
    case 'q':
      return view.getBigUint64(at, true);
    case 's':
      return readString(view, offset, length);
    case 'l':
      return Array.from({ length }, (_, i) =>
        readString(
          view,
          view.getUint32(offset + i * 8, true),
          view.getUint32(offset + i * 8 + 4, true),
        ),
      );
    case 'n':
      return Array.from({ length }, (_, i) => view.getUint32(offset + i * 4, true));
    case 'u':
    case 'f':
    case 'o':
      return offset;
  }
}

const readString = (view: DataView, offset: number, length: number): string =>
  new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + offset, length));
