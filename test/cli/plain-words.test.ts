import { describe, expect, it } from 'vitest';
import { usualSpelling } from '../../src/cli/go-spelling.ts';
import { flag, list, path, text } from '../../src/cli/option.ts';
import { parse } from '../../src/cli/parse.ts';
import { readPlainWords } from '../../src/cli/plain-words.ts';

const table = {
  detach: flag('go to the background', { short: 'd' }),
  pidFile: path('receives the pid'),
  env: list('a variable', { short: 'e' }),
  format: text('how to print', { short: 'f' }),
};
const caller = {
  absolute: (word: string) => `/cwd/${word}`,
  rootMayBeAbsent: true,
  program: 'runt',
  wantsColour: () => false,
};
const read = (words: readonly string[], stops = false) =>
  readPlainWords(usualSpelling(words, table, stops), table, caller, stops);

describe('words without a question', () => {
  it.each([
    [[], [], {}],
    [['-d', 'id'], ['id'], { detach: true }],
    [['id', '--detach'], ['id'], { detach: true }],
    [['-detach', 'id'], ['id'], { detach: true }],
    [['--detach=false', 'id'], ['id'], { detach: false }],
    [['--pid-file', 'p', 'id'], ['id'], { pidFile: '/cwd/p' }],
    [['--pid-file=p', 'id'], ['id'], { pidFile: '/cwd/p' }],
    [['-e', 'A=b,c', '--env=D', 'id'], ['id'], { env: ['A=b,c', 'D'] }],
    [['--format', '-x', 'id'], ['id'], { format: '-x' }],
    [['-', 'id'], ['-', 'id'], {}],
  ])('%j are read without commander', (words, args, given) => {
    const defaults = { detach: false, pidFile: undefined, env: [], format: undefined };
    expect(read(words)).toEqual({ args, options: { ...defaults, ...given } });
  });

  it('everything after the first operand is an operand where parsing stops there', () => {
    expect(read(['-d', 'id', 'sh', '-e', '--x'], true)).toMatchObject({
      args: ['id', 'sh', '-e', '--x'],
      options: { detach: true, env: [] },
    });
  });
});

describe('words that commander is asked about', () => {
  it.each([[['--unknown']], [['-x']], [['--pid-file']], [['--', 'id']], [['--detach=maybe']]])(
    '%j',
    async (words) => {
      const spelled = () => read(words);
      // a wrong value of a flag is refused while it is spelled out
      if (words[0] === '--detach=maybe') expect(spelled).toThrow();
      else expect(spelled()).toBeUndefined();
      if (words[0] === '--')
        expect((await parse(words, table, caller, false)).args).toEqual(['id']);
      else await expect(parse(words, table, caller, false)).rejects.toThrow();
    },
  );
});
