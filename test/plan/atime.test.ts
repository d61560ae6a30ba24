import { expect, test } from 'vitest';
import { atimeAttributes } from '../../src/plan/atime.ts';
import { mountAttr } from '../../src/plan/flags.ts';

const { noAtime, strictAtime, noDirAtime } = mountAttr;
const all = mountAttr.atimeMask | noDirAtime;

test.each([
  [['relatime'], 0],
  [['noatime'], noAtime],
  [['strictatime'], strictAtime],
  [['nodiratime'], noDirAtime],
  [['noatime', 'nodiratime'], noAtime | noDirAtime],
  [['nodiratime', 'strictatime'], noDirAtime | strictAtime],
  [['nodiratime', 'norelatime'], noDirAtime],
  // as the kernel reads mount(2)'s flags
  [['strictatime', 'noatime', 'relatime'], strictAtime],
  [['noatime', 'relatime'], noAtime],
  [['atime', 'noatime'], noAtime],
])('%j settles all of them', (options, set) => {
  expect(atimeAttributes(options)).toEqual({ set, clear: all });
});

test.each([
  [[]],
  [['atime']],
  [['norelatime']],
  [['nostrictatime', 'diratime']],
  [['noatime', 'atime']],
  [['ro', 'ratime']],
])('%j changes nothing', (options) => {
  expect(atimeAttributes(options)).toEqual({ set: 0, clear: 0 });
});
