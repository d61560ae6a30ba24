import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { defaultConfig } from '../../src/bundle/default-config.ts';
import { fullConfig } from './full-config.ts';

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function read(name: string): Json {
  const value: unknown = JSON.parse(readFileSync(`schemas/${name}.json`, 'utf8'));
  if (!isObject(value)) throw new Error(`${name}.json is no schema`);
  return value;
}

function compiled(name: string) {
  return new Ajv({
    strict: true,
    keywords: ['x-section', 'x-allowed', 'x-fault'],
    allowUnionTypes: true,
  }).compile(read(name));
}

/** Every property and definition of a schema, by its path. */
function described(schema: unknown, path = ''): [string, Json][] {
  if (!isObject(schema)) return [];
  return Object.entries(schema).flatMap(([key, inner]) => {
    const isTable = (key === 'properties' || key === 'definitions') && isObject(inner);
    if (key === 'if' || key === 'then') return [];
    if (!isTable) return described(inner, `${path}/${key}`);
    return Object.entries(inner).flatMap(([name, property]): [string, Json][] => {
      const place = `${path}/${name}`;
      return isObject(property) ? [[place, property], ...described(property, place)] : [];
    });
  });
}

test.each(['config', 'state', 'features'])(
  '%s.json compiles, and describes each property',
  (name) => {
    compiled(name);
    const properties = described(read(name));
    expect(properties.length).toBeGreaterThan(5);
    for (const [path, { description }] of properties) expect(description, path).toMatch(/\.$/);
  },
);

/** Names of definitions, of which the full config must use every property. */
test('the full config uses every property of Linux', () => {
  const schema = read('config');
  const definitions = isObject(schema['definitions']) ? schema['definitions'] : {};
  const used = new Set<string>();
  const note = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(note);
    else if (isObject(value)) {
      for (const [key, inner] of Object.entries(value)) {
        used.add(key);
        note(inner);
      }
    }
  };
  note(fullConfig);
  const names = Object.values(definitions).flatMap((definition) =>
    isObject(definition) && isObject(definition['properties'])
      ? Object.keys(definition['properties'])
      : [],
  );
  expect(names.filter((name) => !used.has(name))).toEqual([]);
});

test('config.json takes the default config', () => {
  expect(compiled('config')(defaultConfig({ cgroupV2: true }))).toBe(true);
});

test.each([
  [{ ociVersion: '1.3.0', id: 'a', status: 'running', pid: 5, bundle: '/b' }, true],
  [{ ociVersion: '1.3.0', id: 'a', status: 'stopped', bundle: '/b', annotations: {} }, true],
  [{ ociVersion: '1.3.0', id: 'a', status: 'running', bundle: '/b' }, false],
  [{ ociVersion: '1.3.0', id: 'a', status: 'created', pid: 0, bundle: '/b' }, false],
  [{ ociVersion: '1.3.0', id: '', status: 'paused', pid: 5, bundle: 'b' }, false],
])('state.json: %j', (state, valid) => {
  expect(compiled('state')(state)).toBe(valid);
});

test.each([
  [{ ociVersionMin: '1.0.0', ociVersionMax: '1.3.0' }, true],
  [
    {
      ociVersionMin: '1.0.0',
      ociVersionMax: '1.3.0',
      hooks: null,
      linux: { seccomp: { enabled: null } },
    },
    true,
  ],
  [{ ociVersionMax: '1.3.0' }, false],
  [{ ociVersionMin: '1.0.0', ociVersionMax: '1.3.0', hooks: 'prestart' }, false],
])('features.json: %j', (features, valid) => {
  expect(compiled('features')(features)).toBe(valid);
});
