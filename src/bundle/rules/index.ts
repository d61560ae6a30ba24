/**
 * The table of rules: what the schema cannot say, because it compares one value with another or looks into a text.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config, Process } from '../config.ts';
import { annotations } from './annotations.ts';
import { cgroupsPath } from './cgroups-path.ts';
import { consoleSize } from './console-size.ts';
import { devices } from './devices.ts';
import { domainname } from './domainname.ts';
import { hooks } from './hooks.ts';
import { hostname } from './hostname.ts';
import { idMappings } from './id-mappings.ts';
import { intelRdt } from './intel-rdt.ts';
import { memoryPolicy } from './memory-policy.ts';
import { mountBind } from './mount-bind.ts';
import { mountDestinations } from './mount-destinations.ts';
import { mountIdmap } from './mount-idmap.ts';
import { namespaceDuplicates } from './namespace-duplicates.ts';
import { namespacePaths } from './namespace-paths.ts';
import { netDevices } from './net-devices.ts';
import { nulBytes, nulBytesOfProcess } from './nul-bytes.ts';
import { ociVersion } from './oci-version.ts';
import { processArgs } from './process-args.ts';
import { processCwd } from './process-cwd.ts';
import { processEnv } from './process-env.ts';
import { resources } from './resources.ts';
import { restrictedPaths } from './restricted-paths.ts';
import { rlimitDuplicates } from './rlimit-duplicates.ts';
import { rlimitOrder } from './rlimit-order.ts';
import { rootPath } from './root-path.ts';
import { rootfsPropagation } from './rootfs-propagation.ts';
import type { ProcessRule, Rule } from './rule.ts';
import { scheduler } from './scheduler.ts';
import { seccompErrno } from './seccomp-errno.ts';
import { seccompListener } from './seccomp-listener.ts';
import { seccompNotify } from './seccomp-notify.ts';
import { sysctls } from './sysctls.ts';
import { timeOffsets } from './time-offsets.ts';
import { userNamespace } from './user-namespace.ts';

const processRules: readonly ProcessRule[] = [
  processArgs,
  processCwd,
  processEnv,
  consoleSize,
  rlimitDuplicates,
  rlimitOrder,
  scheduler,
];

const configRules: readonly Rule[] = [
  ociVersion,
  rootPath,
  nulBytes,
  mountDestinations,
  mountBind,
  mountIdmap,
  hostname,
  domainname,
  hooks,
  annotations,
  namespaceDuplicates,
  namespacePaths,
  userNamespace,
  idMappings,
  timeOffsets,
  devices,
  netDevices,
  cgroupsPath,
  resources,
  intelRdt,
  memoryPolicy,
  sysctls,
  seccompErrno,
  seccompListener,
  seccompNotify,
  rootfsPropagation,
  restrictedPaths,
];

export function applyRules(config: Config): Finding[] {
  const { process } = config;
  const findings: Finding[] = [];
  for (const rule of configRules) findings.push(...rule(config));
  if (process !== undefined) findings.push(...runProcessRules(process, '/process'));
  return findings;
}

/** For a process that stands alone, as in a process.json. */
export function applyProcessRules(process: Process): Finding[] {
  return [...runProcessRules(process, ''), ...nulBytesOfProcess(process, '')];
}

function runProcessRules(process: Process, at: string): Finding[] {
  const findings: Finding[] = [];
  for (const rule of processRules) findings.push(...rule(process, at));
  return findings;
}
