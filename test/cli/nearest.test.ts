import { describe, expect, it } from 'vitest';
import { RuntError } from '../../src/base/errors.ts';
import { nearest } from '../../src/cli/nearest.ts';
import { cli } from '../support/run-cli.ts';

describe('nearest', () => {
  it.each([
    ['web1', 'web-1'],
    ['wbe-1', 'web-1'],
    ['web-11', 'web-1'],
    ['databse', 'database'],
    ['x', undefined],
    ['wholly-else', undefined],
    ['', undefined],
  ])('%s → %s', (word, name) => {
    expect(nearest(word, ['database', 'web-1', 'web-22'])).toBe(name);
  });
});

describe('a container that does not exist', () => {
  const missing = (id: string) => ({ state: new RuntError('container-missing', { id }) });

  it('is told with the one that may have been meant', async () => {
    const { message, hint, status } = await cli(['state', 'wbe'], {
      ...missing('wbe'),
      listIds: ['web'],
    });
    expect({ message, hint, status }).toEqual({
      message: 'container does not exist',
      hint: 'did you mean web?',
      status: 1,
    });
  });

  it('is told with the way to the list when there is none like it, or no list', async () => {
    for (const listIds of [['other'], new Error('no list')]) {
      const { message, hint } = await cli(['state', 'wbe'], { ...missing('wbe'), listIds });
      expect(message).toBe('container does not exist');
      expect(hint).toBe('to see which there are: runt list');
    }
  });
});
