import { netDevices } from '../../../src/bundle/rules/net-devices.ts';
import { ruleTable, withNamespaces } from '../rule-table.ts';

ruleTable(netDevices, {
  accepted: [
    {},
    { linux: { netDevices: {} } },
    withNamespaces(['network'], {
      netDevices: {
        eth0: {},
        eth1: { name: 'a23456789012345' },
        eth2: { name: 'e%d' },
        eth3: { name: 'e%d' },
      },
    }),
  ],
  refused: [
    [
      withNamespaces(['pid'], { netDevices: { eth0: {} } }),
      'net-devices-need-network /linux/netDevices',
    ],
    [
      withNamespaces(['network'], {
        netDevices: {
          'a/b': {},
          eth0: { name: 'a234567890123456' },
          eth1: { name: '..' },
          eth2: { name: 'a b' },
        },
      }),
      'net-device-name /linux/netDevices/a~1b',
      'net-device-name /linux/netDevices/eth0/name',
      'net-device-name /linux/netDevices/eth1/name',
      'net-device-name /linux/netDevices/eth2/name',
    ],
    [
      withNamespaces(['network'], {
        netDevices: { eth0: { name: '%s' }, eth1: { name: 'e%d%d' }, eth2: { name: 'e%' } },
      }),
      'net-device-name /linux/netDevices/eth0/name',
      'net-device-name /linux/netDevices/eth1/name',
      'net-device-name /linux/netDevices/eth2/name',
    ],
    [
      withNamespaces(['network'], { netDevices: { eth0: {}, eth1: { name: 'eth0' } } }),
      'net-device-duplicate /linux/netDevices/eth1/name',
    ],
  ],
});
