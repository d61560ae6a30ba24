/**
 * A client of runtimes: what it is made of, how it is started and ended, and what it is asked to do.
 *
 * Each has a file of its own, which says all about it, and a line in clients.ts.
 */
import type { Ground } from './ground.ts';

/** What a client is asked to do; a case fails by throwing, and is left out by `skip`. */
export type Cases<Session> = Readonly<Record<string, (session: Session) => Promise<void>>>;

export interface ClientParts<Session> {
  readonly name: string;
  /** One line, for people. */
  readonly is: string;
  /** The Debian release whose packages these are, in a tree of their own; without it, those of this host. */
  readonly suite?: Suite;
  /** Debian's packages, each with a program by which one sees that it is there. */
  readonly packages: readonly Package[];
  /** Starts it in a ground of its own. */
  readonly start: (ground: Ground) => Promise<Session>;
  /** After a case that failed: takes away what that has left, so that the next has a fair start. */
  readonly clear: (session: Session) => Promise<void>;
  /** Ends it, and all that it keeps. */
  readonly end: (session: Session) => Promise<void>;
  readonly cases: Cases<Session>;
}

export type Suite = 'forky';

export interface Package {
  readonly name: string;
  /** A name to be found in PATH, or a path. */
  readonly program: string;
}

/** Of a release with a tree of its own, where nobody looks whether it is there. */
export const needed = (name: string): Package => ({ name, program: name });

export interface Client {
  readonly name: string;
  readonly is: string;
  readonly suite?: Suite;
  readonly packages: readonly Package[];
  readonly cases: readonly string[];
  readonly open: (ground: Ground) => Promise<OpenClient>;
}

export interface OpenClient {
  readonly run: (name: string) => Promise<void>;
  readonly clear: () => Promise<void>;
  readonly end: () => Promise<void>;
}

/** Of whatever kind its session is, nobody else needs to know. */
export function client<Session>(parts: ClientParts<Session>): Client {
  const { name, is, suite, packages, cases } = parts;
  return {
    name,
    is,
    ...(suite !== undefined && { suite }),
    packages,
    cases: Object.keys(cases),
    async open(ground) {
      const session = await parts.start(ground);
      return {
        run: async (wanted) => {
          const body = cases[wanted];
          if (body === undefined) throw new Error(`no case ${wanted}`);
          await body(session);
        },
        clear: () => parts.clear(session),
        end: () => parts.end(session),
      };
    },
  };
}

/** A case that cannot be on this ground; the reason is for people. */
export class Skipped extends Error {}

export function skip(reason: string): never {
  throw new Skipped(reason);
}
