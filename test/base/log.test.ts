import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRuntError } from '../../src/base/errors.ts';
import { openLog } from '../../src/base/log.ts';
import type { LogFormat } from '../../src/base/log.ts';
import { renderError } from '../../src/base/render-error.ts';

let folder = '';
let stderr = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runt-log-'));
  stderr = '';
});
afterEach(() => rmSync(folder, { recursive: true }));

function log(format: LogFormat, more: { debug?: boolean; file?: string } = {}) {
  return openLog({
    format,
    debug: false,
    now: () => new Date('2026-11-22T08:52:37.999Z'),
    stderr: (text) => {
      stderr += text;
    },
    ...more,
  });
}

describe('text', () => {
  it.each([
    ['container does not exist', '"container does not exist"'],
    ['plain', 'plain'],
    ['a/b.c-d_e@f^g+h', 'a/b.c-d_e@f^g+h'],
    ['exec: "x": y', String.raw`"exec: \"x\": y"`],
    ['two\nlines\t\x07', String.raw`"two\nlines\t\a"`],
    [String.raw`back\slash`, String.raw`"back\\slash"`],
    ['\x1b[31mred', String.raw`"\x1b[31mred"`],
    ['größe ≥ 😀', '"größe ≥ 😀"'],
    ['\u2028\u{E0001}', String.raw`"\u2028\U000e0001"`],
  ])('quotes %j as logrus does', (message, quoted) => {
    log('text').error(message);
    expect(stderr).toBe(`time="2026-11-22T08:52:37Z" level=error msg=${quoted}\n`);
  });

  it('names the levels as logrus does', () => {
    log('text', { debug: true }).debug('d');
    log('text').warning('w');
    expect(stderr.match(/level=\w+/g)).toEqual(['level=debug', 'level=warning']);
  });

  it('has debug lines only when asked', () => {
    log('text').debug('d');
    expect(stderr).toBe('');
    expect(log('text').debugging).toBe(false);
    expect(log('text', { debug: true }).debugging).toBe(true);
  });
});

describe('json', () => {
  it('has the keys in the order of logrus', () => {
    log('json').fatal('a "b"');
    expect(stderr).toBe(
      String.raw`{"level":"error","msg":"a \"b\"","time":"2026-11-22T08:52:37Z"}` + '\n',
    );
  });
});

describe('a hint', () => {
  it('is a field of its own: the message stays what programs look for', () => {
    log('json').fatal('a', { hint: 'do b' });
    log('text').fatal('a', { hint: 'do b' });
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      '{"hint":"do b","level":"error","msg":"a","time":"2026-11-22T08:52:37Z"}',
      'time="2026-11-22T08:52:37Z" level=error msg=a hint="do b"',
    ]);
  });

  it('stands behind the message on stderr, in the same line', () => {
    log('text', { file: join(folder, 'log') }).fatal('a', { hint: 'do b' });
    expect(stderr).toBe('a (do b)\n');
  });

  it("is not put behind a program's own words", () => {
    log('text').fatal('a', { plain: true, hint: 'do b' });
    expect(stderr).toBe('a\n');
  });
});

describe('file', () => {
  it('is appended to, and the fatal error also goes plain to stderr', () => {
    const file = join(folder, 'log.json');
    writeFileSync(file, 'before\n');
    const json = log('json', { file, debug: true });
    json.debug('d');
    json.error('e');
    expect(stderr).toBe('');
    json.fatal('container does not exist');
    expect(stderr).toBe('container does not exist\n');
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(lines[0]).toBe('before');
    expect(lines.slice(1, -1).map((line) => JSON.parse(line).msg)).toEqual([
      'd',
      'e',
      'container does not exist',
    ]);
  });

  it('is made at once, not writable for others', () => {
    const file = join(folder, 'new');
    log('text', { file });
    expect(statSync(file).mode & 0o133).toBe(0);
  });

  it('that cannot be opened is a clear error', () => {
    const attempt = () => log('text', { file: join(folder, 'none', 'x') });
    expect(attempt).toThrow(expect.objectContaining({ code: 'system-call' }));
    try {
      attempt();
    } catch (error) {
      expect(isRuntError(error)).toBe(true);
      expect(renderError(error)).toBe(
        `cannot open the log file ${folder}/none/x: no such file or directory (ENOENT)`,
      );
    }
  });

  it('that cannot be written loses no line', () => {
    log('text', { file: '/dev/full' }).error('e');
    expect(stderr).toBe('time="2026-11-22T08:52:37Z" level=error msg=e\n');
  });
});
