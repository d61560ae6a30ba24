/** config.md#mounts: order, places, kinds, and every option of the table, as mountinfo shows it. */
import { equal, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Case, inside, type Level, refused, type World } from '../case.ts';
import { act, mountAt, type MountLine, type Report } from '../report.ts';

const options = 'config.md#linux-mount-options';

/** A mount at /data, with the options of the case. */
const tmpfs = (...names: readonly string[]) => ({
  '/mounts/-': { destination: '/data', type: 'tmpfs', source: 'tmpfs', options: names },
});
const bind =
  (...names: readonly string[]) =>
  ({ outside }: World) => ({
    '/mounts/-': { destination: '/data', type: 'bind', source: outside, options: names },
  });

const has = (line: MountLine, name: string): boolean => line.options.includes(name);
const hasSuper = (line: MountLine, name: string): boolean => line.superOptions.includes(name);
const atime = (line: MountLine): string =>
  line.options.find((name) => name === 'relatime' || name === 'noatime') ?? 'strictatime';

type Look = (line: MountLine) => void;

const shows =
  (name: string): Look =>
  (line) =>
    ok(has(line, name), `${name} is not in ${line.options.join()}`);
const lacks =
  (name: string): Look =>
  (line) =>
    ok(!has(line, name), `${name} is in ${line.options.join()}`);
const ages =
  (mode: string): Look =>
  (line) =>
    equal(atime(line), mode);
const superShows =
  (name: string): Look =>
  (line) =>
    ok(hasSuper(line, name), `${name} is not in ${line.superOptions.join()}`);
const superLacks =
  (name: string): Look =>
  (line) =>
    ok(!hasSuper(line, name), `${name} is in ${line.superOptions.join()}`);
const mounted: Look = (line) => equal(line.target, '/data');

/** Given options, and what is to be seen; the opposite comes before, so that it has something to take back. */
const table: readonly (readonly [given: string, level: Level, look: Look])[] = [
  ['async', 'MUST', superLacks('sync')],
  ['sync,async', 'MUST', superLacks('sync')],
  ['sync', 'MUST', superShows('sync')],
  ['dirsync', 'MUST', superShows('dirsync')],
  ['defaults', 'MUST', shows('rw')],
  ['noatime', 'MUST', ages('noatime')],
  ['noatime,atime', 'MUST', ages('relatime')],
  ['relatime', 'MUST', ages('relatime')],
  ['strictatime', 'MUST', ages('strictatime')],
  ['strictatime,nostrictatime', 'MUST', ages('relatime')],
  ['norelatime', 'MUST', mounted],
  ['nodiratime', 'MUST', shows('nodiratime')],
  ['nodiratime,diratime', 'MUST', lacks('nodiratime')],
  ['nodev', 'MUST', shows('nodev')],
  ['nodev,dev', 'MUST', lacks('nodev')],
  ['noexec', 'MUST', shows('noexec')],
  ['noexec,exec', 'MUST', lacks('noexec')],
  ['nosuid', 'MUST', shows('nosuid')],
  ['nosuid,suid', 'MUST', lacks('nosuid')],
  ['ro', 'MUST', shows('ro')],
  ['ro,rw', 'MUST', shows('rw')],
  ['lazytime', 'MUST', superShows('lazytime')],
  ['lazytime,nolazytime', 'MUST', superLacks('lazytime')],
  ['iversion', 'MUST', mounted],
  ['noiversion', 'MUST', mounted],
  ['silent', 'MUST', mounted],
  ['loud', 'MUST', mounted],
  ['mand', 'MAY', mounted],
  ['nomand', 'MAY', mounted],
  ['nosymfollow', 'SHOULD', shows('nosymfollow')],
  ['nosymfollow,symfollow', 'SHOULD', lacks('nosymfollow')],
];

const absent: Readonly<Record<string, Readonly<Partial<Record<'runc' | 'crun', string>>>>> = {
  iversion: { crun: 'does not know the option and gives it to tmpfs, which refuses it' },
  noiversion: { crun: 'as iversion' },
  silent: { crun: 'does not know the option and gives it to tmpfs, which refuses it' },
  loud: { crun: 'as silent' },
  symfollow: { crun: 'does not know the option and gives it to tmpfs, which refuses it' },
  nosymfollow: { crun: 'as symfollow' },
};

const flags: readonly Case[] = table.map(([given, level, look]) => {
  const names = given.split(',');
  const peers = absent[names[names.length - 1] ?? ''];
  return inside([options, level, `${names.join(' and then ')}, on a tmpfs`], {
    change: tmpfs(...names),
    check: ({ report }) => look(mountAt(report, '/data')),
    ...(peers && { peers }),
  });
});

