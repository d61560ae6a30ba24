/**
 * Takes a stopped container apart: what is left of its processes, its cgroups, its poststop hooks, its folder.
 */
import type { ContainerRecord } from '../state/record.ts';
import type { Held } from '../state/store.ts';
import { renderError } from '../base/render-error.ts';
import { runHostHooks } from './host-hooks.ts';
import type { Ports } from './ports.ts';
import { storedConfig } from './start.ts';

export async function destroy(ports: Ports, held: Held, record: ContainerRecord): Promise<void> {
  const { cgroups, store } = ports;
  // its init is gone, but not what it left in a pid namespace that it shared, or a create that was killed
  if (
    (record.sharesPids || record.phase === 'creating') &&
    cgroups.processes(record.cgroup).length > 0
  )
    await cgroups.killAll(record.cgroup);
  await cgroups.remove(record.cgroup);
  if (record.intelRdt) (await ports.resctrl()).remove(record.intelRdt, record.phase !== 'creating');
  const config = record.hooks.poststop ? storedConfig(ports, record.id) : undefined;
  store.remove(held);
  if (record.init) ports.kernel.forget(record.init.pid);
  if (config) await poststop(ports, record, config);
}

/** runtime.md#lifecycle, step 13: a failing one is only told of, and the others still run. */
async function poststop(
  ports: Ports,
  { id, bundle }: ContainerRecord,
  config: ReturnType<typeof storedConfig>,
): Promise<void> {
  for (const hook of config.hooks?.poststop ?? []) {
    try {
      await runHostHooks(ports, {
        stage: 'poststop',
        hooks: { poststop: [hook] },
        subject: { id, bundle, config },
        status: 'stopped',
        pid: 0,
      });
    } catch (error) {
      ports.log.warning(renderError(error));
    }
  }
}
