/** Compiled filters are kept; where there is one, no library is loaded. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Seccomp } from '../../src/bundle/config.ts';
import { setArgs } from '../support/bundle-builder.ts';
import { executable } from '../support/runtimes.ts';
import { deny, filter } from '../support/seccomp-changes.ts';
import { useStage } from '../support/stage.ts';

describe('seccomp programs that are kept', () => {
  const stage = useStage(executable);
  const profile = deny('SCMP_ACT_ERRNO', 38);
  const folder = () => `${stage.root}/@cache/seccomp`;
  /** As the loader opens it. */
  const loaded = /libseccomp\.so[^"]*", O_RDONLY\|O_CLOEXEC/;

  /** The files that a run opens. */
  async function opened(bundle: string): Promise<{ status: number; files: string }> {
    const trace = join(stage.folder, 'trace');
    const { status, stderr } = await stage.call(['run', '-b', bundle, stage.id()], {
      through: ['strace', '-f', '-qq', '-e', 'trace=openat,open', '-o', trace],
    });
    expect(stderr).toContain('Function not implemented');
    return { status, files: readFileSync(trace, 'utf8') };
  }

  it('the second container loads no library', async () => {
    const bundle = stage.bundle(setArgs('mkdir', '/tmp/x'), profile);
    const first = await opened(bundle);
    expect(first.files).toMatch(loaded);
    expect(readdirSync(folder())).toHaveLength(1);
    const second = await opened(bundle);
    expect(second.files).toContain('@cache/seccomp/');
    expect(second.files).not.toMatch(loaded);
    expect((await stage.ok(['list', '-q'])).stdout).toBe('');
    // one bit, of the program
    const file = join(folder(), readdirSync(folder())[0] ?? '');
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    writeFileSync(file, bytes);
    expect((await opened(bundle)).files).toMatch(loaded);
    expect((await opened(bundle)).files).not.toMatch(loaded);
  });

  it('another profile, and other flags of the same', async () => {
    const seccomp = (more: Partial<Seccomp>) =>
      filter({ defaultAction: 'SCMP_ACT_ALLOW', ...more });
    for (const change of [
      seccomp({}),
      seccomp({ flags: [] }),
      seccomp({ architectures: ['SCMP_ARCH_X86'] }),
    ])
      await stage.lines(setArgs('true'), change);
    expect(readdirSync(folder())).toHaveLength(2);
  });

  it('a host without libseccomp can run what asks for no filter', async () => {
    const hide = `for f in /lib/*/libseccomp.so.2* /usr/lib/*/libseccomp.so.2* /lib64/libseccomp.so.2* /usr/lib64/libseccomp.so.2*; do
      [ -e "$f" ] && mount --bind /dev/null "$f"; done; exec "$@"`;
    const through = ['unshare', '-m', '--propagation', 'private', 'sh', '-c', hide, 'sh'];
    const without = await stage.call(['run', '-b', stage.bundle(setArgs('true')), stage.id()], {
      through,
    });
    expect(without).toMatchObject({ status: 0 });
    const withOne = await stage.call(
      ['run', '-b', stage.bundle(setArgs('true'), profile), stage.id()],
      { through },
    );
    expect(withOne.status).toBe(1);
    expect(withOne.message).toContain('this host lacks libseccomp.so.2, needed for linux.seccomp');
    expect((await stage.ok(['list', '-q'])).stdout).toBe('');
  });
});
