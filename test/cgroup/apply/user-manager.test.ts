/**
 * An ordinary user's systemd makes the units here: the machines of `npm run test:vm` are where this runs.
 */
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemdRuns, unifiedHost } from '../../support/systemd-host.ts';
import { asUser, userManager } from '../../support/user-manager.ts';

const library = fileURLToPath(
  new URL('../../../dist/lib/cgroup/apply/service-manager.js', import.meta.url),
);

/** What the user's program does: a scope with a process of its own, and what became of both. */
const program = `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
const { openServiceManager } = await import(${JSON.stringify(library)});
const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
const manager = await openServiceManager({ user: true, env: process.env, blocking: process.argv[1] === 'blocking' });
const group = await manager.controlGroup();
try {
  await manager.startTransientUnit('runt-test.scope', [
    { name: 'Slice', signature: 's', value: 'user.slice' },
    { name: 'PIDs', signature: 'au', value: [child.pid] },
    { name: 'Delegate', signature: 'b', value: true },
  ]);
  const own = readFileSync('/proc/' + child.pid + '/cgroup', 'utf8').trim();
  const ended = once(child, 'exit');
  await manager.stopUnit('runt-test.scope');
  await ended;
  console.log(JSON.stringify({ group, own }));
} catch (error) {
  child.kill('SIGKILL');
  console.log(JSON.stringify({ facts: error.facts, code: error.code, message: error.message }));
}
manager.close();
`;

describe.skipIf(!systemdRuns || !unifiedHost)(
  'a user’s manager, where systemd is pid 1 and cgroups are v2',
  () => {
    test.each([
      ['its own socket', false, 'blocking'],
      ['its message bus', true, 'blocking'],
      ['its message bus, in turns', true, 'turns'],
    ])('is found at %s, and makes scopes below its own cgroup', (_, withBus, way) => {
      const manager = userManager('runt-test-user', withBus);
      onTestFinished(manager.stop);
      const said: unknown = JSON.parse(
        asUser(manager, process.execPath, '--input-type=module', '-e', program, way),
      );
      const group = `/system.slice/${manager.unit}`;
      expect(said).toEqual({ group, own: `0::${group}/user.slice/runt-test.scope` });
    });
  },
);
