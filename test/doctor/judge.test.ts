/** What is said of a host as a whole. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { HostFacts } from '../../src/doctor/facts.ts';
import { judge } from '../../src/doctor/judge.ts';
import { healthyHost } from '../support/healthy-host.ts';
import { found, host, user } from '../support/host-case.ts';

it('has nothing but good to say of a host that lacks nothing', () => {
  const { checks, containersRun, facts } = judge(healthyHost);
  expect(checks.filter(({ verdict, todo }) => verdict !== 'ok' || todo.length > 0)).toEqual([]);
  expect(containersRun).toBe(true);
  expect(facts).toBe(healthyHost);
  expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
});

it('and of one where a plain user may do all that one can', () => {
  const checks = judge(host({ caller: user, serviceManager: { user: true } })).checks;
  expect(checks.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
});

describe('what is not there at all', () => {
  const { criu: _criu, ...withoutCriu } = healthyHost;
  const { libseccomp: _library, ...security } = healthyHost.security;
  const { newuidmap: _tool, ...caller } = healthyHost.caller;

  it('libseccomp', () => {
    expect(found({ ...healthyHost, security }, 'seccomp')).toMatchObject({
      verdict: 'warn',
      says: 'there is no libseccomp: configs with a seccomp profile are refused, and engines send one',
    });
  });

  it('criu', () => {
    expect(found(withoutCriu, 'criu')).toMatchObject({
      verdict: 'note',
      todo: ['apt install criu'],
    });
  });

  it('newuidmap, for root and for a user', () => {
    const facts: HostFacts = { ...healthyHost, caller };
    expect(found(facts, 'id-maps')).toMatchObject({ verdict: 'note' });
    expect(found({ ...facts, caller: { ...facts.caller, ...user } }, 'id-maps')).toMatchObject({
      verdict: 'warn',
      says: 'a container has one id only, yours: there is no newuidmap',
    });
  });
});

it('asks the root of a user namespace for what a plain user needs', () => {
  const facts = host({ caller: { inUserNamespace: true, subuids: 65_536, subgids: 65_536 } });
  const names = judge(facts).checks.map(({ name }) => name);
  expect(names).toContain('procfs');
  expect(names).not.toContain('capabilities');
  expect(names).not.toContain('device-filter');
});

it('has a row in the documentation for each check', () => {
  const text = readFileSync(new URL('../../docs/doctor.md', import.meta.url), 'utf8');
  const nobody = host({ caller: user });
  const names = [healthyHost, nobody, { ...healthyHost, clients: [] }].flatMap((facts) =>
    judge(facts).checks.map(({ name }) => name),
  );
  for (const name of names) expect(text).toMatch(new RegExp(`^\\|.*\`${name}\`.*\\|`, 'm'));
  for (const room of Object.keys(healthyHost)) expect(text).toContain(`\`${room}\``);
});
