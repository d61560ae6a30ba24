/**
 * What is set by writing below /proc: sysctls, the out-of-memory score, security labels.
 *
 * Never through the container's /proc, which its image or volumes may have covered (CVE-2019-16884, CVE-2025-52881):
 * a procfs of our own is made, used by its descriptor, and forgotten.
 */
import type { Process } from '../bundle/config.ts';
import type { Slot } from './generated/ops.ts';
import { addLabels, wantsLabels } from './labels.ts';
import type { ContainerInput } from './input.ts';
import type { MountApi } from './mount-api.ts';
import type { Draft } from './plan.ts';

/** `net.ipv4.ip_forward` and `net/ipv4/conf/eth0.1/rp_filter`: whichever separator comes first is the separator. */
export function sysctlPath(name: string): string {
  const slash = name.indexOf('/');
  const dot = name.indexOf('.');
  const dots = dot !== -1 && (slash === -1 || dot < slash);
  const swapped = dots ? name.replaceAll(/[./]/g, (c) => (c === '.' ? '/' : '.')) : name;
  return `sys/${swapped}`;
}

export function addProcWrites(
  draft: Draft,
  mounts: MountApi,
  { config, apparmorFile }: ContainerInput,
): void {
  const sysctls = Object.entries(config.linux?.sysctl ?? {});
  const score = config.process?.oomScoreAdj;
  const labels = config.process !== undefined && wantsLabels(config.process);
  if (sysctls.length === 0 && score === undefined && !labels) return;
  const folder = mounts.privateProc();
  for (const [name, text] of sysctls)
    draft.add(
      `set the sysctl ${name} to ${text}`,
      { kind: 'writeFile', folder, path: sysctlPath(name), text },
      { origin: `linux.sysctl["${name}"]` },
    );
  if (config.process) addOomScore(draft, config.process, folder);
  if (config.process) addLabels(draft, config.process, folder, apparmorFile);
  draft.release(folder);
}

export function addOomScore(draft: Draft, { oomScoreAdj }: Process, proc: Slot): void {
  if (oomScoreAdj === undefined) return;
  draft.add(
    `set the out-of-memory score adjustment to ${oomScoreAdj}`,
    { kind: 'writeFile', folder: proc, path: 'self/oom_score_adj', text: String(oomScoreAdj) },
    { origin: 'process.oomScoreAdj' },
  );
}
