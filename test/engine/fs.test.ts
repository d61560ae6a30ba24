/**
 * The executable's node:fs does what Node's does: the same calls on two trees, with the same answers and the same errors.
 */
import * as node from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as ours from '../../src/engine/fs.ts';

let folder = '';
beforeEach(() => {
  folder = node.mkdtempSync(`${tmpdir()}/runt-engine-fs-`);
});
afterEach(() => {
  node.rmSync(folder, { recursive: true });
});

type Files = typeof ours;
/** Of Node's wider types, what ours promise. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the calls below are the check
const theirs = node as unknown as Files;

/** What a call answered, or the code that it failed with. */
function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}

/** Both are asked for the same, each in a tree of its own. */
function both(act: (fs: Files, at: string) => unknown): unknown {
  const answers = [ours, theirs].map((fs, index) => {
    const at = `${folder}/${index}`;
    node.mkdirSync(at, { recursive: true });
    return outcome(() => act(fs, at));
  });
  expect(answers[0]).toEqual(answers[1]);
  return answers[0];
}

const modeOf = (path: string) => (node.statSync(path).mode & 0o7777).toString(8);

test('a text is written and read', () => {
  const text = 'ä\u{1F600}\0z';
  expect(
    both((fs, at) => {
      fs.writeFileSync(`${at}/a`, text, { mode: 0o600 });
      return [fs.readFileSync(`${at}/a`, 'utf8'), modeOf(`${at}/a`)];
    }),
  ).toEqual([text, '600']);
  both((fs, at) => fs.readFileSync(`${at}/a`, 'latin1'));
});

test('bytes that are no text, and a mark at the start', () => {
  for (const bytes of [[0x61, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80], [0xef, 0xbb, 0xbf, 0x7b], []])
    both((fs, at) => {
      node.writeFileSync(`${at}/b`, Uint8Array.from(bytes));
      return [fs.readFileSync(`${at}/b`, 'utf8'), [...fs.readFileSync(`${at}/b`)]];
    });
});

test('a file larger than any buffer, and one of /proc that tells no size', () => {
  const large = 'x'.repeat(300_000);
  both((fs, at) => {
    fs.writeFileSync(`${at}/l`, large);
    return [fs.readFileSync(`${at}/l`, 'utf8') === large, fs.readFileSync(`${at}/l`).length];
  });
  both((fs) => fs.readFileSync('/proc/sys/kernel/ostype', 'latin1'));
});

