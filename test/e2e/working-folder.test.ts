/** A caller whose working folder was removed meanwhile: containerd's shim is one, when it ends what is left of a pod. */
import { describe, expect, it } from 'vitest';
import { setArgs } from '../support/bundle-builder.ts';
import { runtimes } from '../support/runtimes.ts';
import { useStage } from '../support/stage.ts';

describe.each(runtimes)('in a folder that is gone, $name', (runtime) => {
  const stage = useStage(runtime);
  const gone = {
    through: ['sh', '-c', 'mkdir gone; cd gone; rmdir ../gone; exec "$@"', 'sh'],
  };

  it('does all that needs no folder', async () => {
    const id = stage.id();
    await stage.ok(['create', '-b', stage.bundle(setArgs('sleep', '60')), id], gone);
    await stage.ok(['start', id], gone);
    expect((await stage.ok(['exec', id, 'echo', 'inside'], gone)).stdout).toBe('inside\n');
    await stage.ok(['kill', id, 'KILL'], gone);
    await stage.ok(['delete', '--force', id], gone);
  });

  it.each([
    ['run', ['run', 'none']],
    ['spec', ['spec']],
    ['a relative bundle', ['run', '-b', 'bundle', 'none']],
  ])('says what is missing: %s', async (_, words) => {
    const { status, message } = await stage.call(words, gone);
    expect(status).toBe(1);
    expect(message).toContain('cannot find the working folder');
  });
});
