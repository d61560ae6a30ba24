/**
 * `features`: features.md and features-linux.md of the specification, read off the tables that do the work.
 *
 * It tells of this build, whatever the host offers; only what the specification asks of the host is asked: the
 * capabilities and the seccomp flags of its kernel, and whether libseccomp is there.
 */
import type { HookStage } from '../bundle/config.ts';
import { knowsSeccompFlags, lastCapability } from '../kernel/abilities.ts';
import { capabilityNames } from '../plan/capability.ts';
import { cloneFlag } from '../plan/flags.ts';
import { mountOptionNames } from '../plan/mount-options.ts';
import { memoryPolicyNames } from '../plan/scheduling.ts';
import { architectureNames } from '../seccomp/architecture.ts';
import { companionOf, seccompFlags } from '../seccomp/flags.ts';
import { actionNames, operatorNames } from '../seccomp/recipe.ts';
import type { Features, VersionReport } from './requests.ts';
import { version } from './version.ts';

type LinuxFeatures = NonNullable<Features['linux']>;

/** In the order in which they run. */
const hookStages: Readonly<Record<HookStage, true>> = {
  prestart: true,
  createRuntime: true,
  createContainer: true,
  startContainer: true,
  poststart: true,
  poststop: true,
};

export async function features(): Promise<Features> {
  const report = await version();
  return {
    ociVersionMin: '1.0.0',
    ociVersionMax: report.spec,
    hooks: Object.keys(hookStages),
    mountOptions: mountOptionNames(),
    linux: linuxFeatures(report),
    annotations: {
      ...(report.libseccomp !== undefined && {
        'io.github.seccomp.libseccomp.version': report.libseccomp,
      }),
      'org.opencontainers.runt.checkpoint.enabled': 'false',
      ...(report.commit !== '' && { 'org.opencontainers.runt.commit': report.commit }),
      'org.opencontainers.runt.version': report.version,
    },
    // properties of the container's systemd unit, which root's systemd takes as they are
    potentiallyUnsafeConfigAnnotations: ['org.systemd.property.'],
  };
}

function linuxFeatures({ libseccomp }: VersionReport): LinuxFeatures {
  return {
    namespaces: Object.keys(cloneFlag).toSorted(),
    capabilities: [...capabilityNames(lastCapability())],
    cgroup: {
      v1: true,
      v2: true,
      systemd: true,
      systemdUser: true,
      rdma: true,
    },
    seccomp: seccompFeatures(libseccomp !== undefined),
    apparmor: { enabled: true },
    selinux: { enabled: true },
    intelRdt: { enabled: true, schemata: true, monitoring: true },
    memoryPolicy: {
      modes: memoryPolicyNames.modes.toSorted(),
      flags: memoryPolicyNames.flags.toSorted(),
    },
    mountExtensions: { idmap: { enabled: true } },
    netDevices: { enabled: true },
  };
}

/** Without the library there is no filter, whatever else is known. */
function seccompFeatures(enabled: boolean): NonNullable<LinuxFeatures['seccomp']> {
  const known = seccompFlags.map(([name]) => name);
  const supported = seccompFlags
    .filter(([, bit]) => enabled && knowsSeccompFlags(bit | companionOf(bit)))
    .map(([name]) => name);
  return {
    enabled,
    actions: actionNames.toSorted(),
    operators: operatorNames.toSorted(),
    archs: architectureNames.toSorted(),
    knownFlags: known,
    supportedFlags: supported,
  };
}
