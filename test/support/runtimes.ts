/**
 * The programs under test: the executable that is shipped, and the same TypeScript on Node. Beside them runc, which
 * some cases are compared with.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { resolve } from 'node:path';

export interface RuntimeUnderTest {
  /** As it stands in the names of the cases. */
  readonly name: string;
  readonly path: string;
  /** Words before it: a program that runs it in other surroundings. */
  readonly through?: readonly string[];
}

const checkout = resolve(import.meta.dirname, '../..');

/** The engine with the program inside. */
export const executable: RuntimeUnderTest = {
  name: 'dist/runt',
  path: `${checkout}/dist/runt`,
};

const onNode: RuntimeUnderTest = { name: 'bin/runt', path: `${checkout}/bin/runt` };

/** Both have to pass the same cases. RUNT_TEST_RUNTIMES=executable leaves Node out, which takes seconds to start in an emulated machine. */
export const runtimes: readonly RuntimeUnderTest[] =
  process.env['RUNT_TEST_RUNTIMES'] === 'executable' ? [executable] : [executable, onNode];

export const runc: RuntimeUnderTest = { name: 'runc', path: findRunc() };

function findRunc(): string {
  const folders = (process.env['PATH'] ?? '').split(':');
  return folders.map((folder) => `${folder}/runc`).find((path) => existsSync(path)) ?? 'runc';
}

/** What is missing here to run containers; undefined when nothing is. */
export function missing(): string | undefined {
  if (process.getuid?.() !== 0) return 'these cases need root';
  const needed = [executable.path, `${checkout}/dist/lib/main.js`, '/bin/busybox', runc.path];
  const absent = needed.filter((path) => !isReadable(path));
  return absent.length === 0 ? undefined : `missing: ${absent.join(', ')}`;
}

/** With MUST_RUN_E2E=1, which CI sets, what cannot run is a failure and not a skip. */
export const mustRun: boolean = process.env['MUST_RUN_E2E'] === '1' || Boolean(process.env['CI']);

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