const recursive: readonly (readonly [given: string, look: Look])[] = [
  ['rro', shows('ro')],
  ['rro,rrw', shows('rw')],
  ['rnosuid', shows('nosuid')],
  ['rnosuid,rsuid', lacks('nosuid')],
  ['rnodev', shows('nodev')],
  ['rnodev,rdev', lacks('nodev')],
  ['rnoexec', shows('noexec')],
  ['rnoexec,rexec', lacks('noexec')],
  ['rnodiratime', shows('nodiratime')],
  ['rnodiratime,rdiratime', lacks('nodiratime')],
  ['rnoatime', ages('noatime')],
  ['rnoatime,ratime', ages('relatime')],
  ['rstrictatime', ages('strictatime')],
  ['rstrictatime,rnostrictatime', ages('relatime')],
  ['rrelatime', ages('relatime')],
  ['rnorelatime', mounted],
  ['rnosymfollow', shows('nosymfollow')],
  ['rnosymfollow,rsymfollow', lacks('nosymfollow')],
];

/** What stands below the source is a mount of its own; the option has to reach it as well. */
const trees: readonly Case[] = recursive.map(([given, look]) =>
  inside([options, 'SHOULD', `${given.split(',').join(' and then ')}, on a tree of two mounts`], {
    change: ({ outside }) => ({
      '/mounts/-': {
        destination: '/data',
        type: 'bind',
        source: outside,
        options: ['rbind', ...given.split(',')],
      },
      '/hooks': { prestart: undefined },
    }),
    prepare: ({ outside }) => mountBelow(outside),
    check: ({ report }) => {
      look(mountAt(report, '/data'));
      look({ ...mountAt(report, '/data/sub'), target: '/data' });
    },
    ...(given === 'rnosymfollow' && { peers: { crun: 'does not know the option' } }),
    ...(given.endsWith('rsymfollow') && { peers: { runc: '1.1.5 clears and sets in one call' } }),
  }),
);

function mountBelow(outside: string): void {
  mkdirSync(join(outside, 'sub'));
  spawnSync('mount', ['-t', 'tmpfs', 'none', join(outside, 'sub')]);
}

const tag = (report: Report): string =>
  mountAt(report, '/data')
    .tags.map((name) => name.replace(/:\d+$/, ''))
    .join();

const propagation: readonly Case[] = (
  [
    ['private', ''],
    ['rprivate', ''],
    ['shared', 'shared'],
    ['rshared', 'shared'],
    ['unbindable', 'unbindable'],
    ['runbindable', 'unbindable'],
  ] as const
).map(([name, tags]) =>
  inside([options, 'MUST', `${name} sets the propagation of a bind mount`], {
    change: bind('bind', name),
    // a host that shares its mounts is the master of what is shared on
    check: ({ report }) => equal(tag(report).replace(/,master$/, ''), tags),
  }),
);

const slaves: readonly Case[] = ['slave', 'rslave'].map((name) =>
  inside([options, 'MUST', `${name} sets the propagation of a bind mount`], {
    // a slave of its own peer group
    change: bind('rbind', name),
    prepare: ({ outside }) => {
      spawnSync('mount', ['--bind', outside, outside]);
      spawnSync('mount', ['--make-shared', outside]);
    },
    check: ({ report }) => {
      equal(tag(report), 'master');
    },
  }),
);

