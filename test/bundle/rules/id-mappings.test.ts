import { idMappings } from '../../../src/bundle/rules/id-mappings.ts';
import { ruleTable } from '../rule-table.ts';

const map = (containerID: number, hostID: number, size: number) => ({ containerID, hostID, size });

ruleTable(idMappings, {
  accepted: [
    {},
    {
      linux: {
        uidMappings: [map(0, 1000, 10), map(10, 5, 10)],
        gidMappings: [map(0, 0, 4294967295)],
      },
    },
  ],
  refused: [
    [{ linux: { uidMappings: [map(0, 0, 0)] } }, 'id-mapping-size /linux/uidMappings/0/size'],
    [
      { linux: { gidMappings: [map(4294967295, 0, 1)] } },
      'id-mapping-size /linux/gidMappings/0/containerID',
    ],
    [
      { linux: { uidMappings: [map(0, 0, 10), map(9, 100, 10)] } },
      'id-mapping-overlap /linux/uidMappings/1/containerID',
    ],
    [
      { linux: { uidMappings: [map(0, 0, 10), map(10, 9, 10)] } },
      'id-mapping-overlap /linux/uidMappings/1/hostID',
    ],
    [
      { mounts: [{ destination: '/a', gidMappings: [map(0, 0, 10), map(0, 0, 10)] }] },
      'id-mapping-overlap /mounts/0/gidMappings/1/containerID',
      'id-mapping-overlap /mounts/0/gidMappings/1/hostID',
    ],
    [
      { linux: { uidMappings: Array.from({ length: 341 }, (_, index) => map(index, index, 1)) } },
      'id-mapping-count /linux/uidMappings',
    ],
  ],
});
