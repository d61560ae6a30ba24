/**
 * docs/use-with/containerd.md, as its reader follows it: with containerd where its package has it.
 */
import { notEqual } from 'node:assert/strict';
import type { Cases } from './client.ts';
import type { Containerd } from './containerd.ts';
import { beginService, importAs } from './containerd-service.ts';
import type { Ground } from './ground.ts';
import { runPage } from './page.ts';

export const pageCases: Cases<Containerd> = {
  async 'docs/use-with/containerd.md, line by line'({ ground }) {
    const { name } = ground;
    const env = { CONTAINERD_NAMESPACE: name };
    let daemon = await beginService(ground);
    const restart = async (): Promise<string> => {
      await daemon.end();
      daemon = await beginService(ground);
      return '';
    };
    try {
      await runPage(ground, 'containerd', {
        env,
        standIn: (line) => {
          switch (line) {
            case 'ctr image pull docker.io/library/busybox:latest':
              return () => importAs(ground, 'docker.io/library/busybox:latest', env);
            case 'systemctl daemon-reload':
              return async () => '';
            case 'systemctl restart containerd':
              return restart;
            default:
              return /^ctr (run|task exec) .* echo /.test(line)
                ? () => printed(ground, line, env)
                : undefined;
          }
        },
        // containers of two grounds at a time must not meet in one cgroup
        amend: (text) => text.replaceAll('/runc/default', `/runc/${name}`),
      });
      const state = ['runt', '--root', `/run/containerd/runc/${name}`, 'state', 'hello'];
      await ground.ok(
        ['ctr', 'run', '--detach', 'docker.io/library/busybox:latest', 'hello', 'sleep', '1000'],
        { env },
      );
      // the control is what one goes back to
      if (ground.runtime.name === 'runt') notEqual((await ground.run(state)).status, 0);
      await ground.ok(['ctr', 'task', 'rm', '--force', 'hello'], { env });
      await ground.ok(['ctr', 'container', 'rm', 'hello'], { env });
    } finally {
      await daemon.end();
    }
  },
};

/** Asked again when nothing comes: ctr may be gone before it has copied what a short command prints, with any runtime. */
const printed = (
  ground: Ground,
  line: string,
  env: Readonly<Record<string, string>>,
): Promise<string> =>
  ground.until(`the output of ${line}`, async () => {
    const { stdout } = await ground.ok(['sh', '-c', line], { env });
    return stdout;
  });
