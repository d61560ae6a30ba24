/** docs/rootless.md: its commands, run by a user who is not root, print what stands below them. */
import { execaSync } from 'execa';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sectionOf } from '../support/rootless-page.ts';
import { giveStage, aloneUser as user } from '../support/rootless-user.ts';
import { executable } from '../support/runtimes.ts';
import { useStage } from '../support/stage.ts';

describe('docs/rootless.md', () => {
  const stage = useStage({ name: 'sh', path: 'sh', through: user.through });

  it('a first container', async () => {
    const blocks = sectionOf('A first container');
    expect(blocks).toHaveLength(2);
    const home = join(stage.folder, 'home');
    mkdirSync(home);
    giveStage(stage, user);
    const env = { PATH: `${dirname(executable.path)}:${process.env['PATH'] ?? ''}` };
    for (const { sh, text } of blocks) {
      const outcome = await stage.call(['-euc', sh], {
        global: [],
        cwd: home,
        env: { ...env, XDG_RUNTIME_DIR: home },
      });
      expect(outcome).toMatchObject({ status: 0, stderr: '' });
      expect(outcome.stdout.replaceAll(/ +/g, ' ').replace(String(user.id), '1000')).toBe(text);
    }
    execaSync('rm', ['-r', home]);
  });
});
