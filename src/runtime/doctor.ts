/**
 * `doctor`: what this host lets runt do. Facts from every room, then one judgement; nothing is made but a user namespace,
 * which ends at once.
 */
import { existsSync } from 'node:fs';
import { isRuntError } from '../base/errors.ts';
import { renderError } from '../base/render-error.ts';
import { cgroupFacts } from '../cgroup/apply/report.ts';
import type { HostFacts, ServiceManagerFacts } from '../doctor/facts.ts';
import { type DoctorReport, judge } from '../doctor/judge.ts';
import { resctrlMountpoint } from '../intel-rdt/plan/mountpoint.ts';
import { callerFacts } from '../kernel/host/caller.ts';
import { clientFacts } from '../kernel/host/clients.ts';
import { stateFolderFacts } from '../kernel/host/folder.ts';
import { criuFacts } from '../kernel/host/programs.ts';
import { textOf } from '../kernel/host/read.ts';
import { resctrlFacts, securityFacts } from '../kernel/host/security.ts';
import { deviceProgramRefused, systemFacts, userNamespaceFacts } from '../kernel/host/system.ts';
import type { Ports } from './ports.ts';
import { ownVersion } from './version.ts';

export interface DoctorPorts extends Pick<Ports, 'kernel' | 'caller' | 'ids' | 'rights'> {
  /** The folder of the containers' state. */
  readonly root: string;
}

export async function doctor(ports: DoctorPorts): Promise<DoctorReport> {
  return judge(await hostFacts(ports));
}

async function hostFacts({ kernel, caller, ids, rights, root }: DoctorPorts): Promise<HostFacts> {
  const { env } = caller;
  const asker = callerFacts(ids.euid, env);
  const { privilege, usersManager } = rights();
  const isHostRoot = privilege === 'host';
  const criu = criuFacts(kernel, env, isHostRoot);
  return {
    version: ownVersion.trim(),
    // the mount namespace of a user namespace's root may be the host's
    system: systemFacts(kernel.facts(), isHostRoot && !asker.lacking.includes('CAP_SYS_ADMIN')),
    caller: asker,
    userNamespaces: userNamespaceFacts(),
    cgroups: cgroupFacts(isHostRoot ? deviceProgramRefused() : undefined),
    serviceManager: await serviceManagerFacts(usersManager, env, kernel.blocking),
    security: securityFacts(env),
    ...(criu && { criu }),
    resctrl: resctrlFacts(resctrlMountpoint(textOf('/proc/self/mountinfo') ?? '')),
    state: stateFolderFacts(root),
    clients: clientFacts(env),
  };
}

/** Nothing of it is loaded where systemd has not booted the host. */
async function serviceManagerFacts(
  user: boolean,
  env: Ports['caller']['env'],
  blocking: boolean,
): Promise<ServiceManagerFacts> {
  if (!existsSync('/run/systemd/system')) return { user, running: false };
  try {
    const { openServiceManager } = await import('../cgroup/apply/service-manager.ts');
    const manager = await openServiceManager({ user, env, blocking, patience: 2000 });
    manager.close();
    return { user, running: true, version: manager.version };
  } catch (error) {
    if (isRuntError(error, 'systemd-missing')) return { user, running: false };
    return { user, running: true, problem: renderError(error) };
  }
}
