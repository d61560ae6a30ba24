/**
 * The logs of the system: systemd's journal and syslog, each by a datagram to its socket.
 */
import type { LogLevel, LogSink } from '../base/log.ts';
import { connectDatagram } from './datagram.ts';

/** syslog(3) */
const priorities: Readonly<Record<LogLevel, number>> = { error: 3, warning: 4, debug: 7 };
const facilityUser = 1 << 3;

const journalSocket = '/run/systemd/journal/socket';
const syslogSocket = '/dev/log';

/** systemd's native protocol: fields by line, and one that has lines of its own by length. */
export function journalMessage(
  program: string,
  identity: string,
  level: LogLevel,
  text: string,
): Uint8Array {
  const fields = [
    `PRIORITY=${priorities[level]}`,
    `SYSLOG_IDENTIFIER=${program}`,
    `ID=${identity.replaceAll('\n', ' ')}`,
  ];
  const utf8 = new TextEncoder();
  const head = utf8.encode(`${fields.join('\n')}\nMESSAGE\n`);
  const body = utf8.encode(`${text}\n`);
  const message = new Uint8Array(head.length + 8 + body.length);
  message.set(head);
  const length = new DataView(message.buffer, head.length, 8);
  length.setBigUint64(0, BigInt(body.length - 1), true);
  message.set(body, head.length + 8);
  return message;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** RFC 3164 as the C library writes it: local time, no host. */
export function syslogMessage(
  identity: string,
  level: LogLevel,
  text: string,
  now: Date,
): Uint8Array {
  const two = (number: number) => String(number).padStart(2, '0');
  const day = String(now.getDate()).padStart(2, ' ');
  const time = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  const stamp = `${months[now.getMonth()] ?? ''} ${day} ${time}`;
  return new TextEncoder().encode(
    `<${facilityUser | priorities[level]}>${stamp} ${identity}: ${text}`,
  );
}

export async function openLogSocket(
  kind: 'journald' | 'syslog',
  identity: string,
  program: string,
): Promise<LogSink> {
  const path = kind === 'journald' ? journalSocket : syslogSocket;
  const socket = connectDatagram(path, `open the log ${kind}`);
  return (level, text) =>
    socket.send(
      kind === 'journald'
        ? journalMessage(program, identity, level, text)
        : syslogMessage(identity === '' ? program : identity, level, text, new Date()),
    ) === 0;
}
