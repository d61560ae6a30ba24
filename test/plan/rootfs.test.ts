import { expect, test } from 'vitest';
import { propagation } from '../../src/plan/flags.ts';
import { startDraft } from '../../src/plan/plan.ts';
import { addRootPropagation } from '../../src/plan/rootfs.ts';
import { smallConfig } from '../support/plans.ts';

/** What the whole tree becomes before the rootfs is laid over the root. */
function before(rootfsPropagation: string): bigint | undefined {
  const draft = startDraft([]);
  addRootPropagation(draft, smallConfig({ linux: { rootfsPropagation } }));
  const [first] = draft.steps;
  return first?.op.kind === 'propagate' ? first.op.propagation : undefined;
}

test('a root that is to be unbindable is bound first, from private mounts', () => {
  expect(before('unbindable')).toBe(BigInt(propagation.private));
  expect(before('slave')).toBe(BigInt(propagation.slave));
});
