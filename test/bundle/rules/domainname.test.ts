import { domainname } from '../../../src/bundle/rules/domainname.ts';
import { ruleTable, withNamespaces } from '../rule-table.ts';

ruleTable(domainname, {
  accepted: [{}, { domainname: '' }, { domainname: 'a', ...withNamespaces(['uts']) }],
  refused: [
    [{ domainname: 'a' }, 'domainname-needs-uts /domainname'],
    [{ domainname: 'a', ...withNamespaces(['pid']) }, 'domainname-needs-uts /domainname'],
  ],
});
