/**
 * containerd where its package has it, as the pages take it to be.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { Daemon, Ground } from './ground.ts';

const dropIn = '/etc/systemd/system/containerd.service.d/runt.conf';

/** As systemd starts it, with what the drop-in says. */
export async function beginService(ground: Ground): Promise<Daemon> {
  const text = existsSync(dropIn) ? readFileSync(dropIn, 'utf8') : '';
  const lines = [...text.matchAll(/^Environment=(\w+)=(.*)$/gm)];
  const env = Object.fromEntries(lines.map(([, key, value]) => [key ?? '', value ?? '']));
  const daemon = ground.daemon('containerd-service', ['containerd'], { env });
  await ground.until('containerd to answer', async () => {
    const { status } = await ground.run(['ctr', 'version'], { seconds: 10 });
    return status === 0;
  });
  return daemon;
}

/** What a registry would have given. */
export async function importAs(
  ground: Ground,
  reference: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const { archive, name } = ground.images.busybox;
  await ground.ok(['ctr', 'image', 'import', archive], { env });
  await ground.ok(['ctr', 'image', 'tag', name, reference], { env });
  return '';
}
