/** process.apparmorProfile on a kernel that has AppArmor: the profile is in force, and says what the program may do. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Change, setArgs, sh } from '../support/bundle-builder.ts';
import { executable } from '../support/runtimes.ts';
import { useStage } from '../support/stage.ts';
import { hasAppArmor } from './host.ts';

const profile = 'runt-test-profile';
const text = `profile ${profile} flags=(attach_disconnected, mediate_deleted) {
  file,
  capability,
  network,
  mount,
  signal,
  ptrace,
  deny /tmp/denied w,
}
`;

describe.runIf(hasAppArmor)('an AppArmor profile', () => {
  const stage = useStage(executable);
  const parser = (option: string, file = join(stage.folder, 'profile')) =>
    execaSync('apparmor_parser', [option, file]);
  const confined: Change = (config) => {
    config.process.apparmorProfile = profile;
    config.root.readonly = false;
  };

  beforeEach(() => {
    const file = join(stage.folder, 'profile');
    writeFileSync(file, text);
    parser('--replace', file);
  });
  afterEach(() => {
    const file = `/tmp/${profile}`;
    writeFileSync(file, text);
    execaSync('apparmor_parser', ['--remove', file]);
  });

  it('that is not loaded is refused by name, and nothing is left', async () => {
    const { status, message } = await stage.run(setArgs('true'), (config) => {
      config.process.apparmorProfile = 'runt-test-nobody-loaded-this';
    });
    expect(status).toBe(1);
    expect(message).toContain('runt-test-nobody-loaded-this');
    expect(message).toContain('process.apparmorProfile');
  });

  it('is in force from the exec on, and denies what it says', async () => {
    const script = 'cat /proc/self/attr/current; touch /tmp/allowed && touch /tmp/denied';
    const { status, stdout, stderr } = await stage.run(confined, sh(script));
    expect(stdout).toBe(`${profile} (enforce)\n`);
    expect(stderr).toContain('/tmp/denied: Permission denied');
    expect(status).toBe(1);
  });

  it('holds for exec, which may ask for another', async () => {
    const { id } = await stage.detached(confined, setArgs('sleep', '60'));
    const inherited = await stage.ok(['exec', id, 'cat', '/proc/self/attr/current']);
    expect(inherited.stdout).toBe(`${profile} (enforce)\n`);
    const words = `exec --apparmor unconfined ${id} cat /proc/self/attr/current`;
    const asked = await stage.ok(words.split(' '));
    expect(asked.stdout).toBe('unconfined\n');
    await stage.remove(id);
  });

  it('leaves the caller as it was', async () => {
    await stage.run(confined, setArgs('true'));
    expect(readFileSync('/proc/self/attr/current', 'utf8')).toBe('unconfined\n');
  });
});
