/**
 * What the record says of a container before anything of it is made.
 */
import { resolve } from 'node:path';
import type { Bundle } from '../bundle/load.ts';
import { type CgroupPlacement, freezerOf } from '../cgroup/plan/placement.ts';
import { labelOf } from '../kernel/conversation.ts';
import type { Plan } from '../plan/plan.ts';
import { type ContainerRecord, recordVersion } from '../state/record.ts';
import type { Ports } from './ports.ts';
import type { CreateRequest } from './requests.ts';

export const sharesPids = ({ linux }: Bundle['config']): boolean =>
  !linux?.namespaces?.some((ns) => ns.type === 'pid' && !ns.path);

export function firstRecord(
  ports: Ports,
  { path, config }: Bundle,
  cgroup: CgroupPlacement,
  plan: Plan,
  request: CreateRequest,
): ContainerRecord {
  // what comes after the wait is told by `start`, which has no plan; `run` has it still
  const waits = plan.steps.findIndex(({ op }) => op.kind === 'awaitStart');
  const first = waits < 0 ? plan.steps.length : waits + 1;
  const freezer = freezerOf(cgroup);
  return {
    version: recordVersion,
    id: request.id,
    ociVersion: config.ociVersion,
    phase: 'creating',
    bundle: path,
    rootfs: resolve(path, config.root?.path ?? ''),
    created: new Date().toISOString(),
    owner: ports.ids.uid,
    ...(config.annotations && { annotations: config.annotations }),
    ...(freezer && { freezer: { version: freezer.version, path: freezer.path } }),
    cgroup,
    sharesPids: sharesPids(config),
    hooks: {
      poststart: Boolean(config.hooks?.poststart?.length),
      poststop: Boolean(config.hooks?.poststop?.length),
    },
    afterStart: {
      first,
      labels: plan.steps
        .slice(first)
        .map(labelOf)
        .map((label) => ({ ...label, explain: definedOnly(label.explain) })),
    },
  };
}

const definedOnly = (table: Readonly<Partial<Record<string, string>>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(table).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
