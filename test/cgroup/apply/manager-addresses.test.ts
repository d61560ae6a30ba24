/**
 * All ways to systemd, each of which makes a unit: the machines of `npm run test:vm` are where this runs.
 */
import { execaSync } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { scopeProgram } from '../../support/scope-program.ts';
import { systemdRuns, unifiedHost } from '../../support/systemd-host.ts';
import { asUser, userManager } from '../../support/user-manager.ts';

/** What the program says where systemd's own socket is covered. */
function withoutSocket(env: Readonly<Record<string, string>>, way: string): unknown {
  const script = 'mount --bind /dev/null /run/systemd/private; exec "$@"';
  const node = [process.execPath, '--input-type=module', '-e', scopeProgram, 'system', way];
  const { stdout } = execaSync('unshare', ['-m', 'sh', '-c', script, 'sh', ...node], { env });
  return JSON.parse(stdout);
}

describe.skipIf(!systemdRuns)('without systemd’s own socket, where systemd is pid 1', () => {
  test.each(['blocking', 'turns'])('it is found on the message bus, %s', (way) => {
    expect(withoutSocket({}, way)).toMatchObject({
      group: '/',
      own: expect.stringMatching(/:\/user\.slice\/UNIT$/),
    });
  });

  test('and without the bus, each that was tried is told', () => {
    const env = { DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nonexistent' };
    expect(withoutSocket(env, 'blocking')).toMatchObject({
      code: 'systemd-unreachable',
      facts: {
        tried: [
          { address: 'unix:path=/run/systemd/private', reason: 'ECONNREFUSED' },
          { address: 'unix:path=/nonexistent', reason: 'ENOENT' },
        ],
      },
    });
  });
});

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
        asUser(manager, process.execPath, '--input-type=module', '-e', scopeProgram, 'user', way),
      );
      const group = `/system.slice/${manager.unit}`;
      expect(said).toEqual({ group, own: `0::${group}/user.slice/UNIT` });
    });
  },
);
