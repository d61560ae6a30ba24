/**
 * Just enough of the kernel's eBPF machine to run and to print device programs.
 *
 * It knows only the instructions such a program has, and throws on every other one, on a jump out of
 * the program and on a register read before it is written: the verifier would refuse those.
 */

export interface DeviceUse {
  readonly type: 'b' | 'c';
  readonly major: number;
  readonly minor: number;
  /** Letters of `rwm`. */
  readonly access: string;
}

interface Instruction {
  readonly code: number;
  readonly dst: number;
  readonly src: number;
  readonly offset: number;
  readonly immediate: number;
}

function decode(program: Uint8Array): readonly Instruction[] {
  if (program.length % 8 !== 0) throw new Error('half an instruction');
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  return Array.from({ length: program.length / 8 }, (_, index) => ({
    code: view.getUint8(index * 8),
    dst: view.getUint8(index * 8 + 1) & 0xf,
    src: view.getUint8(index * 8 + 1) >> 4,
    offset: view.getInt16(index * 8 + 2, true),
    immediate: view.getInt32(index * 8 + 4, true),
  }));
}

/** One line an instruction: its place, and what it does; the target of a jump is a place. */
export function programText(program: Uint8Array): string {
  return decode(program)
    .map((instruction, place) => `${place}: ${instructionText(instruction, place)}`)
    .join('\n');
}

function instructionText(instruction: Instruction, place: number): string {
  const { code, dst, src, offset, immediate } = instruction;
  const target = place + 1 + offset;
  switch (code) {
    case 0x61:
      return `r${dst} = *(u32 *)(r${src} + ${offset})`;
    case 0x54:
      return `w${dst} &= ${immediate}`;
    case 0x74:
      return `w${dst} >>= ${immediate}`;
    case 0xb4:
      return `w${dst} = ${immediate}`;
    case 0xbc:
      return `w${dst} = w${src}`;
    case 0x15:
      return `if r${dst} == ${immediate} goto ${target}`;
    case 0x55:
      return `if r${dst} != ${immediate} goto ${target}`;
    case 0x5d:
      return `if r${dst} != r${src} goto ${target}`;
    case 0x95:
      return 'exit';
    default:
      throw new Error(`instruction ${code.toString(16)}`);
  }
}

/** What the kernel does with this use of a device: true when the program returns something other than 0. */
export function permits(program: Uint8Array, use: DeviceUse): boolean {
  const instructions = decode(program);
  const context = [accessType(use), use.major, use.minor];
  const registers = new Map<number, number>([[1, -1]]);
  const read = (register: number): number => {
    const value = registers.get(register);
    if (value === undefined) throw new Error(`r${register} is read before it is written`);
    return value;
  };
  for (let place = 0; ; place += 1) {
    const instruction = instructions[place];
    if (instruction === undefined) throw new Error('ran out of the program');
    const { code, dst, src, offset, immediate } = instruction;
    switch (code) {
      case 0x61:
        if (src !== 1) throw new Error('loads from elsewhere than the context');
        registers.set(dst, context[offset / 4] ?? Number.NaN);
        break;
      case 0x54:
        registers.set(dst, (read(dst) & immediate) >>> 0);
        break;
      case 0x74:
        registers.set(dst, read(dst) >>> immediate);
        break;
      case 0xb4:
        registers.set(dst, immediate >>> 0);
        break;
      case 0xbc:
        registers.set(dst, read(src));
        break;
      case 0x15:
        if (read(dst) === immediate) place += offset;
        break;
      case 0x55:
        if (read(dst) !== immediate) place += offset;
        break;
      case 0x5d:
        if (read(dst) !== read(src)) place += offset;
        break;
      case 0x95:
        return read(0) !== 0;
      default:
        throw new Error(`instruction ${code.toString(16)}`);
    }
  }
}

function accessType({ type, access }: DeviceUse): number {
  const bits: Readonly<Record<string, number>> = { m: 1, r: 2, w: 4 };
  const ways = access.split('').reduce((sum, letter) => sum | (bits[letter] ?? 0), 0);
  return (ways << 16) | (type === 'b' ? 1 : 2);
}
