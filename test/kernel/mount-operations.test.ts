/**
 * Operations that only a host with SELinux has a use for, and what the kernel says to them anywhere: run for real, by
 * runt-init in a mount namespace of its own.
 */
import { describe, expect, it } from 'vitest';
import { createKernel } from '../../src/kernel/kernel.ts';
import { makeWatch } from '../../src/kernel/watch.ts';
import { startPlan } from '../../src/kernel/conversation.ts';
import { cloneFlag, emptySlot } from '../../src/plan/flags.ts';
import { addRootLabel } from '../../src/plan/mount-label.ts';
import { gates, type Plan, startDraft } from '../../src/plan/plan.ts';

const log = { debugging: false, debug: () => {}, warning: () => {}, error: () => {} };

/** A new file system, whose root is labelled as that of mqueue is. */
async function label(type: string): Promise<void> {
  const draft = startDraft([]);
  const mount = draft.takeSlot();
  const parameters: string[] = [];
  const made = { type, parameters, attributes: 0, like: emptySlot, into: mount };
  draft.add(`mount ${type}`, { kind: 'newMount', ...made });
  addRootLabel(draft, 'mqueue', mount, 'system_u:object_r:container_file_t:s0');
  draft.add('wait', { kind: 'gate', gate: gates.ready });
  const plan: Plan = {
    namespaces: cloneFlag.mount | cloneFlag.ipc,
    forks: false,
    handed: [],
    preserveFds: 0,
    steps: draft.steps,
    atGate: {},
  };
  expect(plan.steps).toHaveLength(3);
  const kernel = createKernel(makeWatch());
  const init = await startPlan(kernel, { plan, handed: [], log, atGate: async () => {} });
  await kernel.wait(init.pid, init.pidfd);
  kernel.close(init.channel);
  kernel.close(init.pidfd);
}

describe.skipIf(process.getuid?.() !== 0)('fileLabel', () => {
  it('labels the root of a file system that keeps labels', async () => {
    await label('tmpfs');
  });

  it('fails on one that does not, and names the property', async () => {
    await expect(label('proc')).rejects.toMatchObject({
      code: 'step-failed',
      facts: { origin: 'linux.mountLabel', errno: 'EOPNOTSUPP' },
    });
  });
});
