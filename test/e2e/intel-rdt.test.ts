/**
 * linux.intelRdt. No hardware here has it, so the executable is asked on a host without, and the verbs themselves
 * make a container on a folder that looks like resctrl.
 */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IntelRdt } from '../../src/bundle/config.ts';
import { openCgroups } from '../../src/cgroup/apply/open-cgroups.ts';
import { readCaller } from '../../src/kernel/caller.ts';
import { createKernel } from '../../src/kernel/kernel.ts';
import { makeWatch } from '../../src/kernel/watch.ts';
import { create } from '../../src/runtime/create.ts';
import { deleteContainer } from '../../src/runtime/delete.ts';
import { exec } from '../../src/runtime/exec.ts';
import { planDocument } from '../../src/runtime/plan-document.ts';
import type { Ports } from '../../src/runtime/ports.ts';
import { update } from '../../src/runtime/update.ts';
import { start } from '../../src/runtime/start.ts';
import { openStore } from '../../src/state/store.ts';
import { type Change, setArgs } from '../support/bundle-builder.ts';
import { sendSignal } from '../support/cgroup-sandbox.ts';
import { type ResctrlTree, resctrlTree } from '../support/resctrl-tree.ts';
import { executable } from '../support/runtimes.ts';
import { useStage } from '../support/stage.ts';

const rdt =
  (intelRdt: IntelRdt): Change =>
  (config) => {
    config.linux.intelRdt = intelRdt;
  };

describe('intelRdt', () => {
  const stage = useStage(executable);
  let tree: ResctrlTree;
  beforeEach(() => {
    tree = resctrlTree();
  });
  afterEach(() => tree.end());

  function portsHere(): Ports {
    const kernel = createKernel(makeWatch());
    return {
      kernel,
      cgroups: openCgroups(
        {
          send: sendSignal,
          bus: { env: {}, blocking: true },
          programs: { replace: kernel.deviceProgram },
        },
        { manager: 'cgroupfs', prefix: 'runt', usersManager: () => false, mayLack: () => false },
      ),
      store: openStore(stage.root, kernel),
      resctrl: async () => tree.resctrl,
      caller: readCaller({ ...process.env, RUNT_CALLER: undefined }),
      log: { debugging: false, debug: () => {}, warning: () => {}, error: () => {} },
      ids: { uid: 0, euid: 0, egid: 0, pid: 1 },
      rights: () => ({ privilege: 'host', mayLackCgroups: false, usersManager: false }),
    };
  }

  const request = (id: string, bundle: string) => ({
    id,
    bundle,
    noPivot: false,
    noNewKeyring: false,
    preserveFds: 0,
  });

  it('needs a resctrl file system, and says so', async () => {
    const { status, message } = await stage.run(rdt({}));
    expect(status).toBe(1);
    expect(message).toBe(
      'runt run failed: this host lacks a mounted resctrl file system, needed for linux.intelRdt',
    );
  });

  it('assigns the init and what is exec-ed, and removes what is its own', async () => {
    const ports = portsHere();
    const id = stage.id();
    const wanted = { enableMonitoring: true, schemata: ['L3:0=f'] };
    const bundle = stage.bundle(rdt(wanted), setArgs('sleep', '60'));
    await create(ports, request(id, bundle));
    const { pid } = await stage.state(id);
    expect(tree.read(`${id}/schemata`)).toBe('L3:0=f\n');
    expect(tree.read(`${id}/tasks`)).toBe(String(pid));
    expect(tree.read(`${id}/mon_groups/${id}/tasks`)).toBe(String(pid));
    await start(ports, id);
    const pidFile = join(stage.folder, 'pid');
    const words = {
      kind: 'changes',
      tty: false,
      env: [],
      additionalGids: [],
      capabilities: [],
    } as const;
    await exec(ports, {
      id,
      process: { ...words, args: ['true'], noNewPrivileges: false },
      detach: false,
      preserveFds: 0,
      pidFile,
    });
    expect(tree.read(`${id}/tasks`)).not.toBe(String(pid));
    await deleteContainer(ports, { id, force: true });
    expect(() => tree.read(`${id}/tasks`)).toThrow('ENOENT');
  });

  it('takes its groups back when the container cannot be made', async () => {
    const id = stage.id();
    const bundle = stage.bundle(rdt({ closID: 'silver', schemata: ['L3:0=f'] }), setArgs('/nope'));
    await expect(create(portsHere(), request(id, bundle))).rejects.toMatchObject({
      code: 'executable-missing',
    });
    expect(() => tree.read('silver/schemata')).toThrow('ENOENT');
    expect(tree.read('gold/schemata')).toContain('L3');
  });

  it('is changed by update, together with the limits or not at all', async () => {
    const ports = portsHere();
    const id = stage.id();
    await create(ports, request(id, stage.bundle(rdt({ l3CacheSchema: 'L3:0=f' }))));
    const changed = (pids: number, cpus?: string) =>
      update(ports, {
        id,
        limits: {
          kind: 'given',
          resources: { pids: { limit: pids }, ...(cpus && { cpu: { cpus } }) },
        },
        rdt: { l3CacheSchema: 'L3:0=3' },
      });
    await expect(changed(11, '4000')).rejects.toMatchObject({ code: 'limit-refused' });
    expect(tree.read(`${id}/schemata`)).toBe('L3:0=f\n');
    expect(ports.store.readResources(id)).toBeUndefined();
    await changed(12);
    expect(tree.read(`${id}/schemata`)).toBe('L3:0=3\n');
    expect(ports.store.readResources(id)?.pids).toEqual({ limit: 12 });
    await deleteContainer(ports, { id, force: true });
  });

  it('is not changed where the container has none, and nothing else is then', async () => {
    const ports = portsHere();
    const id = stage.id();
    await create(ports, request(id, stage.bundle()));
    const asked = update(ports, {
      id,
      limits: { kind: 'given', resources: { pids: { limit: 11 } } },
      rdt: { memBwSchema: 'MB:0=50' },
    });
    await expect(asked).rejects.toMatchObject({ code: 'usage' });
    expect(ports.store.readResources(id)).toBeUndefined();
    await deleteContainer(ports, { id, force: true });
  });

  it('is in the plan', async () => {
    const bundle = stage.bundle(rdt({ closID: 'gold', enableMonitoring: true }));
    const { text } = await planDocument(portsHere(), bundle);
    const gold = join(tree.root, 'gold');
    expect(text).toContain(`writes the pid to the tasks of ${gold} and ${gold}/mon_groups/ID`);
  });
});
