/**
 * Values of comparisons are 64 bits wide, and a number of JavaScript holds 53: a mask that is rounded lets through what
 * it should stop. Where a profile has such a value, it is read again from the config's text.
 */
import type { Seccomp, SyscallArg, SyscallRule } from '../bundle/config.ts';
import { RuntError } from '../base/errors.ts';

/** A profile as the config has it. */
export type Profile = Seccomp;

export interface ExactArg extends Omit<SyscallArg, 'value' | 'valueTwo'> {
  readonly value: number | bigint;
  readonly valueTwo?: number | bigint;
}

export interface ExactRule extends Omit<SyscallRule, 'args'> {
  readonly args?: readonly ExactArg[];
}

/** A profile whose values are what stands in the text. */
export interface ExactProfile extends Omit<Seccomp, 'syscalls'> {
  readonly syscalls?: readonly ExactRule[];
}

const wide = ({ value, valueTwo = 0 }: SyscallArg): boolean =>
  !Number.isSafeInteger(value) || !Number.isSafeInteger(valueTwo);

/** `text` is the whole config that the profile was read from. */
export function exactProfile(profile: Profile, text: string): ExactProfile {
  if (!profile.syscalls?.some(({ args = [] }) => args.some(wide))) return profile;
  const document: unknown = JSON.parse(text.replaceAll(/"(?:[^"\\]|\\.)*"|[-+.\deE]+/g, quoteWide));
  const syscalls = profile.syscalls.map((rule, place): ExactRule => ({
    ...rule,
    ...(rule.args && {
      args: rule.args.map((arg, number) => {
        const at = ['linux', 'seccomp', 'syscalls', place, 'args', number];
        const { valueTwo } = arg;
        return {
          ...arg,
          value: exact(document, [...at, 'value'], arg.value),
          ...(valueTwo !== undefined && {
            valueTwo: exact(document, [...at, 'valueTwo'], valueTwo),
          }),
        };
      }),
    }),
  }));
  return { ...profile, syscalls };
}

/** Digits that may be too many become a string; strings and other numbers stay. */
const quoteWide = (token: string): string => (/^\d{16,}$/.test(token) ? `"${token}"` : token);

function exact(
  document: unknown,
  names: readonly (string | number)[],
  rounded: number,
): number | bigint {
  if (Number.isSafeInteger(rounded)) return rounded;
  let found: unknown = document;
  for (const name of names)
    found = typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined;
  const value = typeof found === 'string' ? BigInt(found) : BigInt(rounded);
  if (value === BigInt.asUintN(64, value)) return value;
  const finding = {
    code: 'schema/maximum',
    pointer: `/${names.join('/')}`,
    found: String(value),
    allowed: 'at most 18446744073709551615',
    section: 'config-linux.md#seccomp',
  };
  throw new RuntError('bundle-invalid', { path: 'config.json', findings: [finding] });
}
