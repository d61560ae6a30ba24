/**
 * A healthy host with something taken away, and what is said of it.
 */
import { expect } from 'vitest';
import type { Check, Verdict } from '../../src/doctor/check.ts';
import type { HierarchyFacts, HostFacts } from '../../src/doctor/facts.ts';
import { judge } from '../../src/doctor/judge.ts';
import { healthyHost } from './healthy-host.ts';

type Changes = {
  readonly [K in Exclude<keyof HostFacts, 'version' | 'clients'>]?: Partial<HostFacts[K]>;
};

/** Each room of the facts with some of them changed. */
export const host = (changes: Changes): HostFacts => ({
  ...healthyHost,
  ...Object.fromEntries(
    Object.entries(changes).map(([room, change]) => [
      room,
      { ...Reflect.get(healthyHost, room), ...change },
    ]),
  ),
});

export function found(facts: HostFacts, name: string): Check {
  const check = judge(facts).checks.find((one) => one.name === name);
  if (check === undefined) throw new Error(`no check ${name}`);
  return check;
}

export const user = { uid: 1000, name: 'ann', subuids: 65_536, subgids: 65_536 };

export const hierarchy = (change: Partial<HierarchyFacts>): HierarchyFacts => ({
  version: 2,
  controllers: ['cpuset', 'cpu', 'io', 'memory', 'hugetlb', 'pids', 'rdma'],
  mountpoint: '/sys/fs/cgroup',
  folder: '/sys/fs/cgroup',
  writable: true,
  ...change,
});

export type HostCase = readonly [
  what: string,
  facts: HostFacts,
  name: string,
  verdict: Verdict,
  says: string,
  todo?: string,
];

/** A host may lack much before no container runs. */
export function holds(
  facts: HostFacts,
  name: string,
  verdict: Verdict,
  says: string,
  todo = '',
): void {
  const check = found(facts, name);
  expect(check).toMatchObject({ verdict, says: expect.stringContaining(says) });
  expect(check.todo.join('\n')).toContain(todo);
  expect(judge(facts).containersRun).toBe(verdict !== 'fail');
}
