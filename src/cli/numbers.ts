/**
 * Numbers of the command line: decimal digits and nothing else.
 *
 * `Number('')`, `parseInt('1x')` and signs are how a wrong user id becomes root (CVE-2026-30892 in crun).
 */
import { RuntError } from '../base/errors.ts';

/** The last id: 4294967295 is (uid_t)-1, which means "leave as it is" to the kernel. */
const lastId = 4_294_967_294;

/** `what` names the number in the refusal, such as `user id`. */
export function wholeNumber(text: string, what: string, highest: number): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= highest) return number;
  throw new RuntError('usage', {
    text: `invalid ${what} ${JSON.stringify(text)}: want a whole number from 0 to ${highest}`,
  });
}

export function idNumber(text: string, what: string): number {
  return wholeNumber(text, what, lastId);
}
