import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { IntelRdt } from '../../../src/bundle/config.ts';
import { resctrl } from '../../../src/intel-rdt/apply/resctrl.ts';
import { foldersOf } from '../../../src/intel-rdt/plan/placement.ts';
import { failureOf } from '../../support/failure.ts';
import { type ResctrlTree, resctrlTree } from '../../support/resctrl-tree.ts';

let tree: ResctrlTree;
beforeEach(() => {
  tree = resctrlTree();
});
afterEach(() => tree.end());

function make(wanted: IntelRdt) {
  const placement = tree.resctrl.place(wanted, 'c1');
  tree.resctrl.create(placement, wanted);
  return placement;
}

const there = (path: string): boolean => existsSync(join(tree.root, path));

test('a class of its own: made, filled, joined, removed', () => {
  const placement = make({ l3CacheSchema: 'L3:0=f', memBwSchema: 'MB:0=20', schemata: ['L2:0=1'] });
  expect(tree.read('c1/schemata')).toBe('L3:0=f\nMB:0=20\nL2:0=1\n');
  tree.resctrl.assign(foldersOf(placement), 42);
  expect(tree.read('c1/tasks')).toBe('42');
  tree.resctrl.remove(placement, true);
  expect(there('c1')).toBe(false);
  // a second time there is nothing to do
  tree.resctrl.remove(placement, true);
});

test('without a schema schemata are never written', () => {
  make({});
  expect(there('c1')).toBe(true);
  expect(there('c1/schemata')).toBe(false);
});

test('a class that is there is used, and stays', () => {
  const placement = make({ closID: 'gold', l3CacheSchema: 'L3:0=ff', memBwSchema: 'MB:0=25' });
  tree.resctrl.remove(placement, true);
  tree.resctrl.remove(placement, false);
  expect(there('gold')).toBe(true);
});

test('a named class that this container made stays, unless the container was never made', () => {
  const placement = make({ closID: 'silver', schemata: ['L3:0=1'] });
  tree.resctrl.remove(placement, true);
  expect(there('silver')).toBe(true);
  writeFileSync(join(tree.root, 'silver/tasks'), '7\n');
  tree.resctrl.remove(placement, false);
  // somebody is in it by now
  expect(there('silver')).toBe(true);
  writeFileSync(join(tree.root, 'silver/tasks'), '');
  tree.resctrl.remove(placement, false);
  expect(there('silver')).toBe(false);
});

test('two that make the same class at once both have it', () => {
  const wanted = { closID: 'silver', schemata: ['L3:0=1'] };
  const placement = tree.resctrl.place(wanted, 'c1');
  make(wanted);
  tree.resctrl.create(placement, wanted);
  expect(there('silver')).toBe(true);
});

test('monitoring', () => {
  const placement = make({ closID: 'gold', enableMonitoring: true });
  tree.resctrl.assign(foldersOf(placement), 42);
  expect(tree.read('gold/mon_groups/c1/tasks')).toBe('42');
  expect(tree.read('gold/tasks')).toBe('42');
  tree.resctrl.remove(placement, true);
  expect(there('gold/mon_groups/c1')).toBe(false);
  expect(there('gold')).toBe(true);
});

test('the root is a class, too', () => {
  const placement = make({ closID: '/', enableMonitoring: true });
  expect(placement).toMatchObject({ group: tree.root, groupEnds: 'never' });
  expect(there('mon_groups/c1')).toBe(true);
});

test('a failure takes back what was made, and tells why', () => {
  writeFileSync(join(tree.root, 'info/last_cmd_status'), 'Non-hex character in the mask\n');
  const wanted = { enableMonitoring: true, schemata: ['L3:0=x'] };
  const placement = tree.resctrl.place(wanted, 'c1');
  // in the way of the monitoring group
  mkdirSync(join(tree.root, 'c1'));
  expect(failureOf(() => tree.resctrl.create(placement, wanted))).toMatchObject({
    code: 'step-failed',
    facts: { origin: 'linux.intelRdt', errno: 'EEXIST', detail: 'Non-hex character in the mask' },
  });
  // it was not ours
  expect(there('c1')).toBe(true);
  rmSync(join(tree.root, 'c1'), { recursive: true });
  writeFileSync(join(tree.root, 'blocked'), '');
  const blocked = { ...placement, monitoring: join(tree.root, 'blocked/c1') };
  expect(failureOf(() => tree.resctrl.create(blocked, wanted))).toMatchObject({
    facts: { errno: 'ENOTDIR' },
  });
  expect(there('c1')).toBe(false);
});

test.each<[IntelRdt, string]>([
  [{ closID: 'bronze' }, 'it must be pre-created when schemata'],
  [{ closID: 'gold', l3CacheSchema: 'L3:0=f' }, 'its schemata are not L3:0=f'],
  [{ closID: '/', memBwSchema: 'MB:0=20' }, 'its schemata are not MB:0=20'],
])('refuses %j', (wanted, detail) => {
  const failure = failureOf(() => tree.resctrl.place(wanted, 'c1'));
  expect(failure).toMatchObject({
    code: 'step-failed',
    facts: { origin: 'linux.intelRdt', detail: expect.stringContaining(detail) },
  });
});

test('no resctrl is an error that names the property', () => {
  const none = resctrl({ mountinfo: () => '', removeFolder: () => {}, makeFolder: () => {} });
  expect(failureOf(() => none.place({}, 'c1'))).toMatchObject({
    code: 'host-lacks',
    facts: { needed: 'linux.intelRdt' },
  });
});
