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

test('a host with cgroup v2 gives a cgroup namespace', () => {
  const types = (cgroupV2: boolean) =>
    defaultConfig({ cgroupV2 }).linux?.namespaces?.map(({ type }) => type);
  expect(types(false)).toEqual(['pid', 'network', 'ipc', 'uts', 'mount']);
  expect(types(true)).toEqual(['pid', 'network', 'ipc', 'uts', 'mount', 'cgroup']);
});
