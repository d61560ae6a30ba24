import { mountDestinations } from '../../../src/bundle/rules/mount-destinations.ts';
import { ruleTable } from '../rule-table.ts';

ruleTable(mountDestinations, {
  accepted: [{}, { mounts: [{ destination: '/a' }, { destination: 'relative' }] }],
  refused: [
    [
      { mounts: [{ destination: '/a' }, { destination: '' }] },
      'mount-destination /mounts/1/destination',
    ],
  ],
});
