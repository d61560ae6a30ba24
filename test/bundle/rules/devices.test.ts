import { devices } from '../../../src/bundle/rules/devices.ts';
import { ruleTable } from '../rule-table.ts';

ruleTable(devices, {
  accepted: [
    {},
    {
      linux: {
        devices: [
          { type: 'c', path: '/dev/fuse', major: 10, minor: 229 },
          { type: 'p', path: '/a/fifo' },
          { type: 'b', path: '/b', major: 4095, minor: 1048575 },
        ],
      },
    },
  ],
  refused: [
    [{ linux: { devices: [{ type: 'p', path: 'fifo' }] } }, 'device-path /linux/devices/0/path'],
    [
      { linux: { devices: [{ type: 'c', path: 'dev', major: 1 }] } },
      'device-path /linux/devices/0/path',
      'device-number /linux/devices/0/minor',
    ],
    [
      { linux: { devices: [{ type: 'u', path: '/a', major: -1, minor: 1048576 }] } },
      'device-number /linux/devices/0/major',
      'device-number /linux/devices/0/minor',
    ],
  ],
});
