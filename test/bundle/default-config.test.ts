import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { defaultConfig, defaultConfigText } from '../../src/bundle/default-config.ts';

test("the text is runc 1.3's byte for byte, but for the host name", () => {
  const text = defaultConfigText({ cgroupV2: false });
  const likeRunc = text.replace('"hostname": "runt"', '"hostname": "runc"');
  expect(likeRunc).not.toBe(text);
  expect(createHash('sha256').update(likeRunc).digest('hex')).toBe(
    'fae353a9c6447ab67d306c25bf2d6c8e93df5a8504bebb0b08738068f5e55330',
  );
});

test('for a user who is not root it asks for nothing that he may not have', () => {
  const config = defaultConfig({ cgroupV2: false, user: { uid: 1000, gid: 100 } });
  expect(config.linux).toMatchObject({
    uidMappings: [{ containerID: 0, hostID: 1000, size: 1 }],
    gidMappings: [{ containerID: 0, hostID: 100, size: 1 }],
    namespaces: ['pid', 'ipc', 'uts', 'mount', 'user'].map((type) => ({ type })),
  });
  expect(config.linux).not.toHaveProperty('resources');
  expect(config.mounts?.find(({ destination }) => destination === '/sys')).toEqual({
    destination: '/sys',
    type: 'none',
    source: '/sys',
    options: ['rbind', 'nosuid', 'noexec', 'nodev', 'ro'],
  });
  expect(JSON.stringify(config.mounts)).not.toContain('gid=');
});

test('a host with cgroup v2 gives a cgroup namespace', () => {
  const types = (cgroupV2: boolean) =>
    defaultConfig({ cgroupV2 }).linux?.namespaces?.map(({ type }) => type);
  expect(types(false)).toEqual(['pid', 'network', 'ipc', 'uts', 'mount']);
  expect(types(true)).toEqual(['pid', 'network', 'ipc', 'uts', 'mount', 'cgroup']);
});
