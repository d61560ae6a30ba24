/** `features`: valid by the specification's form, true of this host, and open to everybody. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Features } from '../../src/runtime/requests.ts';
import { runtimes } from '../support/runtimes.ts';
import { useStage } from '../support/stage.ts';

const schema: object = JSON.parse(
  readFileSync(new URL('../../schemas/features.json', import.meta.url), 'utf8'),
);

const isFeatures = new Ajv({ strict: false }).compile(schema);

describe.each(runtimes)('features of $name', (runtime) => {
  const stage = useStage(runtime);

  const features = async (through: string[] = []): Promise<Features> => {
    const { stdout } = await stage.ok(['features'], { through, global: [] });
    return JSON.parse(stdout) as Features;
  };

  it('refuses an argument', async () => {
    const { status, message } = await stage.call(['features', 'x']);
    expect({ status, message }).toEqual({
      status: 1,
      message: expect.stringMatching(/runt: "features" requires exactly 0 argument\(s\)$/),
    });
  });

  it('has the form of the specification', async () => {
    expect(isFeatures(await features())).toBe(true);
  });

  it('is for everybody', async () => {
    const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
    expect(await features(nobody)).toEqual(await features());
  });

  it('tells what the host has', async () => {
    const { linux } = await features();
    const last = Number(readFileSync('/proc/sys/kernel/cap_last_cap', 'utf8'));
    expect(linux?.capabilities).toHaveLength(last + 1);
    expect(linux?.seccomp).toMatchObject({
      enabled: true,
      supportedFlags: linux?.seccomp?.knownFlags,
    });
  });

  it('names what it does', async () => {
    const ours = await features();
    expect(ours.hooks).toEqual([
      'prestart',
      'createRuntime',
      'createContainer',
      'startContainer',
      'poststart',
      'poststop',
    ]);
    const options = ours.mountOptions ?? [];
    for (const option of ['idmap', 'ridmap', 'rro', 'tmpcopyup', 'rslave', 'nosymfollow'])
      expect(options).toContain(option);
    expect(options).toEqual(options.toSorted());
    expect(ours.linux?.namespaces).toEqual('cgroup ipc mount network pid time user uts'.split(' '));
    expect(ours.linux?.cgroup).toEqual({
      v1: true,
      v2: true,
      systemd: true,
      systemdUser: true,
      rdma: true,
    });
    expect(ours.potentiallyUnsafeConfigAnnotations).toEqual(['org.systemd.property.']);
    expect(ours.annotations).toMatchObject({
      'org.opencontainers.runt.version': expect.stringMatching(/^\d/),
    });
  });
});
