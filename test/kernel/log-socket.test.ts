/** The logs of the system, with a program at the other end of the socket that is not ours. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectDatagram } from '../../src/kernel/datagram.ts';
import { failureOf } from '../support/failure.ts';
import { journalMessage, syslogMessage } from '../../src/kernel/log-socket.ts';
import { until } from '../support/stage.ts';

const listen = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("ready", flush=True)
open(sys.argv[2], "wb").write(s.recv(65536))
`;

describe('a datagram socket', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'runt-datagram-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives a message whole to who listens', async () => {
    const [path, received] = [join(folder, 'socket'), join(folder, 'received')];
    const child = execa('python3', ['-c', listen, path, received]);
    let said = '';
    child.stdout.on('data', (chunk) => (said += String(chunk)));
    await until(() => said.includes('ready'), 'the listener');
    const socket = connectDatagram(path, 'open the log');
    const message = journalMessage('runt', 'web', 'error', 'two\nlines');
    expect(socket.send(message)).toBe(0);
    await child;
    expect(readFileSync(received).equals(message)).toBe(true);
    // nobody is there any more
    expect(socket.send(message)).toBeLessThan(0);
  });

  it('says what is wrong when nobody is there', () => {
    const doing = 'open the log';
    expect(failureOf(() => connectDatagram(join(folder, 'absent'), doing))).toMatchObject({
      code: 'system-call',
      facts: { doing, errno: 'ENOENT' },
    });
    expect(failureOf(() => connectDatagram(`/${'x'.repeat(120)}`, doing))).toMatchObject({
      facts: { errno: 'ENAMETOOLONG' },
    });
  });
});

describe("the journal's form", () => {
  it('gives the text by its length, so that no text can forge a field', () => {
    const message = Buffer.from(journalMessage('runc', 'a\nPRIORITY=0', 'warning', 'é\nX=1'));
    const [fields = '', rest = ''] = message.toString('latin1').split('\nMESSAGE\n');
    expect(fields).toBe('PRIORITY=4\nSYSLOG_IDENTIFIER=runc\nID=a PRIORITY=0');
    expect(rest.slice(0, 8)).toBe('\x06\0\0\0\0\0\0\0');
    expect(Buffer.from(rest.slice(8), 'latin1').toString()).toBe('é\nX=1\n');
  });
});

describe("syslog's form", () => {
  it('has facility and level, the time here, and the name', () => {
    const now = new Date(2026, 0, 2, 3, 4, 5);
    const text = (level: 'error' | 'debug') =>
      String(Buffer.from(syslogMessage('web', level, 'it failed', now)));
    expect(text('error')).toBe('<11>Jan  2 03:04:05 web: it failed');
    expect(text('debug')).toBe('<15>Jan  2 03:04:05 web: it failed');
  });
});
