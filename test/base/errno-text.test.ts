import { getSystemErrorMap } from 'node:util';
import { describe, expect, it } from 'vitest';
import { errnoName, errnoText } from '../../src/base/errno-text.ts';

describe('errnoText', () => {
  it.each([
    ['EPERM', 'operation not permitted'],
    ['ENOENT', 'no such file or directory'],
    ['EACCES', 'permission denied'],
    ['EXDEV', 'invalid cross-device link'],
    ['EDOTDOT', 'RFS specific error'],
    ['EWOULDBLOCK', 'resource temporarily unavailable'],
    ['ENOTSUP', 'operation not supported'],
    ['EWHATEVER', 'EWHATEVER'],
    ['or', 'or'],
    ['EPERM operation', 'EPERM operation'],
  ])('%s is "%s"', (name, text) => {
    expect(errnoText(name)).toBe(text);
  });
});

describe('errnoName', () => {
  it.each([
    [1, 'EPERM'],
    [11, 'EAGAIN'],
    [35, 'EDEADLK'],
    [95, 'EOPNOTSUPP'],
    [133, 'EHWPOISON'],
    [999, 'errno 999'],
  ])('%i is %s', (number, name) => {
    expect(errnoName(number)).toBe(name);
  });

  it('agrees with the engine on every number that it knows', () => {
    for (const [number, [name]] of getSystemErrorMap()) {
      // libuv adds numbers of its own below -3000, and calls one errno by its second name
      if (number > -1000) expect(errnoName(-number)).toBe(name === 'ENOTSUP' ? 'EOPNOTSUPP' : name);
    }
  });
});
