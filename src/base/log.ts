/**
 * The log, in the two forms that runc's callers read: logrus text, or one JSON object per line.
 *
 * Lines go to stderr, or to a file that is only ever appended to: a shim gives one file to many
 * commands; or to a log of the system. With these two, the error that ends a command is also written to stderr, plain.
 */
import { openSync, writeSync } from 'node:fs';
import { RuntError } from './errors.ts';

export interface Logger {
  /** Whether debug lines go anywhere: ask before making an expensive one. */
  readonly debugging: boolean;
  debug(text: string): void;
  warning(text: string): void;
  error(text: string): void;
}

/** The logger of a command: it also takes the one error that ends it. */
export interface CommandLog extends Logger {
  fatal(text: string, how?: FatalManner): void;
}

export interface FatalManner {
  /** On stderr without the frame of a log line and without the hint, wherever the log goes: as a program tells it. */
  readonly plain?: boolean | undefined;
  /** What to do about it: beside the message, which programs read, and never in it. */
  readonly hint?: string | undefined;
}

export type LogFormat = 'text' | 'json';

export type LogLevel = 'debug' | 'warning' | 'error';

/** Takes a line in place of a file; false when it could not. */
export type LogSink = (level: LogLevel, text: string) => boolean;

export interface LogOptions {
  /** Absent, and no sink: stderr. */
  readonly file?: string;
  /** A log of the system, which has levels and times of its own. */
  readonly sink?: LogSink;
  readonly format: LogFormat;
  readonly debug: boolean;
  readonly stderr: (text: string) => void;
  /** For tests. */
  readonly now?: () => Date;
}

/** Opens the file (O_CREAT|O_APPEND, 0644) at once: a wrong path is the caller's to hear before anything is made. */
export function openLog(options: LogOptions): CommandLog {
  const { file, sink, format, debug, stderr, now = () => new Date() } = options;
  const write = file === undefined ? stderr : appender(file, stderr);
  const line = format === 'json' ? jsonLine : textLine;
  const put = (level: LogLevel, text: string, hint?: string) => {
    if (sink?.(level, withHint(text, hint)) !== true) write(line(now(), level, text, hint));
  };
  return {
    debugging: debug,
    debug: (text) => {
      if (debug) put('debug', text);
    },
    warning: (text) => put('warning', text),
    error: (text) => put('error', text),
    fatal: (text, { plain = false, hint } = {}) => {
      const elsewhere = file !== undefined || sink !== undefined;
      if (elsewhere || !plain) put('error', text, hint);
      if (elsewhere || plain) stderr(`${plain ? text : withHint(text, hint)}\n`);
    },
  };
}

function appender(file: string, stderr: (text: string) => void): (line: string) => void {
  const fd = openAppend(file);
  return (line) => {
    try {
      writeSync(fd, line);
    } catch {
      // a full disk must not end a container, nor lose the line
      stderr(line);
    }
  };
}

function openAppend(file: string): number {
  try {
    return openSync(file, 'a', 0o644);
  } catch (cause) {
    const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new RuntError('system-call', { doing: `open the log file ${file}`, errno }, { cause });
  }
}

/** RFC 3339 in UTC, to the second. */
function stamp(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

const withHint = (text: string, hint: string | undefined): string =>
  hint === undefined ? text : `${text} (${hint})`;

/** As logrus has them: fields in the order of the alphabet. */
function jsonLine(time: Date, level: LogLevel, text: string, hint?: string): string {
  const fields = { ...(hint !== undefined && { hint }), level, msg: text, time: stamp(time) };
  return `${JSON.stringify(fields)}\n`;
}

/** As logrus has them: its own three fields, then the others. */
function textLine(time: Date, level: LogLevel, text: string, hint?: string): string {
  const more = hint === undefined ? '' : ` hint=${quoteIfNeeded(hint)}`;
  return `time="${stamp(time)}" level=${level} msg=${quoteIfNeeded(text)}${more}\n`;
}

function quoteIfNeeded(text: string): string {
  return /^[\w\-./@^+]*$/.test(text) ? text : quote(text);
}

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** Go's `%q`: what does not print is escaped, so that a container's words cannot forge a log line. */
function quote(text: string): string {
  const escaped = text.replaceAll(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (character) => {
    const short = shortEscapes[character];
    if (short !== undefined) return short;
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
    if (code > 0xff_ff) return `\\U${code.toString(16).padStart(8, '0')}`;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}
