/**
 * The second disk: as much of the checkout as the tests need, and the command that the machine runs.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export interface Job {
  /** A command line for bash. */
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A terminal for a person, instead of plain output. */
  readonly interactive: boolean;
  /** By which the host knows the machine's own lines from those of the tests. */
  readonly word: string;
}

const checkout = resolve(import.meta.dirname, '../..');

const carried = ['bin', 'src', 'test', 'schemas', 'docs', 'scripts', 'package.json'];
const alsoCarried = ['vitest.config.ts', 'tsconfig.json', 'README.md', 'dist', 'native'];

/** What the tests import, which brings all that these depend on; and what runs test/clients. */
const packages = [
  'vitest',
  'execa',
  'commander',
  'zod',
  'ajv',
  '@grpc/grpc-js',
  '@grpc/proto-loader',
  `@oven/bun-linux-${process.arch === 'arm64' ? 'aarch64' : 'x64'}`,
];

/** Makes `image` by way of `folder`, which is not there before and after. */
export function projectImage(job: Job, folder: string, image: string): void {
  mkdirSync(folder);
  for (const name of [...carried, ...alsoCarried]) copy(join(checkout, name), join(folder, name));
  for (const path of packagePaths()) copy(join(checkout, path), join(folder, path));

  const own = join(folder, '.vm');
  mkdirSync(join(own, 'bin'), { recursive: true });
  // the machine's own may be too old for vitest
  copy(nodeProgram(), join(own, 'bin/node'));
  copy(join(import.meta.dirname, 'job'), join(own, 'job'));
  chmodSync(join(own, 'job'), 0o755);
  writeFileSync(join(own, 'command'), `${job.command}\n`);
  writeFileSync(join(own, 'word'), job.word);
  const settings = {
    ...job.environment,
    RUNT_VM_INTERACTIVE: job.interactive ? (process.env['TERM'] ?? 'dumb') : '',
  };
  const lines = Object.entries(settings).map(([key, value]) => `export ${key}=${quoted(value)}\n`);
  writeFileSync(join(own, 'environment'), lines.join(''));

  execFileSync('mke2fs', ['-q', '-t', 'ext4', '-L', 'project', '-d', folder, image, '2G']);
  rmSync(folder, { recursive: true });
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}

const nodeProgram = (): string =>
  execFileSync('node', ['-p', 'process.execPath'], { encoding: 'utf8' }).trim();

interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Folders below node_modules, by the lock file: those of `packages` and of all that they need and is installed. */
function packagePaths(): string[] {
  const lock: { packages: Record<string, LockedPackage> } = JSON.parse(
    readFileSync(join(checkout, 'package-lock.json'), 'utf8'),
  );
  const found = new Set<string>();
  const visit = (name: string): void => {
    const path = `node_modules/${name}`;
    const locked = lock.packages[path];
    if (found.has(path) || locked === undefined || !existsSync(join(checkout, path))) return;
    found.add(path);
    const { dependencies = {}, optionalDependencies = {} } = locked;
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) visit(next);
  };
  for (const name of packages) visit(name);
  return [...found];
}