export const mountCases: readonly Case[] = [
  ...flags,
  ...trees,
  ...propagation,
  ...slaves,
  inside(['config.md#mounts', 'MUST', 'mounts are made in the listed order'], {
    change: {
      '/mounts/-': { destination: '/data', type: 'tmpfs', source: 'first' },
      '/mounts/8': { destination: '/data', type: 'tmpfs', source: 'second' },
      '/mounts/9': { destination: '/data/below', type: 'tmpfs', source: 'third' },
    },
    check: ({ report }) => {
      equal(mountAt(report, '/data').source, 'second');
      equal(mountAt(report, '/data/below').source, 'third');
    },
  }),
  inside(['config.md#mounts', 'MUST', 'a relative destination is read from /'], {
    change: { '/mounts/-': { destination: 'data', type: 'tmpfs', source: 'relative' } },
    check: ({ report }) => equal(mountAt(report, '/data').source, 'relative'),
  }),
  inside(['config.md#mounts', 'MUST', 'a bind mount shows the folder of the host'], {
    change: bind('bind'),
    ask: ['read /data/file'],
    check: ({ report }) => equal(act(report).text, 'outside\n'),
  }),
  inside(['config.md#mounts', 'MUST', 'a bind mount may be of a single file'], {
    change: ({ outside }) => ({
      '/mounts/-': { destination: '/etc/new', source: join(outside, 'file'), options: ['bind'] },
    }),
    ask: ['read /etc/new'],
    check: ({ report }) => equal(act(report).text, 'outside\n'),
  }),
  inside(['config.md#mounts', 'MUST', 'bind alone leaves out the mounts below the source'], {
    change: bind('bind'),
    prepare: ({ outside }) => mountBelow(outside),
    check: ({ report }) => {
      ok(!report.mountinfo.some((line) => line.includes(' /data/sub ')));
    },
  }),
  inside(['config.md#mounts', 'MUST', 'a bind mount is read-only with ro'], {
    change: bind('bind', 'ro'),
    ask: ['touch /data/new'],
    check: ({ report }) => equal(act(report).outcome?.result, -1),
  }),
  inside([options, 'MUST', 'remount changes a mount that is there'], {
    change: {
      '/mounts/-': { destination: '/data', type: 'tmpfs', source: 'tmpfs' },
      '/mounts/8': {
        destination: '/data',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['remount', 'ro'],
      },
    },
    check: ({ report }) => ok(has(mountAt(report, '/data'), 'ro')),
  }),
  inside([options, 'SHOULD', 'unknown options are the file system’s'], {
    change: tmpfs('size=1m', 'nr_inodes=77'),
    check: ({ report }) => {
      ok(hasSuper(mountAt(report, '/data'), 'size=1024k'));
      ok(hasSuper(mountAt(report, '/data'), 'nr_inodes=77'));
    },
  }),
  inside([options, 'MAY', 'tmpcopyup fills a tmpfs with what it covers'], {
    change: {
      '/mounts/-': { destination: '/etc', type: 'tmpfs', source: 'tmpfs', options: ['tmpcopyup'] },
    },
    ask: ['read /etc/file'],
    check: ({ report }) => equal(act(report).text, 'text\n'),
  }),
  inside(['config.md#mounts', 'MUST', 'a link in the image never leads a mount out of the root'], {
    change: { '/mounts/-': { destination: '/way/out', type: 'tmpfs', source: 'held' } },
    prepare: ({ rootfs, outside }) => symlinkSync(outside, join(rootfs, 'way')),
    check: ({ report, world }) => {
      equal(mountAt(report, join(world.outside, 'out')).source, 'held');
    },
    peers: { crun: 'does not make the folders that such a link asks for, and fails' },
  }),
  inside(['config.md#mounts', 'MUST', 'a destination that is missing is made'], {
    change: { '/mounts/-': { destination: '/a/b/c', type: 'tmpfs', source: 'deep' } },
    check: ({ report }) => equal(mountAt(report, '/a/b/c').source, 'deep'),
  }),
  refused(['config.md#mounts', 'MUST', 'a mount needs a destination'], {
    change: { '/mounts/-': { type: 'tmpfs', source: 'tmpfs' } },
    finding: { code: 'schema/required', pointer: '/mounts/7/destination' },
  }),
  refused(['config.md#mounts', 'MUST', 'an empty destination is an error'], {
    change: { '/mounts/-': { destination: '', type: 'tmpfs', source: 'tmpfs' } },
    finding: { code: 'mount-destination', pointer: '/mounts/7/destination' },
  }),
  refused(['config.md#mounts', 'MUST', 'a source that does not exist is an error'], {
    change: {
      '/mounts/-': { destination: '/data', type: 'bind', source: '/no/such', options: ['bind'] },
    },
  }),
  refused(['config.md#mounts', 'MUST', 'a bind mount without a source is an error'], {
    change: { '/mounts/-': { destination: '/data', type: 'bind', options: ['bind'] } },
    finding: { code: 'mount-bind-source', pointer: '/mounts/7/source' },
    peers: { runc: 'reads an empty source as the folder that it was called in' },
  }),
  refused([options, 'MUST', 'an option that nobody knows is an error'], {
    change: tmpfs('no-such-option'),
  }),
  refused([options, 'MUST', 'options of a file system on a bind mount are an error'], {
    change: bind('bind', 'size=1m'),
    finding: { code: 'mount-bind-data', pointer: '/mounts/7/options/1' },
    peers: {
      runc: '1.1.5 gives them to a remount, where the kernel ignores them',
      crun: 'gives them to a remount, where the kernel ignores them',
    },
  }),
  refused(['config.md#valid-values', 'MUST', 'a NUL in a path is an error'], {
    change: { '/mounts/-': { destination: '/data\0x', type: 'tmpfs', source: 'tmpfs' } },
    finding: { code: 'nul-byte', pointer: '/mounts/7/destination' },
    peers: { crun: 'reads the path up to the NUL' },
  }),
  refused(['config.md#valid-values', 'MUST', 'mounts is a list'], {
    change: { '/mounts': { destination: '/data' } },
    finding: { code: 'schema/type', pointer: '/mounts' },
  }),
  refused(['config.md#mounts', 'MUST', 'options is a list of strings'], {
    change: { '/mounts/-': { destination: '/data', type: 'tmpfs', source: 'a', options: 'ro' } },
    finding: { code: 'schema/type', pointer: '/mounts/7/options' },
    peers: { crun: 'its generated parser skips a list that is no list' },
  }),
];
