/** Real clients where systemd makes the cgroups: what test/clients can try only where it is process 1. */
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { closingCounts } from './counts.ts';
import { machine } from './host.ts';

const arch = process.arch === 'arm64' ? 'aarch64' : 'x64';

it.runIf(machine !== undefined)(
  'containerd and Kubernetes have cgroups of systemd',
  { timeout: 900_000 },
  async () => {
    const bun = `node_modules/@oven/bun-linux-${arch}/bin/bun`;
    const words = ['test/clients/main.ts', 'containerd', 'cri', '--case', 'systemd'];
    const { stdout } = await execa(bun, words, { reject: false });
    // with each the case, and that nothing is left
    expect(closingCounts(stdout), stdout).toEqual({ passed: 4, failed: 0, skipped: 0 });
  },
);
