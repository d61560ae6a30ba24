import { rootfsPropagation } from '../../../src/bundle/rules/rootfs-propagation.ts';
import { ruleTable } from '../rule-table.ts';

ruleTable(rootfsPropagation, {
  accepted: [
    {},
    ...['', 'shared', 'slave', 'private', 'unbindable', 'rslave'].map((value) => ({
      linux: { rootfsPropagation: value },
    })),
  ],
  refused: [
    [{ linux: { rootfsPropagation: 'public' } }, 'rootfs-propagation /linux/rootfsPropagation'],
  ],
});
