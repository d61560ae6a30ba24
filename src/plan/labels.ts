/**
 * Security labels that the next exec takes on: AppArmor's profile, SELinux's context. Written to the process's own
 * attributes through a procfs that no container can have covered (CVE-2019-16884, CVE-2025-52881).
 */
import type { Process } from '../bundle/config.ts';
import type { Slot } from './generated/ops.ts';
import type { Draft } from './plan.ts';

export const wantsLabels = (process: Process): boolean =>
  Boolean(process.apparmorProfile) || Boolean(process.selinuxLabel);

export function addLabels(draft: Draft, process: Process, proc: Slot): void {
  const { apparmorProfile, selinuxLabel } = process;
  if (apparmorProfile) {
    const write = (path: string) =>
      ({ kind: 'writeFile', folder: proc, path, text: `exec ${apparmorProfile}` }) as const;
    const origin = 'process.apparmorProfile';
    const doing = `apply the AppArmor profile ${apparmorProfile}`;
    // kernels before 5.8 have only the file that all security modules share
    draft.add(doing, write('self/attr/apparmor/exec'), {
      origin,
      tolerate: ['ENOENT'],
      explain: { EACCES: 'no such profile is loaded' },
    });
    draft.add(doing, write('self/attr/exec'), { origin, tolerate: ['EINVAL'] });
  }
  if (selinuxLabel)
    draft.add(
      `apply the SELinux label ${selinuxLabel}`,
      { kind: 'writeFile', folder: proc, path: 'self/attr/exec', text: selinuxLabel },
      { origin: 'process.selinuxLabel' },
    );
}
