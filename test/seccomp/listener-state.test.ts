import { expect, test } from 'vitest';
import { listenerState } from '../../src/seccomp/listener-state.ts';

test('names the descriptor and carries the state; metadata only where there is some', () => {
  const state = { id: 'c1', pid: 7 };
  const tell = (metadata: string) =>
    JSON.parse(listenerState({ ociVersion: '1.3.0', pid: 9, metadata, state })) as unknown;
  expect(tell('m')).toEqual({
    ociVersion: '1.3.0',
    fds: ['seccompFd'],
    pid: 9,
    metadata: 'm',
    state,
  });
  expect(tell('')).toEqual({ ociVersion: '1.3.0', fds: ['seccompFd'], pid: 9, state });
});
