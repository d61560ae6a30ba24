/**
 * The form of a rule: a pure function from a document of sound types to everything in it that breaks the rule.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config, Process } from '../config.ts';

export type Rule = (config: Config) => readonly Finding[];

/** A rule of a process alone; `at` is the pointer of the process in its document: `/process`, or empty in a process.json. */
export type ProcessRule = (process: Process, at: string) => readonly Finding[];
