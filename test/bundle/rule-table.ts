/**
 * Runs a rule over accepted and refused examples; a refusal is compared by code and pointer, so that none passes for another's reason.
 */
import { expect, test } from 'vitest';
import type { Finding } from '../../src/base/errors.ts';
import type { Config, Linux, NamespaceType, Process } from '../../src/bundle/config.ts';
import type { ProcessRule, Rule } from '../../src/bundle/rules/rule.ts';

interface Table<T> {
  readonly accepted: readonly T[];
  /** An example and its findings, each as `code pointer`. */
  readonly refused: readonly (readonly [example: T, ...findings: string[]])[];
}

export function ruleTable(rule: Rule, table: Table<Partial<Config>>): void {
  run(table, (example) => rule({ ociVersion: '1.3.0', root: { path: 'rootfs' }, ...example }));
}

/** Pointers in the table are below the process. */
export function processRuleTable(rule: ProcessRule, table: Table<Partial<Process>>): void {
  run(table, (example) => rule({ cwd: '/', args: ['sh'], ...example }, ''));
}

function run<T>({ accepted, refused }: Table<T>, apply: (example: T) => readonly Finding[]): void {
  test.each(accepted)('accepts %j', (example) => {
    expect(apply(example)).toEqual([]);
  });
  test.each(refused.map(([example, ...expected]) => ({ example, expected })))(
    'refuses $example',
    ({ example, expected }) => {
      const findings = apply(example);
      expect(findings.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(expected);
      for (const { allowed, section } of findings) {
        expect(allowed).not.toBe('');
        expect(section).toMatch(/^config(-linux)?\.md#/);
      }
    },
  );
}

/** A config whose Linux section has these namespaces, all new. */
export function withNamespaces(
  types: readonly NamespaceType[],
  linux: Linux = {},
): { linux: Linux } {
  return { linux: { ...linux, namespaces: types.map((type) => ({ type })) } };
}
