/**
 * What is Docker's alone: health checks by the daemon, a daemon that ends and comes back, and both of its builders.
 */
import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
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
  return session.call([...words, folder], { env });
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

export const dockerCases: Cases<Docker> = {
  async 'run: a process that takes too much memory is killed, and Docker is told'(session) {
    const { call, runWords, id, inspect, remove } = session;
    const one = id();
    const options = ['--name', one, '--memory', '16m', '--memory-swap', '16m'];
    // not process 1, and time for the engine: it loses what it hears of after the end
    const script = 'dd if=/dev/zero of=/dev/null bs=64M 2>/dev/null; echo $?; sleep 1; exit 3';
    const { status, stdout } = await call([...runWords(...options), 'sh', '-c', script]);
    deepEqual([status, stdout], [3, '137\n']);
    equal(await inspect(one, '{{.State.OOMKilled}}'), 'true');
    await remove(one);
  },

  async 'health checks'({ ground, detached, inspect, inside, remove }) {
    const check = ['--health-cmd', 'test -e /tmp/well || { echo ill; exit 1; }'];
    const options = [...check, '--health-interval', '100ms', '--health-retries', '1'];
    const one = await detached(options);
    const becomes = (health: string): Promise<unknown> =>
      ground.until(
        `it to be ${health}`,
        async () => (await inspect(one, '{{.State.Health.Status}}')) === health,
      );
    await becomes('unhealthy');
    match(await inspect(one, '{{json .State.Health.Log}}'), /"ExitCode":1,"Output":"ill\\n"/);
    await inside(one, 'touch /tmp/well');
    await becomes('healthy');
    await remove(one);
  },

  async 'a container outlives the daemon, which finds it again'(session) {
    const { detached, restart, inspect, inside, remove } = session;
    const one = await detached();
    await restart();
    equal(await inspect(one, '{{.State.Status}}'), 'running');
    equal(await inside(one, 'echo still here'), 'still here\n');
    await remove(one);
  },

  'build: by the daemon': (session) => buildAndRun(session, false),
  'build: by BuildKit': (session) => buildAndRun(session, true),
};
