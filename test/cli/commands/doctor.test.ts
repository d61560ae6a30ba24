import { expect, it } from 'vitest';
import { judge } from '../../../src/doctor/judge.ts';
import { healthyHost } from '../../support/healthy-host.ts';
import { cli } from '../../support/run-cli.ts';

const healthy = judge(healthyHost);
const ill = judge({
  ...healthyHost,
  caller: { ...healthyHost.caller, lacking: ['CAP_SYS_ADMIN'] },
  serviceManager: { user: false, running: false },
  state: { ...healthyHost.state, freeBytes: 1 << 20 },
});

it('is a line for each check, and one that sums up', async () => {
  const { stdout, status } = await cli(['doctor'], { doctor: healthy });
  const lines = stdout.split('\n');
  expect(lines).toContain('ok    runt-init        can be started from sealed memory');
  expect(lines).toContain('ok    systemd          257 can be reached: --systemd-cgroup works');
  expect(lines.slice(-3)).toEqual(['', 'containers can run here: 17 in order', '']);
  expect(status).toBe(0);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
});

it('says what to do below what is wrong, and answers 1', async () => {
  const { stdout, status } = await cli(['doctor'], { doctor: ill });
  expect(stdout).toContain(
    'fail  capabilities     root lacks CAP_SYS_ADMIN\n' +
      "                       -> start runt with all of root's capabilities\n",
  );
  expect(stdout).toMatch(
    /\n\ncontainers cannot run here: 1 thing missing for it, 1 warning, 1 note, 14 in order\n$/,
  );
  expect(status).toBe(1);
});

it('has colours only on a terminal, and not for those who want none', async () => {
  const output = async (host: Parameters<typeof cli>[2]) =>
    (await cli(['doctor'], { doctor: ill }, host)).stdout;
  const plain = await output({});
  const coloured = await output({ stdoutIsTerminal: () => true });
  expect(coloured).toContain('\u001B[31mfail  \u001B[0mcapabilities');
  expect(
    ['31', '32', '33', '34', '0'].reduce(
      (text, code) => text.replaceAll(`\u001B[${code}m`, ''),
      coloured,
    ),
  ).toBe(plain);
  for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }])
    expect(await output({ stdoutIsTerminal: () => true, env })).toBe(plain);
});

it('is JSON for programs', async () => {
  const { stdout, status } = await cli(['doctor', '--format', 'json'], { doctor: ill });
  expect(JSON.parse(stdout)).toEqual(ill);
  expect(status).toBe(1);
});

it('takes no argument, and two formats', async () => {
  expect((await cli(['doctor', 'x'])).message).toBe(
    '/usr/local/bin/runt: "doctor" requires exactly 0 argument(s)',
  );
  expect((await cli(['doctor', '--format', 'yaml'])).message).toBe('invalid format option: yaml');
});
