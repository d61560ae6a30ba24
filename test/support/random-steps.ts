/**
 * Steps with any arguments that the table of operations allows: they make no sense, and have to survive all the same.
 */
import { type ArgumentType, type Op, type OpKind, opTable } from '../../src/plan/generated/ops.ts';
import type { Step } from '../../src/plan/plan.ts';
import type { Random } from './random.ts';

const isOpKind = (name: string): name is OpKind => name in opTable;

export const opKinds: readonly OpKind[] = Object.keys(opTable).filter(isOpKind);

function text(random: Random): string {
  const pieces = ['', 'a', '/', 'ä€', '\u{1f4e6}', ' ', '=', 'long '.repeat(50)] as const;
  return Array.from({ length: random.below(5) }, () => random.pick(pieces)).join('');
}

function argument(random: Random, type: ArgumentType): unknown {
  const word = (): number => random.pick([0, 1, 0xffff_ffff, random.below(2 ** 31)]);
  switch (type) {
    case 'u':
      return word();
    case 'q':
      return (BigInt(word()) << 32n) | BigInt(word());
    case 's':
      return text(random);
    case 'l':
      return Array.from({ length: random.below(6) }, () => text(random));
    case 'n':
      return Array.from({ length: random.below(6) }, word);
    case 'f':
    case 'o':
      return random.below(1024);
  }
}

/** Whether the object has every argument of the operation: it was made from the table. */
const isOp = (value: object): value is Op =>
  'kind' in value &&
  typeof value.kind === 'string' &&
  isOpKind(value.kind) &&
  opTable[value.kind].args.every(([name]) => name in value);

export function randomStep(random: Random, kind: OpKind): Step {
  const args = opTable[kind].args.map(([name, type]) => [name, argument(random, type)] as const);
  const op = { ...Object.fromEntries(args), kind };
  if (!isOp(op)) throw new Error(`no operation: ${kind}`);
  return {
    op,
    origin: '',
    doing: '',
    tolerate: random.pick([[], ['ENOENT'], ['EPERM', 'EBUSY'], ['any']]),
    warn: random.below(2) === 1,
    explain: {},
  };
}
