/** spec, plan and validate: the commands that take a bundle and make no container. */
import { describe, expect, it } from 'vitest';
import { cli } from '../../support/run-cli.ts';

const finding = {
  code: 'schema/type',
  pointer: '/hostname',
  found: '3',
  allowed: 'a string',
  section: 'config.md#hostname',
};

describe('spec', () => {
  it.each([
    [[], '/cwd'],
    [['-b', 'x'], '/cwd/x'],
    [['--bundle=/x'], '/x'],
  ])('takes %j', async (words, bundle) => {
    const { calls, stdout } = await cli(['spec', ...words]);
    expect(calls).toEqual([
      { method: 'spec', argument: { bundle, rootless: false, hostname: 'runt' } },
    ]);
    expect(stdout).toBe('');
  });

  it('can be for a user', async () => {
    const { calls } = await cli(['spec', '--rootless']);
    expect(calls[0]?.argument).toMatchObject({ bundle: '/cwd', rootless: true });
  });

  it("names the host as runc does when it goes by runc's name", async () => {
    const { calls } = await cli(['spec'], {}, { invokedAs: '/usr/sbin/runc' });
    expect(calls[0]?.argument).toMatchObject({ hostname: 'runc' });
  });

  it('refuses an argument', async () => {
    const { message, status } = await cli(['spec', 'x']);
    expect({ message, status }).toEqual({
      message: '/usr/local/bin/runt: "spec" requires exactly 0 argument(s)',
      status: 1,
    });
  });
});

describe.each(['plan', 'validate'] as const)('%s', (verb) => {
  it.each([
    [[], '/cwd'],
    [['x'], '/cwd/x'],
    [['/x', '--format', 'text'], '/x'],
  ])('takes %j', async (words, bundle) => {
    const { calls } = await cli([verb, ...words]);
    expect(calls).toEqual([{ method: verb, argument: bundle }]);
  });

  it.each([
    [['a', 'b'], `/usr/local/bin/runt: "${verb}" requires a maximum of 1 argument(s)`],
    [['--format', 'xml'], 'invalid format option: xml'],
    [['-f', 'json'], 'flag provided but not defined: -f'],
  ])('refuses %j', async (words, text) => {
    const { message, status, calls } = await cli([verb, ...words]);
    expect({ message, status, calls }).toEqual({ message: text, status: 1, calls: [] });
  });
});

describe('plan', () => {
  const plan = { json: { steps: [1] }, text: 'mount /proc\n' };

  it('prints text or JSON', async () => {
    expect((await cli(['plan'], { plan })).stdout).toBe('mount /proc\n');
    const { stdout } = await cli(['plan', '--format=json'], { plan });
    expect(stdout).toBe('{\n  "steps": [\n    1\n  ]\n}\n');
  });
});

describe('validate', () => {
  it('says that a bundle is valid', async () => {
    const { stdout, status } = await cli(['validate', 'b']);
    expect({ stdout, status }).toEqual({ stdout: '/cwd/b is a valid bundle\n', status: 0 });
  });

  it('prints one line for each finding, and exits 1', async () => {
    const { stdout, stderr, status } = await cli(['validate'], { validate: [finding, finding] });
    const line = '/hostname: found 3, allowed a string (config.md#hostname)\n';
    expect({ stdout, stderr, status }).toEqual({ stdout: line + line, stderr: '', status: 1 });
  });

  it('prints a JSON array', async () => {
    const faulty = await cli(['validate', '--format', 'json'], { validate: [finding] });
    expect(JSON.parse(faulty.stdout)).toEqual([finding]);
    expect(faulty.status).toBe(1);
    expect((await cli(['validate', '--format', 'json'])).stdout).toBe('[]\n');
  });
});
