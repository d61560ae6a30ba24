import { expect, it } from 'vitest';
import { readToml } from '../../src/doctor/toml.ts';

it('reads tables, keys and values as engines write them', () => {
  const text = `# a comment
version = 3 # and one behind
root = '/var/lib/a "b"'
[plugins."io.containerd.grpc.v1.cri".containerd]
  snapshotter = "over\\tlay\\u0021"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runt.options]
  SystemdCgroup = true
  a.b = {c = "d", e = false}

[[list]]
runtimes = [
  "one", # first
  [ "two" ],
]
long = """
first
second"""`;
  const cri = ['plugins', 'io.containerd.grpc.v1.cri', 'containerd'];
  const options = [...cri, 'runtimes', 'runt', 'options'];
  expect(readToml(text)).toEqual([
    { keys: ['version'], value: '3' },
    { keys: ['root'], value: '/var/lib/a "b"' },
    { keys: [...cri, 'snapshotter'], value: 'over\tlay!' },
    { keys: [...options, 'SystemdCgroup'], value: true },
    { keys: [...options, 'a', 'b', 'c'], value: 'd' },
    { keys: [...options, 'a', 'b', 'e'], value: false },
    { keys: ['list', 'runtimes'], value: ['one', ['two']] },
    { keys: ['list', 'long'], value: 'first\nsecond' },
  ]);
});

it('reads nothing from nothing', () => {
  expect(readToml('')).toEqual([]);
  expect(readToml('\n# only\n\n')).toEqual([]);
});

it.each([
  ['[a', 'line 1: found the end, wanted a closing bracket'],
  ['a = 1\nb', 'line 2: found the end, wanted an equals sign'],
  ['a = 1 2', 'line 1: found "2", wanted the end of the line'],
  ['a = [1', 'line 1: found the end, wanted the end of the array'],
  ['{', 'line 1: found "{", wanted a key'],
])('names the line of a fault: %j', (text, message) => {
  expect(() => readToml(text)).toThrow(message);
});
