/** Real clients where systemd makes the cgroups: what test/clients can try only where it is process 1. */
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { closingCounts } from './counts.ts';
import { machine } from './host.ts';

const arch = process.arch === 'arm64' ? 'aarch64' : 'x64';
const bun = `node_modules/@oven/bun-linux-${arch}/bin/bun`;

/** All must pass: the cases that `pattern` finds, and with each client that nothing is left. */
async function passes(names: readonly string[], pattern: string, cases: number): Promise<void> {
  const words = ['test/clients/main.ts', ...names, '--case', pattern];
  // printed as it comes: a machine that says nothing for long is ended
  const { stdout } = await execa(bun, words, {
    reject: false,
    stdout: ['pipe', 'inherit'],
    stderr: 'inherit',
  });
  const passed = cases + names.length;
  expect(closingCounts(stdout), stdout).toEqual({ passed, failed: 0, skipped: 0 });
}

/** Less than the silence that ends a machine. */
const timeout = 840_000;
const scopes = 'cgroups made by systemd';
/** The others have containerd alone. */
const hasEngines = machine === 'trixie' || machine === 'bookworm';

describe.runIf(machine !== undefined)('where systemd is process 1', { timeout }, () => {
  it('containerd and Kubernetes have cgroups of systemd', () =>
    passes(['containerd', 'cri'], scopes, 2));

  it.runIf(hasEngines)('Docker has, for the life of a container', () =>
    passes(['docker'], scopes, 1),
  );

  it.runIf(hasEngines)('Podman has, and a journal for its events, and systemd inside', () =>
    passes(['podman'], `${scopes}|--systemd|journald`, 3),
  );

  // on v1 a user is given no cgroups
  it.runIf(machine === 'trixie')('Podman of a user has, of the user’s own systemd', () =>
    passes(['podman-user'], scopes, 1),
  );
});
