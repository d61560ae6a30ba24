/**
 * The programs that call a runtime: whether their configuration leads to runt, and to one that is there.
 */
import { type Check, note, ok, warn } from './check.ts';
import type { ClientFacts, ClientName, HostFacts, NamedRuntime } from './facts.ts';

const shownNames: Readonly<Record<ClientName, string>> = {
  containerd: 'containerd',
  docker: 'Docker',
  podman: 'Podman',
  'cri-o': 'CRI-O',
};

/** How one gets there. */
const howTo: Readonly<Record<ClientName, readonly string[]>> = {
  containerd: [
    'ctr run --runc-binary /usr/local/bin/runt …',
    'for Kubernetes, a runtime in its configuration with BinaryName = "/usr/local/bin/runt"',
  ],
  docker: ['"runtimes": {"runt": {"path": "/usr/local/bin/runt"}} in /etc/docker/daemon.json'],
  podman: ['podman --runtime /usr/local/bin/runt …'],
  'cri-o': ['[crio.runtime.runtimes.runt] with its runtime_path, in /etc/crio/crio.conf.d/'],
};

export function judgeClients(facts: HostFacts): readonly Check[] {
  const here = facts.clients.filter(isHere);
  if (here.length === 0)
    return [note('clients', 'none of containerd, Docker, Podman and CRI-O is here')];
  return here.map((client) => judgeClient(client, facts));
}

const isHere = ({ program, files, damaged }: ClientFacts): boolean =>
  program !== undefined || files.length > 0 || damaged.length > 0;

function judgeClient(facts: ClientFacts, host: HostFacts): Check {
  const { client, damaged, runtimes, program } = facts;
  const [fault] = damaged;
  if (fault !== undefined) return warn(client, `${fault.file} cannot be read: ${fault.reason}`);
  if (runtimes.length === 0) {
    const is =
      program === undefined ? 'its configuration is here, and' : 'is here, and its configuration';
    return note(client, `${is} does not name runt`, ...howTo[client]);
  }
  const lost = runtimes.find((runtime) => runtime.program !== 'there');
  if (lost !== undefined)
    return warn(
      client,
      `its runtime ${lost.name} is ${lost.path}, which ${lost.program === 'missing' ? 'does not exist' : 'nobody may execute'}`,
      `correct the path in ${facts.files.join(' or ')}`,
    );
  const stuck = runtimes.find(({ systemdCgroup }) => systemdCgroup === true);
  if (stuck !== undefined && !host.serviceManager.running)
    return warn(
      client,
      `its runtime ${stuck.name} is to have cgroups from systemd, which does not run here`,
      `turn systemd's cgroups off in ${facts.files.join(' or ')}`,
    );
  return ok(client, named(shownNames[client], runtimes, facts.byDefault));
}

function named(
  shown: string,
  runtimes: readonly NamedRuntime[],
  byDefault: string | undefined,
): string {
  const ways = runtimes.map(({ name, path }) => (name === path ? path : `${name} (${path})`));
  const isDefault = runtimes.some(({ name }) => name === byDefault);
  return `${shown} knows it as ${ways.join(', ')}${isDefault ? ', and takes it when none is named' : ''}`;
}
