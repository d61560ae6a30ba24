/**
 * `update`: other limits for a container that is there. All are in force, or the old ones are again.
 */
import { RuntError } from '../base/errors.ts';
import { orUnwind } from '../base/unwind.ts';
import { checkResources, loadResources } from '../bundle/resources-file.ts';
import { resources as resourceRules } from '../bundle/rules/resources.ts';
import { mergeResources } from '../cgroup/plan/merge-resources.ts';
import { warnOfWeight } from './limit-warnings.ts';
import { demand, recordOf, statusOf } from './observe.ts';
import type { Ports } from './ports.ts';
import type { ContainerRecord } from '../state/record.ts';
import type { UpdateRequest } from './requests.ts';
import { storedConfig } from './start.ts';

export async function update(ports: Ports, request: UpdateRequest): Promise<void> {
  const { id, limits, rdt, ignored = [] } = request;
  for (const option of ignored)
    ports.log.warning(`${option} is ignored: kernels do not limit that any more`);
  const asked =
    limits.kind === 'file'
      ? loadResources(limits.path)
      : checkResources(limits.resources, 'update');
  const held = await ports.store.hold(id);
  try {
    const record = recordOf(ports, id);
    demand(statusOf(ports, record, true), 'update', id);
    const config = storedConfig(ports, id);
    const before = ports.store.readResources(id) ?? config.linux?.resources ?? {};
    const after = mergeResources(before, asked);
    checkTogether({ ...config, linux: { ...config.linux, resources: after } });
    warnOfWeight(ports, after);
    await orUnwind(async (unwind) => {
      unwind.push(await changeRdt(ports, record, rdt));
      await ports.cgroups.changeLimits(record.cgroup, { before, after, asked });
    });
    ports.store.writeResources(held, after);
  } finally {
    held.release();
  }
}

/** What was sound by itself may not go with what is there. */
function checkTogether(config: Parameters<typeof resourceRules>[0]): void {
  const findings = resourceRules(config);
  if (findings.length > 0) throw new RuntError('bundle-invalid', { path: 'update', findings });
}

/** Answers with what takes it back. */
async function changeRdt(
  ports: Ports,
  { intelRdt }: ContainerRecord,
  rdt: UpdateRequest['rdt'],
): Promise<() => void> {
  if (rdt.l3CacheSchema === undefined && rdt.memBwSchema === undefined) return () => {};
  if (intelRdt === undefined)
    throw new RuntError('usage', {
      text: 'updating a non-existent Intel RDT configuration is not supported',
    });
  return (await ports.resctrl()).writeSchemata(intelRdt, rdt);
}
