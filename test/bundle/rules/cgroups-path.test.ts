import { cgroupsPath } from '../../../src/bundle/rules/cgroups-path.ts';
import { ruleTable } from '../rule-table.ts';

ruleTable(cgroupsPath, {
  accepted: [
    {},
    ...['', '/', '/a/b', 'a', 'a/../b', '/a/./..', 'system.slice:runt:a', 'a..b'].map((path) => ({
      linux: { cgroupsPath: path },
    })),
  ],
  refused: ['..', '/..', '../a', '/a/../../b', 'a//../..'].map(
    (path) => [{ linux: { cgroupsPath: path } }, 'cgroups-path /linux/cgroupsPath'] as const,
  ),
});
