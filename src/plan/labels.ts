/**
 * Security labels that the next exec takes on: AppArmor's profile, SELinux's context. Written to the process's own
 * attributes through a procfs that no container can have covered (CVE-2019-16884, CVE-2025-52881).
 */
import type { Process } from '../bundle/config.ts';
import type { Slot } from './generated/ops.ts';
import type { Draft } from './plan.ts';

export const wantsLabels = (process: Process): boolean =>
  Boolean(process.apparmorProfile) || Boolean(process.selinuxLabel);

export function addLabels(draft: Draft, process: Process, proc: Slot, apparmorFile: string): void {
  const { apparmorProfile, selinuxLabel } = process;
  if (apparmorProfile) {
    draft.add(
      `apply the AppArmor profile ${apparmorProfile}`,
      {
        kind: 'writeFile',
        folder: proc,
        path: apparmorFile,
        text: `exec ${apparmorProfile}`,
      },
      { origin: 'process.apparmorProfile', explain: { EACCES: 'no such profile is loaded' } },
    );
  }
  if (selinuxLabel)
    draft.add(
      `apply the SELinux label ${selinuxLabel}`,
      { kind: 'writeFile', folder: proc, path: 'self/attr/exec', text: selinuxLabel },
      { origin: 'process.selinuxLabel' },
    );
}
