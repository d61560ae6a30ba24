import { isRuntError, type RuntError } from '../../src/base/errors.ts';

/** What an action throws; undefined when it does not. */
export function failureOf(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** What a promise is refused with; an error of another kind, or none, is thrown. */
export async function refusalOf(promise: Promise<unknown>): Promise<RuntError> {
  const error = await promise.then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason,
  );
  if (!isRuntError(error)) throw error;
  return error;
}
