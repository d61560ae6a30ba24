/** What a service manager hands on: open sockets, and whom to tell that the service is ready. */
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { setArgs, sh } from '../support/bundle-builder.ts';
import { executable } from '../support/runtimes.ts';
import { type Stage, until, useStage } from '../support/stage.ts';

/** The manager's end: writes each message as a line of JSON, and lets go of the descriptor of a barrier. */
const manager = `
import array, json, os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("ready", flush=True)
while True:
    data, control, _, _ = s.recvmsg(4096, socket.CMSG_LEN(16))
    print(json.dumps(data.decode()), flush=True)
    for _, _, rights in control:
        for fd in array.array("i", rights[:4]):
            os.close(fd)
`;

/** The container's end: sends its arguments, each as one message. */
const notify = `
import os, socket, sys, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.connect(sys.argv[1])
for text in sys.argv[2:]:
    s.send(text.encode())
`;

async function managerOn(stage: Stage) {
  const path = join(stage.folder, 'manager.sock');
  const child = execa('python3', ['-c', manager, path], { reject: false });
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  await until(() => said.startsWith('ready\n'), 'the manager');
  const messages = () =>
    said
      .split('\n')
      .slice(1, -1)
      .map((line): unknown => JSON.parse(line));
  const stop = async (): Promise<void> => {
    child.kill();
    await child;
  };
  return { path, messages, stop };
}

/** From outside, through the container's own folder: its image has no program that can send datagrams. */
const say = async (stage: Stage, id: string, ...texts: readonly string[]): Promise<void> => {
  const path = join(stage.root, id, 'notify/notify.sock');
  await until(() => existsSync(path), path);
  await execa('python3', ['-c', notify, path, ...texts]);
};

describe('NOTIFY_SOCKET', () => {
  const stage = useStage(executable);
  const waits = sh(
    'echo $NOTIFY_SOCKET; ls -l /run/notify; touch /run/notify/x 2>&1; echo closed; sleep 60',
  );

  it('of a detached run: it returns when the container is ready, which then is the service', async () => {
    const { path, messages, stop } = await managerOn(stage);
    const id = stage.id();
    const bundle = stage.bundle(waits);
    const run = stage.call(['run', '-d', '-b', bundle, id], { env: { NOTIFY_SOCKET: path } });
    await say(stage, id, 'STATUS=not yet', 'X=1\nREADY=1\nSTOPPING=1');
    const ended = await run;
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    const { pid } = await stage.state(id);
    expect(messages()).toEqual(['READY=1\n', `MAINPID=${String(pid)}\n`, 'BARRIER=1']);
    const stdout = readFileSync(ended.stdoutFile, 'utf8');
    expect(stdout).toMatch(
      /^\/run\/notify\/notify\.sock\n[^]*srwxrwxrwx[^]*Read-only file system\nclosed\n$/,
    );
    await stage.remove(id);
    expect(existsSync(join(stage.root, id))).toBe(false);
    await stop();
  });

  it('of create and start: start returns then', async () => {
    const { path, messages, stop } = await managerOn(stage);
    const id = stage.id();
    const env = { NOTIFY_SOCKET: path };
    await stage.ok(['create', '-b', stage.bundle(waits), id], { env });
    const start = stage.call(['start', id], { env });
    await say(stage, id, 'READY=1');
    expect(await start).toMatchObject({ status: 0, stderr: '' });
    const { pid } = await stage.state(id);
    expect(messages().slice(0, 2)).toEqual(['READY=1\n', `MAINPID=${String(pid)}\n`]);
    await stage.remove(id);
    await stop();
  });

  it('of a run in the foreground: the service stays who waits', async () => {
    const { path, messages, stop } = await managerOn(stage);
    const id = stage.id();
    const env = { NOTIFY_SOCKET: path };
    const run = stage.call(['run', '-b', stage.bundle(waits), id], { env });
    await say(stage, id, 'READY=1');
    await until(() => messages().length >= 2, 'the messages');
    expect(messages()).toEqual(['READY=1\n', expect.stringMatching(/^MAINPID=\d+\n$/)]);
    const { pid } = await stage.state(id);
    expect(messages()[1]).not.toBe(`MAINPID=${String(pid)}\n`);
    await stage.ok(['kill', id, 'KILL']);
    expect(await run).toMatchObject({ status: 137 });
    await stop();
  });

  it('keeps nobody waiting for a container that ends', async () => {
    const { path, messages, stop } = await managerOn(stage);
    const id = stage.id();
    const bundle = stage.bundle(setArgs('true'));
    await stage.ok(['run', '-d', '-b', bundle, id], { env: { NOTIFY_SOCKET: path } });
    expect(messages()).toEqual([]);
    await stage.remove(id);
    await stop();
  });
});

describe('LISTEN_FDS', () => {
  const stage = useStage(executable);
  const shows = sh('echo "$LISTEN_FDS $LISTEN_PID"; cat <&3; cat <&4; ls /proc/self/fd | wc -l');

  /** The sockets are the service's own: LISTEN_PID is its pid, which only it knows. */
  const asService = (count: number) => [
    'sh',
    '-c',
    `export LISTEN_FDS=${count} LISTEN_PID=$$; exec "$@"`,
    'sh',
  ];

  it('are handed on, and after them what --preserve-fds names', async () => {
    const files = ['a', 'b'].map((name) => {
      const path = join(stage.folder, name);
      writeFileSync(path, `${name}\n`);
      return openSync(path, 'r');
    });
    try {
      for (const [count, words] of [
        [2, []],
        [1, ['--preserve-fds', '1']],
      ] as const) {
        const bundle = stage.bundle(shows);
        const { stdout } = await stage.ok(['run', ...words, '-b', bundle, stage.id()], {
          through: asService(count),
          descriptors: files,
        });
        expect(stdout).toMatch(new RegExp(`^${count} 1\na\nb\n`));
        for (const file of files) closeSync(file);
        files.splice(0, 2, ...['a', 'b'].map((name) => openSync(join(stage.folder, name), 'r')));
      }
    } finally {
      for (const file of files) closeSync(file);
    }
  });

  it('that are for another process are not', async () => {
    const bundle = stage.bundle(sh('echo "<$LISTEN_FDS>"; ls /proc/self/fd | wc -l'));
    const { stdout } = await stage.ok(['run', '-b', bundle, stage.id()], {
      env: { LISTEN_FDS: '1', LISTEN_PID: '1' },
    });
    expect(stdout).toBe('<>\n4\n');
  });
});
