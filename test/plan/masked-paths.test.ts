import { expect, test } from 'vitest';
import type { Linux } from '../../src/bundle/config.ts';
import { addMaskedPaths } from '../../src/plan/masked-paths.ts';
import { modernMounts } from '../../src/plan/mount-api.ts';
import { startDraft } from '../../src/plan/plan.ts';
import { smallConfig } from '../support/plans.ts';

function steps(linux: Linux) {
  const draft = startDraft([]);
  addMaskedPaths(draft, modernMounts(draft), draft.takeSlot(), smallConfig({ linux }));
  return draft.steps;
}

test('the same path in other words is masked once', () => {
  const masks = steps({ maskedPaths: ['/proc/kcore', '/proc//kcore/', '/proc/./x/../kcore', '/a'] })
    .filter(({ op }) => op.kind === 'mask')
    .map(({ op, origin }) => [op.kind === 'mask' && op.path, origin]);
  expect(masks).toEqual([
    ['/proc/kcore', 'linux.maskedPaths[0]'],
    ['/a', 'linux.maskedPaths[3]'],
  ]);
});

test('masks are made of a verified null device and an empty read-only folder', () => {
  expect(steps({ maskedPaths: ['/a', '/b'] }).map(({ op }) => op.kind)).toEqual([
    'openHost',
    'verifyDevice',
    'newMount',
    'mask',
    'mask',
    'closeSlot',
    'closeSlot',
  ]);
});

test('what is not there needs no cover; nothing else is passed over', () => {
  const all = steps({ maskedPaths: ['/a'], readonlyPaths: ['/b'] });
  const covers = all.filter(({ op }) => op.kind === 'mask' || op.kind === 'readOnly');
  expect(covers.map(({ tolerate }) => tolerate)).toEqual([['ENOENT'], ['ENOENT']]);
});

test('no list, no steps', () => {
  expect(steps({ maskedPaths: [], readonlyPaths: [] })).toEqual([]);
});
