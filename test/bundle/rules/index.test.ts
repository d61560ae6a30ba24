import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defaultConfig } from '../../../src/bundle/default-config.ts';
import { applyProcessRules, applyRules } from '../../../src/bundle/rules/index.ts';

test.each([true, false])('the default config breaks no rule (cgroup v2: %s)', (cgroupV2) => {
  expect(applyRules(defaultConfig({ cgroupV2 }))).toEqual([]);
});

test('every rule of the table runs, and the findings come together', () => {
  const config = { ...defaultConfig({ cgroupV2: false }), ociVersion: 'x', linux: {} };
  const process = { cwd: 'a', args: [] };
  const codes = applyRules({ ...config, process }).map(({ code }) => code);
  expect(codes).toEqual(['oci-version', 'hostname-needs-uts', 'process-args', 'process-cwd']);
});

test('a container without a process, to be started never, is not a fault', () => {
  const { process: _, ...config } = defaultConfig({ cgroupV2: false });
  expect(applyRules(config)).toEqual([]);
});

test('the rules of a process alone point from the process', () => {
  const findings = applyProcessRules({ cwd: 'a\0', args: ['sh'] });
  expect(findings.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
    'process-cwd /cwd',
    'nul-byte /cwd',
  ]);
});

test('unknown capabilities are not a fault: the specification asks for a warning', () => {
  expect(
    applyProcessRules({ cwd: '/', args: ['sh'], capabilities: { bounding: ['CAP_X'] } }),
  ).toEqual([]);
});

test('no rule is forgotten in the table, and each has its examples', () => {
  const table = readFileSync('src/bundle/rules/index.ts', 'utf8');
  const examples = readdirSync('test/bundle/rules');
  const rules = readdirSync('src/bundle/rules').filter((name) => !/^(index|rule)\.ts$/.test(name));
  expect(rules.filter((name) => !table.includes(`'./${name}'`))).toEqual([]);
  expect(rules.filter((name) => !examples.includes(name.replace('.ts', '.test.ts')))).toEqual([]);
});
