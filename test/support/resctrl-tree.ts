/**
 * A folder that looks like a resctrl file system: the kernel's files in its root, and a mount line that names it.
 *
 * Plain folders lack two things of the real one: files that come with a new group, which a write makes here, and
 * that a group goes with its files.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Resctrl, resctrl } from '../../src/intel-rdt/apply/resctrl.ts';

export interface ResctrlTree {
  readonly root: string;
  readonly resctrl: Resctrl;
  read(path: string): string;
  end(): void;
}

export function resctrlTree(): ResctrlTree {
  const root = mkdtempSync(join(tmpdir(), 'resctrl-'));
  for (const folder of ['info/MB', 'mon_groups', 'gold/mon_groups'])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'info/last_cmd_status'), 'ok\n');
  writeFileSync(join(root, 'info/MB/bandwidth_gran'), '10\n');
  writeFileSync(join(root, 'schemata'), '    MB:0=100\n    L3:0=fffff\n');
  writeFileSync(join(root, 'gold/schemata'), '    MB:0= 30\n    L3:0=000ff\n');
  writeFileSync(join(root, 'tasks'), '');
  return {
    root,
    resctrl: resctrl({
      mountinfo: () => `40 25 0:32 / ${root} rw - resctrl resctrl rw\n`,
      removeFolder: (path) => {
        statSync(path);
        rmSync(path, { recursive: true });
      },
      makeFolder: (path) => {
        mkdirSync(path);
        if (!path.includes('mon_groups')) mkdirSync(join(path, 'mon_groups'));
      },
    }),
    read: (path) => readFileSync(join(root, path), 'utf8'),
    end: () => rmSync(root, { recursive: true, force: true }),
  };
}
