/**
 * Finds where a text stops being JSON.
 *
 * Used only after JSON.parse has failed, because the engines' messages differ and some name no place. It keeps its own stack,
 * so that a deep document cannot exhaust the engine's.
 */

export interface JsonFault {
  /** Index into the text; its length when the text ends too early. */
  readonly offset: number;
  readonly reason: string;
}

type Expectation = 'value' | 'value or ]' | 'name' | 'name or }' | 'colon' | 'comma' | 'end';

const words: Readonly<Record<Expectation, string>> = {
  value: 'a value',
  'value or ]': 'a value or ]',
  name: 'a property name in double quotes',
  'name or }': 'a property name in double quotes or }',
  colon: 'a colon',
  comma: 'a comma or the closing bracket',
  end: 'the end of the document',
};

const space = /[ \t\n\r]*/y;
const scalar = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;
// every character from the space on, but not " and \
const wholeString = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const soundPartOfString = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;

export function findJsonFault(text: string): JsonFault {
  const open: ('{' | '[')[] = [];
  let expected: Expectation = 'value';
  let offset = 0;
  const match = (pattern: RegExp): boolean => {
    pattern.lastIndex = offset;
    if (!pattern.test(text)) return false;
    offset = pattern.lastIndex;
    return true;
  };
  const afterValue = (): Expectation => (open.length === 0 ? 'end' : 'comma');

  for (;;) {
    match(space);
    if (offset >= text.length) {
      // nothing is wrong with the form: the engine gave up for another reason
      if (expected === 'end') return { offset, reason: 'the document is too deep or too large' };
      return { offset, reason: `the text ends where ${words[expected]} belongs` };
    }
    const character = text.charAt(offset);
    const unexpected = {
      offset,
      reason: `${JSON.stringify(character)} where ${words[expected]} belongs`,
    };

    if (character === '"') {
      if (expected === 'colon' || expected === 'comma' || expected === 'end') return unexpected;
      if (!match(wholeString)) return faultOfString(text, offset);
      expected = expected.startsWith('value') ? afterValue() : 'colon';
    } else if (expected === 'colon') {
      if (character !== ':') return unexpected;
      offset += 1;
      expected = 'value';
    } else if (
      character === closing(open.at(-1)) &&
      (expected === 'comma' || expected.includes(' or '))
    ) {
      offset += 1;
      open.pop();
      expected = afterValue();
    } else if (expected === 'comma') {
      if (character !== ',') return unexpected;
      offset += 1;
      expected = open.at(-1) === '{' ? 'name' : 'value';
    } else if (expected.startsWith('value')) {
      if (character === '{' || character === '[') {
        offset += 1;
        open.push(character);
        expected = character === '{' ? 'name or }' : 'value or ]';
      } else {
        if (!match(scalar)) return unexpected;
        expected = afterValue();
      }
    } else {
      return unexpected;
    }
  }
}

function closing(bracket: '{' | '[' | undefined): string | undefined {
  if (bracket === undefined) return undefined;
  return bracket === '{' ? '}' : ']';
}

function faultOfString(text: string, start: number): JsonFault {
  soundPartOfString.lastIndex = start;
  soundPartOfString.test(text);
  const offset = soundPartOfString.lastIndex;
  const rest = text.slice(offset, offset + '\\u0000'.length);
  if (offset + rest.length === text.length && /^(?:\\(?:u[0-9a-fA-F]{0,3})?)?$/.test(rest)) {
    return { offset: text.length, reason: 'the text ends inside a string' };
  }
  const reason =
    text.charAt(offset) === '\\'
      ? 'an escape that JSON does not know'
      : 'a control character inside a string';
  return { offset, reason };
}
