/**
 * Where `--log` sends the log: to a file, or with crun's prefixes to the journal or to syslog.
 */
import type { LogSink } from '../base/log.ts';
import type { Option } from './option.ts';

export type LogTarget =
  | { readonly kind: 'file'; readonly path: string }
  /** `identity` is the name that the lines carry there. */
  | { readonly kind: 'journald' | 'syslog'; readonly identity: string };

export type SystemLog = Extract<LogTarget, { identity: string }>;

/** Opens a log of the system. */
export type OpenSink = (target: SystemLog) => Promise<LogSink>;

export const logTarget: Option<LogTarget | undefined> = {
  about: 'where the log goes: a file, journald:NAME or syslog:NAME (default: stderr)',
  value: 'target',
  initial: undefined,
  read(word, caller) {
    if (word === '') return undefined;
    const [, prefix, rest = ''] = /^(file|journald|syslog):(.*)$/s.exec(word) ?? [];
    if (prefix === 'journald' || prefix === 'syslog') return { kind: prefix, identity: rest };
    return { kind: 'file', path: caller.absolute(prefix === 'file' ? rest : word) };
  },
};
