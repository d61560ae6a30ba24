import { hostname } from '../../../src/bundle/rules/hostname.ts';
import { ruleTable, withNamespaces } from '../rule-table.ts';

ruleTable(hostname, {
  accepted: [{}, { hostname: '' }, { hostname: 'a', ...withNamespaces(['uts']) }],
  refused: [
    [{ hostname: 'a' }, 'hostname-needs-uts /hostname'],
    [{ hostname: 'a', ...withNamespaces(['pid']) }, 'hostname-needs-uts /hostname'],
  ],
});
