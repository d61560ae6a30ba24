import { expect, test } from 'vitest';
import { environmentOf, executableCandidates } from '../../src/plan/environment.ts';

test('each name stands once, with its last value', () => {
  const { env } = environmentOf(['A=1', 'HOME=/h', 'B=2', 'A=3=4']);
  expect(env).toEqual(['A=3=4', 'HOME=/h', 'B=2']);
});

test.each([[[]], [['HOME=']], [['HOME=/h', 'HOME=']]])(
  'the last place is free for the home folder: %j',
  (env) => {
    expect(environmentOf([...env, 'A=1'])).toEqual({ env: ['A=1', 'HOME=/'], needsHome: true });
  },
);

test('a home that the config names stays', () => {
  expect(environmentOf(['HOME=', 'HOME=/h'])).toEqual({ env: ['HOME=/h'], needsHome: false });
});

test.each([
  ['/bin/sh', ['/bin/sh']],
  ['./sh', ['./sh']],
  ['a/b', ['a/b']],
  ['sh', ['/a/sh', './sh', 'b/sh']],
])('%s is looked for in %j', (name, candidates) => {
  expect(executableCandidates(name, ['X=1', 'PATH=/a::b'])).toEqual(candidates);
});

test.each([[[]], [['PATH=']]])('without a PATH a plain name is nowhere: %j', (env) => {
  expect(executableCandidates('sh', env)).toEqual([]);
});
