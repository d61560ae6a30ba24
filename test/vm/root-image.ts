/**
 * The disk that a machine boots from, with its kernel: made by mmdebstrap once, and kept by what it is made of.
 *
 * In: a machine. Out: three files. A list of packages or a recipe that has changed makes another image beside the old one.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { atEnd } from './at-end.ts';
import type { Machine } from './machines.ts';

export interface RootImage {
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
}

const service = join(import.meta.dirname, 'root/runt-vm.service');
/** Sparse: what is not written takes no room. */
const size = '6G';
const keptDays = 30;

/** To be counted up when the recipe below changes in another way than by its words. */
const recipe = 1;

/** Units that a machine for one command can do without, and that take seconds of an emulated processor. */
const masked = [
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  // the tests start engines of their own
  'containerd.service',
  'docker.service',
  'docker.socket',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'fstrim.timer',
  'podman-auto-update.timer',
  'podman-clean-transient.service',
  'podman-restart.service',
  'podman.socket',
  'systemd-timesyncd.service',
  'systemd-pcrphase.service',
  'systemd-random-seed.service',
];

const hooks: readonly string[] = [
  'mkdir -p "$1/project"',
  `cp "${service}" "$1/etc/systemd/system/runt-vm.service"`,
  'chroot "$1" systemctl enable runt-vm.service',
  `chroot "$1" systemctl mask ${masked.join(' ')}`,
  'echo runt-vm >"$1/etc/hostname"',
  'printf "127.0.0.1 localhost runt-vm\\n::1 localhost\\n" >"$1/etc/hosts"',
  // loading Debian's hundred profiles takes an emulated processor twelve seconds; those of the tests are enough
  'find "$1/etc/apparmor.d" -maxdepth 1 -type f -delete',
  'rm -rf "$1"/usr/share/doc "$1"/usr/share/man "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/*',
];

function cacheFolder(): string {
  const { RUNT_VM_CACHE, XDG_CACHE_HOME } = process.env;
  return RUNT_VM_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'runt/vm');
}

/** Makes what is not there yet; whoever calls at the same time waits. */
export function rootImage(machine: Machine, say: (line: string) => void): RootImage {
  const cache = cacheFolder();
  mkdirSync(cache, { recursive: true });
  const folder = join(cache, `${machine.name}-${hashOf(machine)}`);
  if (!existsSync(folder)) {
    say(`making the image of ${machine.name} (${machine.is}); it is kept in ${folder}`);
    makeImage(machine, folder);
    forgetOld(cache);
  }
  utimesSync(folder, new Date(), new Date());
  return {
    disk: join(folder, 'disk.img'),
    kernel: join(folder, 'vmlinuz'),
    initrd: join(folder, 'initrd.img'),
  };
}

function hashOf({ suite, packages, options }: Machine): string {
  const made = [recipe, suite, packages, options, hooks, size, readFileSync(service, 'utf8')];
  // where the checkout is does not change what is made
  const text = JSON.stringify(made).replaceAll(import.meta.dirname, '');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function makeImage(machine: Machine, folder: string): void {
  const work = mkdtempSync(`${folder}.`);
  const undo = atEnd(() => rmSync(work, { recursive: true, force: true }));
  try {
    const root = join(work, 'root');
    run('mmdebstrap', [
      '--quiet',
      '--mode=root',
      '--variant=minbase',
      `--include=${machine.packages.join(',')}`,
      ...machine.options,
      ...hooks.map((hook) => `--customize-hook=${hook}`),
      machine.suite,
      root,
    ]);
    const made = join(work, 'made');
    mkdirSync(made);
    for (const name of ['vmlinuz', 'initrd.img'])
      renameSync(bootFile(root, name), join(made, name));
    run('mke2fs', ['-q', '-t', 'ext4', '-L', 'root', '-d', root, join(made, 'disk.img'), size]);
    // somebody else may have made the same one meanwhile
    if (!existsSync(folder)) renameSync(made, folder);
  } finally {
    undo();
  }
}

function bootFile(root: string, name: string): string {
  const found = readdirSync(join(root, 'boot')).find((entry) => entry.startsWith(`${name}-`));
  if (found === undefined) throw new Error(`the packages brought no ${name}`);
  return join(root, 'boot', found);
}

/** Images that nobody has booted for a month, and what a killed maker has left. */
function forgetOld(cache: string): void {
  const limit = Date.now() - keptDays * 24 * 3600 * 1000;
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (statSync(path).mtimeMs < limit) rmSync(path, { recursive: true, force: true });
  }
}

/** What it prints is of interest when it fails, and is in the error then. */
function run(program: string, words: readonly string[]): void {
  execFileSync(program, words, { stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 26 });
}
