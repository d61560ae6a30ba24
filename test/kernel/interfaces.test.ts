import { expect, test } from 'vitest';
import { isLastingAddress, isOwnRoute, messagesIn } from '../../src/kernel/interfaces.ts';

function message(length: number, ...body: number[]): Uint8Array {
  const bytes = new Uint8Array((length + 3) & ~3);
  bytes.set([length], 0);
  bytes.set(body, 16);
  return bytes;
}

test('messages follow one another, padded', () => {
  const all = Uint8Array.from([...message(18, 1, 2), ...message(20, 3)]);
  expect(messagesIn(all).map(({ length }) => length)).toEqual([18, 20]);
  expect(messagesIn(new Uint8Array(7))).toEqual([]);
  // a length of nothing still ends
  expect(messagesIn(new Uint8Array(16))).toHaveLength(1);
});

test('an address lasts when it is permanent and global', () => {
  const ipv4 = 2;
  expect(isLastingAddress(message(24, ipv4, 24, 0x80, 0))).toBe(true);
  expect(isLastingAddress(message(24, ipv4, 24, 0, 0))).toBe(false);
  expect(isLastingAddress(message(24, ipv4, 8, 0x80, 254))).toBe(false);
});

test("a route is somebody's, unless the kernel made it", () => {
  const [boot, kernel] = [3, 2];
  expect(isOwnRoute(message(28, 2, 0, 0, 0, 254, boot))).toBe(true);
  expect(isOwnRoute(message(28, 2, 0, 0, 0, 254, kernel))).toBe(false);
  expect(isOwnRoute(message(28, 2, 0, 0, 0, 254, boot, 0, 0, 0, 2))).toBe(false);
});
