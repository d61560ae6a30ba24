/**
 * A program that makes a scope for a process of its own, stops it, and prints where both were, or the error.
 */
import { fileURLToPath } from 'node:url';

const library = fileURLToPath(
  new URL('../../dist/lib/cgroup/apply/service-manager.js', import.meta.url),
);

/** For node's -e. Its words: user or system, blocking or turns. */
export const scopeProgram: string = `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
const { openServiceManager } = await import(${JSON.stringify(library)});
const unit = 'runt-test-' + process.pid + '.scope';
const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
let manager;
try {
  const [user, way] = process.argv.slice(1);
  manager = await openServiceManager({ user: user === 'user', env: process.env, blocking: way === 'blocking' });
  const group = await manager.controlGroup();
  await manager.startTransientUnit(unit, [
    { name: 'Slice', signature: 's', value: 'user.slice' },
    { name: 'PIDs', signature: 'au', value: [child.pid] },
    { name: 'Delegate', signature: 'b', value: true },
  ]);
  const lines = readFileSync('/proc/' + child.pid + '/cgroup', 'utf8').split('\\n');
  const own = lines.find((line) => /^\\d+:(?:name=systemd)?:/.test(line));
  const ended = once(child, 'exit');
  await manager.stopUnit(unit);
  await ended;
  console.log(JSON.stringify({ group, own: own.replace(unit, 'UNIT') }));
} catch (error) {
  child.kill('SIGKILL');
  console.log(JSON.stringify({ facts: error.facts, code: error.code, message: error.message }));
}
manager?.close();
`;
