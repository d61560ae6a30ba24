import { expect, test } from 'vitest';
import { allows, type Status, type Verb } from '../../src/state/lifecycle.ts';

const statuses: readonly Status[] = ['creating', 'created', 'running', 'paused', 'stopped'];

/** runtime.md#lifecycle, and runc where the specification leaves room. */
test.each<[Verb, readonly Status[]]>([
  ['start', ['created']],
  ['exec', ['created', 'running']],
  ['kill', ['created', 'running', 'paused']],
  ['delete', ['created', 'stopped']],
])('%s is for a container that is %j', (verb, allowed) => {
  expect(statuses.filter((status) => allows(status, verb))).toEqual(allowed);
});
