import { expect, test } from 'vitest';
import { mountAttr, propagation } from '../../src/plan/flags.ts';
import { isDataOption } from '../../src/bundle/mount-options.ts';
import {
  type MountOptions,
  mountOptionNames,
  parseMountOptions,
} from '../../src/plan/mount-options.ts';

const atime = mountAttr.atimeMask;
const nothing = { set: 0, clear: 0 };

/** config.md#linux-mount-options, attribute by attribute: what the option sets and clears. */
const attributes: readonly (readonly [option: string, set: number, clear: number])[] = [
  ['ro', mountAttr.readOnly, 0],
  ['rw', 0, mountAttr.readOnly],
  ['suid', 0, mountAttr.noSuid],
  ['nosuid', mountAttr.noSuid, 0],
  ['dev', 0, mountAttr.noDev],
  ['nodev', mountAttr.noDev, 0],
  ['exec', 0, mountAttr.noExec],
  ['noexec', mountAttr.noExec, 0],
  ['diratime', 0, mountAttr.noDirAtime],
  ['nodiratime', mountAttr.noDirAtime, 0],
  ['symfollow', 0, mountAttr.noSymFollow],
  ['nosymfollow', mountAttr.noSymFollow, 0],
  ['atime', 0, atime],
  ['noatime', mountAttr.noAtime, atime],
  ['relatime', 0, atime],
  ['norelatime', 0, atime],
  ['strictatime', mountAttr.strictAtime, atime],
  ['nostrictatime', 0, atime],
];

/** For a mount alone: atime.test.ts. */
const isAtime = (option: string): boolean => option.endsWith('atime');

const parsed = (changes: Partial<MountOptions>): MountOptions => ({
  bind: false,
  recursiveBind: false,
  remount: false,
  copyUp: false,
  own: nothing,
  named: false,
  recursive: nothing,
  parameters: [],
  ...changes,
});

const plain = attributes.filter(([option]) => !isAtime(option));

test.each(plain)('%s is an attribute of the mount', (option, set, clear) => {
  expect(parseMountOptions([option])).toEqual(parsed({ own: { set, clear }, named: true }));
});

test.each(attributes)('r%s reaches every mount below', (option, set, clear) => {
  expect(parseMountOptions([`r${option}`])).toEqual(parsed({ recursive: { set, clear } }));
});

test.each(Object.entries(propagation))('%s is a propagation', (option, type) => {
  expect(parseMountOptions([option])).toEqual(parsed({ propagation: { type, recursive: false } }));
  expect(parseMountOptions([`r${option}`])).toEqual(
    parsed({ propagation: { type, recursive: true } }),
  );
});

test.each([
  ['bind', { bind: true }],
  ['rbind', { bind: true, recursiveBind: true }],
  ['remount', { remount: true }],
])('%s', (option, changes) => {
  expect(parseMountOptions([option])).toEqual(parsed(changes));
});

test.each(['defaults', ''])('%j has no effect', (option) => {
  expect(parseMountOptions([option])).toEqual(parsed({}));
});

test.each(['silent', 'loud', 'iversion', 'noiversion'])(
  '%s is only named, which clears the flags of a bind mount',
  (option) => {
    expect(parseMountOptions([option])).toEqual(parsed({ named: true }));
  },
);

test('no name is there twice, and each is understood', () => {
  const names = mountOptionNames();
  expect(new Set(names).size).toBe(names.length);
  const leftToTheFileSystem = names.filter((name) => !isKnown(name));
  expect(leftToTheFileSystem).toEqual([]);
  // what the rules take for an option of the mount, and nothing else
  expect(names.filter(isDataOption)).toEqual([]);
});

const isKnown = (name: string): boolean => {
  const { named, parameters } = parseMountOptions([name]);
  return named || parameters.length === 0;
};

test.each(['async', 'sync', 'dirsync', 'lazytime', 'nolazytime', 'mand', 'nomand'])(
  '%s is a parameter of the file system',
  (option) => {
    expect(parseMountOptions([option])).toEqual(parsed({ parameters: [option], named: true }));
  },
);

test.each(['size=64k', 'gid=5', 'upperdir=/a:/b', 'RO', 'rshared2', 'constructor', 'toString'])(
  'what the table does not name is for the file system: %s',
  (option) => {
    expect(parseMountOptions(['ro', option])).toEqual(
      parsed({ own: { set: mountAttr.readOnly, clear: 0 }, named: true, parameters: [option] }),
    );
  },
);

test('a later option wins over an earlier one', () => {
  expect(parseMountOptions(['ro', 'rw']).own.set).toBe(0);
  expect(parseMountOptions(['rw', 'ro']).own.set).toBe(mountAttr.readOnly);
  expect(parseMountOptions(['noatime', 'strictatime']).own.set).toBe(mountAttr.strictAtime);
  expect(parseMountOptions(['shared', 'rslave']).propagation).toEqual({
    type: propagation.slave,
    recursive: true,
  });
});

test('parameters keep their order', () => {
  expect(parseMountOptions(['b=1', 'nosuid', 'a', 'b=2']).parameters).toEqual(['b=1', 'a', 'b=2']);
});
