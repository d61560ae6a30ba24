/** On a host whose only hierarchy is cgroup v2, with every controller and a systemd that looks after it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Resources } from '../../src/bundle/config.ts';
import { addMount, type Change, setArgs, sh } from '../support/bundle-builder.ts';
import { probe } from '../support/probe.ts';
import { executable } from '../support/runtimes.ts';
import { useStage } from '../support/stage.ts';
import { hasUnifiedControllers } from './host.ts';

const tools: Change = addMount({
  destination: '/tmp/probe',
  type: 'bind',
  source: probe(),
  options: ['bind', 'ro'],
});

type Rules = NonNullable<Resources['devices']>;

/** A serial line: no default rule allows it, and no capability is asked for. */
const serial = { allow: true, type: 'c', major: 4, minor: 64 } as const;

const devices =
  (rules: Rules): Change =>
  (config) => {
    config.root.readonly = false;
    config.linux.devices = [{ path: '/dev/mine', type: 'c', major: 4, minor: 64, fileMode: 0o666 }];
    config.linux.resources = { devices: [{ allow: false, access: 'rwm' }, ...rules] };
  };

describe.runIf(hasUnifiedControllers)('the one cgroup of a container', () => {
  const stage = useStage(executable);

  it('is where it was born, and not moved to', async () => {
    const trace = join(stage.folder, 'trace');
    const id = stage.id();
    const bundle = stage.bundle(setArgs('cat', '/proc/self/cgroup'), (config) => {
      config.linux.cgroupsPath = `/${stage.name}`;
    });
    const { stdout } = await stage.ok(['run', '-b', bundle, id], {
      through: ['strace', '-f', '-e', 'trace=clone3,write', '-o', trace],
    });
    expect(stdout).toBe(`0::/${stage.name}\n`);
    const calls = readFileSync(trace, 'utf8');
    expect(calls).toMatch(/clone3\(\{flags=[A-Z_|]*CLONE_INTO_CGROUP/);
  });

  const permissions: readonly [what: string, rules: Rules, said: string][] = [
    ['nothing', [], 'Operation not permitted'],
    ['reading', [{ ...serial, access: 'r' }], 'Operation not permitted'],
    ['all of it', [{ ...serial, access: 'rwm' }], 'opened'],
    ['all characters', [{ allow: true, type: 'c', access: 'rwm' }], 'opened'],
    ['all blocks', [{ allow: true, type: 'b', access: 'rwm' }], 'Operation not permitted'],
  ];
  it.each(permissions)(
    'whose rules allow %s: a device for reading and writing',
    async (_, rules, said) => {
      expect(await stage.lines(tools, devices(rules), sh('/tmp/probe open /dev/mine'))).toEqual([
        said,
      ]);
    },
  );

  it('holds all that is started in it, exec too', async () => {
    const { id } = await stage.detached(setArgs('sleep', '60'), (config) => {
      config.linux.cgroupsPath = `/${stage.name}`;
    });
    const { stdout } = await stage.ok(['exec', id, 'cat', '/proc/self/cgroup']);
    expect(stdout).toBe(`0::/${stage.name}\n`);
    await stage.remove(id);
  });
});
