/**
 * `docker build`, by the daemon itself and by BuildKit, which calls a runtime without a shim.
 */
import { equal, match, notEqual } from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cases } from './client.ts';
import type { Docker } from './docker.ts';
import type { Ended } from './ground.ts';

const dockerfile = (image: string): string => `FROM ${image}
ENV A=b
WORKDIR /made
COPY hello .
RUN echo "$A" >env && cat hello >>env && id -u >>env && test -e /proc/self && chmod 777 . && echo user:x:1000: >/etc/group
USER user
RUN id -u >user
CMD ["sh", "-c", "cat env user"]
`;

async function build(session: Docker, kit: boolean, name: string, text: string): Promise<Ended> {
  const folder = join(session.ground.folder, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'Dockerfile'), text);
  writeFileSync(join(folder, 'hello'), 'hello\n');
  const words = ['build', '--network', 'none', '--tag', name, ...(kit ? ['--progress=plain'] : [])];
  const env = { DOCKER_BUILDKIT: kit ? '1' : '0' };
  return session.docker([...words, folder], { env });
}

async function buildAndRun(session: Docker, kit: boolean): Promise<void> {
  const name = kit ? 'by-buildkit' : 'by-dockerd';
  const { status, stderr } = await build(session, kit, name, dockerfile(session.image));
  equal(status, 0, stderr);
  const words = ['run', '--rm', '--network', 'none', name];
  equal(await session.ok(words), 'b\nhello\n0\n1000\n');
  const bad = await build(session, kit, `${name}-bad`, `FROM ${session.image}\nRUN exit 9\n`);
  notEqual(bad.status, 0);
  match(bad.stderr, /(code|code:) 9/);
  await session.ok(['rmi', '--force', name]);
}

export const buildCases: Cases<Docker> = {
  'build: by the daemon': (session) => buildAndRun(session, false),
  'build: by BuildKit': (session) => buildAndRun(session, true),
};
