/** config.md: the version, the root file system, the host's names, and what every document may and may not hold. */
import { equal, match, notEqual, ok } from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { type Case, inside, life, refused } from '../case.ts';
import { errnoOf, mountAt } from '../report.ts';

const { EROFS } = constants.errno;

const versions: readonly Case[] = ['1.0.0', '1.0.2', '1.1.0', '1.2.0', '1.3.0'].map((version) =>
  inside(['config.md#specification-version', 'MUST', `a bundle of version ${version} runs`], {
    change: { '/ociVersion': version },
    check: ({ report }) => equal(report.hostname, 'conformance'),
  }),
);

export const rootCases: readonly Case[] = [
  ...versions,
  refused(
    ['config.md#specification-version', 'MUST', 'a version that is no SemVer 2.0.0 is an error'],
    {
      change: { '/ociVersion': 'one' },
      finding: { code: 'oci-version', pointer: '/ociVersion' },
      peers: {
        runc: 'never looks at ociVersion',
      },
    },
  ),
  refused(['config.md#specification-version', 'MUST', 'a document without a version is an error'], {
    change: { '/ociVersion': undefined },
    finding: { code: 'schema/required', pointer: '/ociVersion' },
    peers: { runc: 'never looks at ociVersion' },
  }),
  refused(['config.md#specification-version', 'MUST', 'an unsupported version is an error'], {
    change: { '/ociVersion': '2.0.0' },
    finding: { code: 'oci-version', pointer: '/ociVersion' },
    peers: { runc: 'never looks at ociVersion' },
  }),
  inside(['config.md#root', 'MUST', 'a read-only root cannot be written to'], {
    change: { '/root/readonly': true },
    ask: ['touch /new', 'touch /etc/new'],
    check: ({ report }) => {
      equal(errnoOf(report, 0), EROFS);
      equal(errnoOf(report, 1), EROFS);
      ok(mountAt(report, '/').options.includes('ro'));
    },
  }),
  inside(['config.md#root', 'MUST', 'a root is writable unless it is said to be read-only'], {
    change: { '/root/readonly': undefined },
    ask: ['touch /new'],
    check: ({ report }) => equal(errnoOf(report), 0),
  }),
  inside(['config.md#root', 'MUST', 'root.path may be absolute'], {
    change: ({ rootfs }) => ({ '/root/path': rootfs }),
    ask: ['read /etc/file'],
    check: ({ report }) => equal(report.acts[0]?.text, 'text\n'),
  }),
  refused(['config.md#root', 'MUST', 'the folder of root.path has to exist'], {
    change: { '/root/path': 'nowhere' },
  }),
  refused(['config.md#root', 'MUST', 'root.path has to be a folder'], {
    change: { '/root/path': 'rootfs/etc/file' },
  }),
  refused(['config.md#root', 'MUST', 'root without a path is an error'], {
    change: { '/root': {} },
    finding: { code: 'schema/required', pointer: '/root/path' },
  }),
  refused(['config.md#root', 'MUST', 'a document without root is an error on Linux'], {
    change: { '/root': undefined },
    finding: { code: 'schema/required', pointer: '/root' },
  }),
  refused(['config.md#root', 'MUST', 'readonly is a boolean'], {
    change: { '/root/readonly': 'yes' },
    finding: { code: 'schema/type', pointer: '/root/readonly' },
  }),
  inside(['config.md#hostname', 'MUST', 'the host name is set in the container'], {
    change: { '/hostname': 'box.example' },
    check: ({ report }) => equal(report.hostname, 'box.example'),
  }),
  inside(['config.md#hostname', 'MUST', 'the host keeps its own host name'], {
    check: ({ report, host }) => notEqual(report.hostname, host.hostname),
  }),
  refused(['config.md#hostname', 'MUST', 'a host name without a UTS namespace is an error'], {
    change: { '/linux/namespaces': [{ type: 'pid' }, { type: 'mount' }, { type: 'ipc' }] },
    finding: { code: 'hostname-needs-uts', pointer: '/hostname' },
  }),
  inside(['config.md#domainname', 'MUST', 'the domain name is set in the container'], {
    change: { '/domainname': 'example.org' },
    check: ({ report }) => equal(report.domainname, 'example.org'),
    peers: { runc: '1.1.5 is older than the property and ignores it' },
  }),
  refused(['config.md#domainname', 'MUST', 'a domain name without a UTS namespace is an error'], {
    change: {
      '/linux/namespaces': [{ type: 'pid' }, { type: 'mount' }],
      '/hostname': undefined,
      '/domainname': 'example.org',
    },
    finding: { code: 'domainname-needs-uts', pointer: '/domainname' },
    peers: { runc: '1.1.5 is older than the property and ignores it' },
  }),
  inside(['config.md#extensibility', 'MUST', 'unknown properties are ignored'], {
    change: {
      '/com.example.unknown': { a: 1 },
      '/process/unknown': true,
      '/linux/unknown': [1],
      '/root/unknown': null,
    },
    check: ({ report }) => equal(report.hostname, 'conformance'),
  }),
  inside(['config.md#annotations', 'MUST', 'unknown annotations are ignored'], {
    change: { '/annotations': { 'com.example.key': 'value', 'org.opencontainers.unknown': '' } },
    check: ({ report }) => equal(report.hostname, 'conformance'),
  }),
  life(['config.md#annotations', 'MUST', 'annotations are what they were in state'], {
    change: { '/annotations': { 'com.example.key': 'value' } },
    live: ({ create, state }) => {
      equal(create().status, 0);
      equal(state()?.annotations?.['com.example.key'], 'value');
    },
  }),
  refused(['config.md#annotations', 'MUST', 'the name of an annotation is not empty'], {
    change: { '/annotations': { '': 'value' } },
    finding: { code: 'annotation-name', pointer: '/annotations/' },
    peers: {
      runc: 'takes an empty name',
      crun: 'takes an empty name',
    },
  }),
  refused(['config.md#annotations', 'MUST', 'the value of an annotation is a string'], {
    change: { '/annotations': { key: 1 } },
    finding: { code: 'schema/type', pointer: '/annotations/key' },
  }),
  refused(['config.md#valid-values', 'MUST', 'a value of the wrong type is an error'], {
    change: { '/process/env': 'A=b' },
    finding: { code: 'schema/type', pointer: '/process/env' },
    peers: { crun: 'its generated parser skips a list that is no list' },
  }),
  life(['config.md#configuration', 'MUST', 'a bundle without a config.json is an error'], {
    live: ({ world, create, state }) => {
      rmSync(join(world.bundle, 'config.json'));
      notEqual(create().status, 0);
      equal(state(), undefined);
    },
  }),
  life(['config.md#configuration', 'MUST', 'a config.json that is no JSON is an error'], {
    live: ({ world, create, state }) => {
      writeFileSync(join(world.bundle, 'config.json'), '{"ociVersion": ');
      const answer = create();
      notEqual(answer.status, 0);
      match(answer.stderr, /./);
      equal(state(), undefined);
    },
  }),
];
