/**
 * Which containers a command is for: one by its id, or with `--regex` all whose ids match a pattern.
 */
import { isRuntError, RuntError } from '../../base/errors.ts';
import { renderError } from '../../base/render-error.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { flag } from '../option.ts';
import type { Option } from '../option.ts';

export type Chosen =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'pattern'; readonly pattern: RegExp };

export const regex: Option<boolean> = flag(
  'the id is a regular expression: every container that it matches',
);

export function chosenBy(word: string, isPattern: boolean): Chosen {
  if (!isPattern) return { kind: 'id', id: word };
  try {
    return { kind: 'pattern', pattern: new RegExp(word, 'u') };
  } catch (cause) {
    const text = `invalid regular expression ${JSON.stringify(word)}`;
    throw new RuntError('usage', { text }, { cause });
  }
}

/** All are tried; what failed is told at the end, each by its id. */
export async function forEachChosen(
  chosen: Chosen,
  runtime: Pick<Runtime, 'listIds'>,
  act: (id: string) => Promise<void>,
): Promise<void> {
  if (chosen.kind === 'id') return act(chosen.id);
  const failures: string[] = [];
  for (const id of await runtime.listIds(true)) {
    if (!chosen.pattern.test(id)) continue;
    try {
      await act(id);
    } catch (error) {
      // somebody else may have deleted it just now
      if (!isRuntError(error, 'container-missing')) failures.push(`${id}: ${renderError(error)}`);
    }
  }
  if (failures.length > 0) throw new RuntError('usage', { text: failures.join('; ') });
}
