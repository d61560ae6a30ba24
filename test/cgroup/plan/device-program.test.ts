import { describe, expect, test } from 'vitest';
import { accessText } from '../../../src/cgroup/plan/device-access.ts';
import { deviceProgram } from '../../../src/cgroup/plan/device-program.ts';
import {
  deviceFilter,
  type DeviceFilter,
  type DeviceRule,
} from '../../../src/cgroup/plan/device-rules.ts';
import { permits, programText, type DeviceUse } from '../../support/device-program-machine.ts';

const accesses = ['r', 'w', 'm', 'rw', 'rm', 'wm', 'rwm'];
const numbers = [0, 1, 3, 5, 8, 9, 10, 136, 200, 4095];

/** The same verdict, said in the words of the v1 controller's documentation. */
function expected({ defaultAllow, exceptions }: DeviceFilter, use: DeviceUse): boolean {
  const hits = exceptions.filter(
    ({ type, major, minor }) =>
      type === use.type &&
      (major === '*' || major === use.major) &&
      (minor === '*' || minor === use.minor),
  );
  const asked = use.access.split('');
  if (defaultAllow) {
    return !hits.some(({ access }) => asked.some((way) => accessText(access).includes(way)));
  }
  return hits.some(({ access }) => asked.every((way) => accessText(access).includes(way)));
}

const lists: Readonly<Record<string, readonly DeviceRule[]>> = {
  'no rules': [],
  'a block device for reading': [{ allow: true, type: 'b', major: 8, minor: 0, access: 'r' }],
  'any block device': [{ allow: true, type: 'b', access: 'rw' }],
  everything: [{ allow: true, access: 'rwm' }],
  'everything but writing to some disks': [
    { allow: true, access: 'rwm' },
    { allow: false, type: 'b', major: 8, access: 'w' },
    { allow: false, type: 'b', minor: 200, access: 'rm' },
    { allow: false, type: 'c', major: 10, minor: 10, access: 'rwm' },
  ],
};

describe('deviceProgram', () => {
  test.each(Object.entries(lists))('%s: every use has its verdict', (_, rules) => {
    const filter = deviceFilter(rules);
    const program = deviceProgram(filter);
    for (const type of ['b', 'c'] as const) {
      for (const major of numbers) {
        for (const minor of numbers) {
          for (const access of accesses) {
            const use = { type, major, minor, access };
            expect({ use, permits: permits(program, use) }).toEqual({
              use,
              permits: expected(filter, use),
            });
          }
        }
      }
    }
  });

  test('golden: two allowed', () => {
    const program = deviceProgram({
      defaultAllow: false,
      exceptions: [
        { type: 'c', major: '*', minor: '*', access: 1 },
        { type: 'b', major: 8, minor: 1, access: 7 },
      ],
    });
    expect(programText(program)).toMatchInlineSnapshot(`
      "0: r2 = *(u32 *)(r1 + 0)
      1: w2 &= 65535
      2: r3 = *(u32 *)(r1 + 0)
      3: w3 >>= 16
      4: r4 = *(u32 *)(r1 + 4)
      5: r5 = *(u32 *)(r1 + 8)
      6: if r2 != 2 goto 12
      7: w6 = w3
      8: w6 &= 1
      9: if r6 != r3 goto 12
      10: w0 = 1
      11: exit
      12: if r2 != 1 goto 17
      13: if r4 != 8 goto 17
      14: if r5 != 1 goto 17
      15: w0 = 1
      16: exit
      17: w0 = 0
      18: exit"
    `);
  });

  test('golden: everything but writing to one major number', () => {
    const program = deviceProgram({
      defaultAllow: true,
      exceptions: [{ type: 'b', major: 8, minor: '*', access: 4 }],
    });
    expect(programText(program)).toMatchInlineSnapshot(`
      "0: r2 = *(u32 *)(r1 + 0)
      1: w2 &= 65535
      2: r3 = *(u32 *)(r1 + 0)
      3: w3 >>= 16
      4: r4 = *(u32 *)(r1 + 4)
      5: r5 = *(u32 *)(r1 + 8)
      6: if r2 != 1 goto 13
      7: w6 = w3
      8: w6 &= 4
      9: if r6 == 0 goto 13
      10: if r4 != 8 goto 13
      11: w0 = 0
      12: exit
      13: w0 = 1
      14: exit"
    `);
  });

  test('is laid out as struct bpf_insn, least significant byte first', () => {
    const program = deviceProgram({ defaultAllow: true, exceptions: [] });
    expect(Buffer.from(program).toString('hex').match(/.{16}/g)).toEqual([
      '6112000000000000',
      '54020000ffff0000',
      '6113000000000000',
      '7403000010000000',
      '6114040000000000',
      '6115080000000000',
      'b400000001000000',
      '9500000000000000',
    ]);
  });
});
