/** What is said of the programs that call runtimes. */
import { expect, it } from 'vitest';
import type { Check } from '../../src/doctor/check.ts';
import { judgeClients } from '../../src/doctor/clients.ts';
import type { ClientFacts, HostFacts } from '../../src/doctor/facts.ts';
import { healthyHost } from '../support/healthy-host.ts';

const nobody: ClientFacts = { client: 'docker', files: [], damaged: [], runtimes: [] };
const docker = { ...nobody, program: '/usr/bin/dockerd', files: ['/etc/docker/daemon.json'] };
const runt = { name: 'runt', path: '/usr/local/bin/runt', program: 'there' } as const;

const judged = (clients: readonly ClientFacts[], more: Partial<HostFacts> = {}): readonly Check[] =>
  judgeClients({ ...healthyHost, ...more, clients });

it('says so in one line when none is here', () => {
  expect(judged([nobody])).toEqual([
    expect.objectContaining({ name: 'clients', verdict: 'note', todo: [] }),
  ]);
});

it('tells how to get there where a client does not know runt', () => {
  const [check] = judged([docker]);
  expect(check).toMatchObject({
    name: 'docker',
    verdict: 'note',
    says: 'is here, and its configuration does not name runt',
  });
  expect(check?.todo.join()).toContain('/etc/docker/daemon.json');
});

it('names every way to runt, and the one that is taken by itself', () => {
  const again = { ...runt, name: 'fast' };
  const [check] = judged([{ ...docker, runtimes: [runt, again], byDefault: 'fast' }]);
  expect(check).toMatchObject({
    verdict: 'ok',
    says: 'Docker knows it as runt (/usr/local/bin/runt), fast (/usr/local/bin/runt), and takes it when none is named',
  });
});

it('warns of a path that leads nowhere', () => {
  const says = (program: 'missing' | 'not-executable') =>
    judged([{ ...docker, runtimes: [{ ...runt, program }] }])[0];
  expect(says('missing')).toMatchObject({
    verdict: 'warn',
    says: 'its runtime runt is /usr/local/bin/runt, which does not exist',
  });
  expect(says('not-executable')?.says).toContain('nobody may execute');
});

it("warns of systemd's cgroups where there is no systemd", () => {
  const clients = [{ ...docker, runtimes: [{ ...runt, systemdCgroup: true }] }];
  const without = { serviceManager: { user: false, running: false } };
  expect(judged(clients)[0]?.verdict).toBe('ok');
  expect(judged(clients, without)[0]).toMatchObject({ verdict: 'warn' });
});

it('warns of a file that is damaged', () => {
  const damaged = [{ file: '/etc/docker/daemon.json', reason: 'line 2: oops' }];
  expect(judged([{ ...docker, damaged }])[0]).toMatchObject({
    verdict: 'warn',
    says: '/etc/docker/daemon.json cannot be read: line 2: oops',
  });
});
