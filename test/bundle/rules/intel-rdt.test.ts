import { intelRdt } from '../../../src/bundle/rules/intel-rdt.ts';
import { ruleTable } from '../rule-table.ts';

ruleTable(intelRdt, {
  accepted: [
    {},
    { linux: { intelRdt: {} } },
    { linux: { intelRdt: { closID: '/' } } },
    { linux: { intelRdt: { closID: 'a.b', memBwSchema: 'MB:0=20', schemata: ['L3:0=f'] } } },
  ],
  refused: [
    ...['.', '..', 'a/b', '/a'].map(
      (closID) =>
        [{ linux: { intelRdt: { closID } } }, 'intel-rdt-clos /linux/intelRdt/closID'] as const,
    ),
    [
      { linux: { intelRdt: { memBwSchema: '0=20' } } },
      'intel-rdt-schema /linux/intelRdt/memBwSchema',
    ],
    [
      { linux: { intelRdt: { memBwSchema: 'MB:0=20\nL3:0=f', schemata: ['a', 'b\n'] } } },
      'intel-rdt-schema /linux/intelRdt/memBwSchema',
      'intel-rdt-schema /linux/intelRdt/schemata/1',
    ],
  ],
});
