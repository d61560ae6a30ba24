/**
 * What a command record may know of its caller: never the environment, never the words of argv.
 */

export interface Caller {
  /** Makes a path absolute against the caller's working directory. */
  readonly absolute: (path: string) => string;
  /** What the program was called by, without the folder. */
  readonly program: string;
  /** The root is the default one, which nobody may have made yet. */
  readonly rootMayBeAbsent: boolean;
  /** Somebody reads standard output who wants colours: a terminal, and no NO_COLOR. */
  readonly wantsColour: () => boolean;
}
