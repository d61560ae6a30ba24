import { expect, test } from 'vitest';
import { RuntError } from '../../src/base/errors.ts';
import { orUnwind } from '../../src/base/unwind.ts';

const failure = () => new RuntError('busy', { what: 'the first error' });

test('what was built is handed out, and nothing is taken back', async () => {
  const undone: string[] = [];
  const built = await orUnwind(async (unwind) => {
    unwind.push(() => void undone.push('a'));
    return 'built';
  });
  expect(built).toBe('built');
  expect(undone).toEqual([]);
});

test('a failure takes back what was done, newest first, one after another', async () => {
  const undone: string[] = [];
  const error = failure();
  const build = orUnwind(async (unwind) => {
    unwind.push(() => void undone.push('first'));
    unwind.push(async () => {
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
      undone.push('second');
    });
    unwind.push(() => void undone.push('third'));
    throw error;
  });
  await expect(build).rejects.toBe(error);
  expect(undone).toEqual(['third', 'second', 'first']);
});

test('a failed undo stands beside the first error, and stops no other', async () => {
  const undone: string[] = [];
  const error = failure();
  const ofUndo = new Error('an undo');
  const build = orUnwind((unwind) => {
    unwind.push(() => void undone.push('a'));
    unwind.push(() => {
      throw ofUndo;
    });
    return Promise.reject(error);
  });
  await expect(build).rejects.toBe(error);
  expect(error.cleanup).toEqual([ofUndo]);
  expect(undone).toEqual(['a']);
});

test('an error that is none of ours is thrown as it was', async () => {
  const error = new TypeError('a fault in the program');
  const build = orUnwind((unwind) => {
    unwind.push(() => Promise.reject(new Error('an undo')));
    return Promise.reject(error);
  });
  await expect(build).rejects.toBe(error);
});
