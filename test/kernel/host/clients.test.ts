/** The configuration of each client, as it lies on a disk: which runtimes lead to runt. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ClientFacts, ClientName } from '../../../src/doctor/facts.ts';
import { clientFacts } from '../../../src/kernel/host/clients.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'runt-doctor-'));
  put('/usr/local/bin/runt', '#!/bin/sh\n');
  chmodSync(`${root}/usr/local/bin/runt`, 0o755);
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(root + path), { recursive: true });
  writeFileSync(root + path, text);
}

function of(client: ClientName, env = {}): ClientFacts {
  const found = clientFacts(env, root).find((one) => one.client === client);
  if (found === undefined) throw new Error(client);
  return found;
}

const there = { path: '/usr/local/bin/runt', program: 'there' };

it('containerd: BinaryName, the default, and the files that it imports', () => {
  put(
    '/etc/containerd/config.toml',
    `version = 2
imports = ["/etc/containerd/conf.d/*.toml"]
[plugins."io.containerd.grpc.v1.cri".containerd]
default_runtime_name = "runt"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runt]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runt.options]
BinaryName = "/usr/local/bin/runt"
SystemdCgroup = true
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
BinaryName = "/usr/bin/runc"
`,
  );
  put(
    '/etc/containerd/conf.d/more.toml',
    '[plugins.cri.containerd.runtimes.other]\noptions = {BinaryName = "/opt/runt"}\n',
  );
  expect(of('containerd')).toMatchObject({
    files: ['/etc/containerd/config.toml', '/etc/containerd/conf.d/more.toml'],
    damaged: [],
    byDefault: 'runt',
    runtimes: [
      { name: 'runt', ...there, systemdCgroup: true },
      { name: 'other', path: '/opt/runt', program: 'missing' },
    ],
  });
});

it('Docker: a path, a default and a cgroup driver in JSON', () => {
  put(
    '/etc/docker/daemon.json',
    JSON.stringify({
      'default-runtime': 'fast',
      'exec-opts': ['native.cgroupdriver=cgroupfs'],
      runtimes: { fast: { path: '/usr/local/bin/runt' }, kata: { path: '/usr/bin/kata' } },
    }),
  );
  expect(of('docker')).toMatchObject({
    byDefault: 'fast',
    runtimes: [{ name: 'fast', ...there, systemdCgroup: false }],
  });
});

it('Podman: the first path that is there, of the host and of the user', () => {
  put(
    '/etc/containers/containers.conf',
    '[engine]\nruntime = "crun"\ncgroup_manager = "systemd"\n',
  );
  put(
    '/home/ann/.config/containers/containers.conf.d/10-runt.conf',
    '[engine]\nruntime = "runt"\n[engine.runtimes]\nrunt = ["/opt/none/runt", "/usr/local/bin/runt"]\n',
  );
  expect(of('podman').runtimes).toEqual([]);
  expect(of('podman', { HOME: '/home/ann' })).toMatchObject({
    byDefault: 'runt',
    runtimes: [{ name: 'runt', ...there, systemdCgroup: true }],
  });
});

it('CRI-O: runtime_path, in folders of files', () => {
  put('/etc/crio/crio.conf.d/01-a.conf', '[crio.runtime]\ndefault_runtime = "runt"\n');
  put(
    '/etc/crio/crio.conf.d/02-b.conf',
    '[crio.runtime.runtimes.runt]\nruntime_path = "/usr/local/bin/runt"\n',
  );
  expect(of('cri-o')).toMatchObject({
    files: ['/etc/crio/crio.conf.d/01-a.conf', '/etc/crio/crio.conf.d/02-b.conf'],
    byDefault: 'runt',
    runtimes: [{ name: 'runt', ...there }],
  });
});

it('knows runt behind a link of another name, and a file that cannot be run', () => {
  symlinkSync(`${root}/usr/local/bin/runt`, `${root}/usr/local/bin/runc`);
  put('/opt/runt', '');
  const runtimes = { a: { path: '/usr/local/bin/runc' }, b: { path: '/opt/runt' } };
  put('/etc/docker/daemon.json', JSON.stringify({ runtimes }));
  expect(of('docker').runtimes).toEqual([
    { name: 'a', path: '/usr/local/bin/runc', program: 'there' },
    { name: 'b', path: '/opt/runt', program: 'not-executable' },
  ]);
});

it('tells of files that it does not understand', () => {
  put('/etc/docker/daemon.json', '{"runtimes": ');
  put('/etc/containerd/config.toml', 'version = 2\n[oops\n');
  expect(of('docker').damaged).toMatchObject([{ file: '/etc/docker/daemon.json' }]);
  expect(of('containerd').damaged).toEqual([
    {
      file: '/etc/containerd/config.toml',
      reason: 'line 2: found "\\n", wanted a closing bracket',
    },
  ]);
});