test('flags: exclusive, append, numbers', () => {
  const twice = (fs: Files, path: string, flag: string) => {
    fs.writeFileSync(path, 'one', { flag });
    fs.writeFileSync(path, 'two', { flag });
    return fs.readFileSync(path, 'utf8');
  };
  expect(both((fs, at) => twice(fs, `${at}/wx`, 'wx'))).toBe('EEXIST');
  expect(both((fs, at) => twice(fs, `${at}/a`, 'a'))).toBe('onetwo');
  expect(both((fs, at) => twice(fs, `${at}/w`, 'w'))).toBe('two');
  both((fs, at) => fs.openSync(at, fs.constants.O_WRONLY));
  both((fs, at) => fs.openSync(`${at}/w`, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY));
  both((fs, at) => {
    node.symlinkSync('w', `${at}/link`);
    return fs.openSync(`${at}/link`, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
  });
});

test('the numbers are those of this machine', () => {
  for (const [name, value] of Object.entries(ours.constants))
    expect([name, value]).toEqual([name, Reflect.get(node.constants, name)]);
});

test('descriptors: parts, places, and close-on-exec', () => {
  both((fs, at) => {
    const written = fs.openSync(`${at}/d`, 'w');
    const counts = [
      fs.writeSync(written, 'häh'),
      fs.writeSync(written, Uint8Array.from([65, 66, 67]), 1, 1),
    ];
    fs.closeSync(written);
    const read = fs.openSync(`${at}/d`, 'r');
    const bytes = new Uint8Array(8);
    const got = [fs.readSync(read, bytes, 2, 3, 1), fs.readSync(read, bytes, 5, 2, null)];
    const { size } = fs.fstatSync(read);
    const flags = /^flags:\t(\d+)$/m.exec(node.readFileSync(`/proc/self/fdinfo/${read}`, 'utf8'));
    fs.closeSync(read);
    return [counts, got, [...bytes], size, flags?.[1], outcome(() => fs.closeSync(read))];
  });
});

test('folders', () => {
  both((fs, at) => {
    fs.mkdirSync(`${at}/one`, 0o750);
    fs.mkdirSync(`${at}/two/three`, { recursive: true, mode: 0o711 });
    fs.mkdirSync(`${at}/two/three`, { recursive: true });
    fs.writeFileSync(`${at}/file`, '');
    const entries = fs.readdirSync(at, { withFileTypes: true });
    return [
      modeOf(`${at}/one`),
      modeOf(`${at}/two`),
      fs.readdirSync(at).toSorted(),
      entries.map((entry) => `${entry.name} ${entry.isDirectory()}`).toSorted(),
      outcome(() => fs.mkdirSync(`${at}/one`)),
      outcome(() => fs.mkdirSync(`${at}/none/x`)),
      outcome(() => fs.mkdirSync(`${at}/file`, { recursive: true })),
      outcome(() => fs.rmdirSync(`${at}/two`)),
      outcome(() => fs.rmdirSync(`${at}/file`)),
      fs.rmdirSync(`${at}/one`),
      outcome(() => fs.readdirSync(`${at}/one`)),
    ];
  });
});

test('rights are asked for', () => {
  expect(
    both((fs, at) => {
      fs.writeFileSync(`${at}/a`, '', { mode: 0o600 });
      const { F_OK, R_OK, W_OK, X_OK } = fs.constants;
      return [F_OK, R_OK | W_OK, X_OK].map((mode) => outcome(() => fs.accessSync(`${at}/a`, mode)));
    }),
  ).toEqual([undefined, undefined, 'EACCES']);
  both((fs, at) => fs.accessSync(`${at}/none`));
});

test('names come and go', () => {
  both((fs, at) => {
    fs.writeFileSync(`${at}/a`, 'a');
    fs.renameSync(`${at}/a`, `${at}/b`);
    return [
      fs.existsSync(`${at}/a`),
      fs.existsSync(`${at}/b`),
      fs.realpathSync(`${at}/../${at.slice(-1)}/b`) === `${at}/b`,
      outcome(() => fs.realpathSync(`${at}/a`)),
      outcome(() => fs.renameSync(`${at}/a`, `${at}/c`)),
      fs.unlinkSync(`${at}/b`),
      outcome(() => fs.unlinkSync(`${at}/b`)),
      fs.rmSync(`${at}/b`, { force: true }),
    ];
  });
});

test('what a file is', () => {
  both((fs, at) => {
    fs.writeFileSync(`${at}/a`, 'abc');
    node.symlinkSync('a', `${at}/link`);
    node.utimesSync(`${at}/a`, 1, 1_700_000_000.25);
    const told = fs.statSync(`${at}/link`);
    const real = node.statSync(`${at}/a`);
    return [
      [told.size, told.uid, told.mode, told.mtimeMs, told.isDirectory()],
      [told.ino === real.ino, told.dev === real.dev],
      fs.statSync(at).isDirectory(),
      fs.lstatSync(`${at}/link`).mode & fs.constants.S_IFMT,
      fs.statSync(`${at}/none`, { throwIfNoEntry: false }),
      fs.statSync(`${at}/a/b`, { throwIfNoEntry: false }),
      outcome(() => fs.statSync(`${at}/none`)),
      outcome(() => fs.lstatSync(`${at}/none`)),
    ];
  });
});

test.skipIf(process.getuid?.() !== 0)('a file is given away, and its group stays', () => {
  both((fs, at) => {
    fs.writeFileSync(`${at}/a`, '');
    fs.chownSync(`${at}/a`, 1234, 0xffff_ffff);
    const { uid, gid } = node.statSync(`${at}/a`);
    return [uid, gid];
  });
});

test('a file gets the mode that is asked for, whatever the umask', () => {
  both((fs, at) => {
    fs.writeFileSync(`${at}/a`, '', { mode: 0o600 });
    fs.chmodSync(`${at}/a`, 0o777);
    return node.statSync(`${at}/a`).mode;
  });
});

test('paths that the kernel does not take', () => {
  expect(both((fs) => fs.readFileSync(`/${'x'.repeat(300)}`, 'utf8'))).toBe('ENAMETOOLONG');
  expect(both((fs) => fs.mkdirSync(`/${'x/'.repeat(4000)}`))).toBe('ENAMETOOLONG');
  expect(() => ours.readFileSync('/proc/self\0/x', 'utf8')).toThrow(TypeError);
});
