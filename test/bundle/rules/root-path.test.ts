import { rootPath } from '../../../src/bundle/rules/root-path.ts';
import { ruleTable } from '../rule-table.ts';

ruleTable(rootPath, {
  accepted: [{ root: { path: 'rootfs' } }, { root: { path: '/' } }],
  refused: [[{ root: { path: '' } }, 'root-path /root/path']],
});
