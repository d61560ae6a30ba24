import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { bunPath } from '../../support/bun.ts';
import type { UnifiedReport } from '../../support/unified-session.ts';

const session = fileURLToPath(new URL('../../support/unified-session.ts', import.meta.url));

// the session is run by Bun, which is not carried into the machines; whole containers show the same there
const elsewhere = process.getuid?.() !== 0 || process.env['RUNT_VM'] !== undefined;

describe.skipIf(elsewhere)('cgroupfs on v2', () => {
  test('one session: create, join, list, freeze, refuse, kill, remove, threaded', () => {
    const output = execFileSync('unshare', ['-m', bunPath(), 'run', session], { encoding: 'utf8' });
    const report: UnifiedReport = JSON.parse(output);
    expect(report).toMatchObject({
      mode: 'v2',
      mountpoints: ['/sys/fs/cgroup'],
      belowBase: '/pod/box',
      membership: true,
      listed: 1,
      listedWithNested: 2,
      frozen: [false, true],
      program: { path: true, size: 64 * 8 },
      owners: [4242, 4242, 4242, 0],
      refusal: {
        code: 'busy',
        facts: { what: "container's cgroup is not empty: 2 process(es) found" },
      },
      leftAfterKill: 0,
      existsAfterRemove: false,
      threaded: 'threaded',
      listedThreaded: 1,
    });
    expect(report.controllers.leaf).toBe(report.controllers.root);
  });
});
