/**
 * The plan that `create` carries out: facts collected here, decisions made in plan/.
 */
import { resolve } from 'node:path';
import type { Bundle } from '../bundle/load.ts';
import { cgroupMounts } from '../cgroup/plan/container-mounts.ts';
import { type CgroupPlacement, isScope } from '../cgroup/plan/placement.ts';
import { firstJoin } from '../cgroup/plan/self-join.ts';
import { apparmorFile } from '../kernel/security-modules.ts';
import { foldersOf, type RdtPlacement } from '../intel-rdt/plan/placement.ts';
import { planContainer } from '../plan/container.ts';
import { namespacesOf } from '../plan/namespaces.ts';
import type { Plan } from '../plan/plan.ts';
import { hookStateParts } from './hook-state.ts';
import type { Ports } from './ports.ts';
import { filterInput } from './syscall-filter.ts';
import type { CreateRequest } from './requests.ts';

export interface PlanFacts extends Pick<
  Ports,
  'caller' | 'cgroups' | 'kernel' | 'store' | 'log' | 'ids' | 'rights'
> {
  readonly waitsForStart: boolean;
  readonly keepFilter: boolean;
  readonly rdt: RdtPlacement | undefined;
  readonly traced?: boolean;
}

export async function containerPlan(
  { keepFilter, waitsForStart, rdt, traced = false, ...ports }: PlanFacts,
  bundle: Bundle,
  placement: CgroupPlacement,
  request: CreateRequest,
): Promise<Plan> {
  const { config } = bundle;
  const subject = { id: request.id, bundle: bundle.path, config };
  const { privilege } = ports.rights();
  const privateCgroupNamespace = namespacesOf(config).some((ns) => ns.type === 'cgroup');
  return planContainer({
    id: request.id,
    config,
    rootfs: resolve(bundle.path, config.root?.path ?? ''),
    bundle: bundle.path,
    caller: ports.caller.traits,
    preserveFds: request.preserveFds,
    privilege,
    mayDropGroups: privilege === 'host' || (await mayChooseGroups(ports, config)),
    apparmorFile: config.process?.apparmorProfile ? apparmorFile() : '',
    cgroupView: cgroupMounts(placement, {
      privateCgroupNamespace,
      callers: ports.cgroups.callers(placement),
    }),
    folder: `${ports.store.root}/${request.id}`,
    kernel: ports.kernel.facts(),
    waitsForUnit: isScope(placement),
    cgroupFiles: firstJoin(placement, ports.kernel.facts()).files,
    resctrlGroups: rdt ? foldersOf(rdt) : [],
    noPivot: request.noPivot,
    noNewKeyring: request.noNewKeyring,
    hookState: {
      createContainer: hookStateParts(subject, 'creating'),
      startContainer: hookStateParts(subject, 'created'),
    },
    waitsForStart,
    traced,
    ...(await filterInput(ports, { config, text: bundle.text, keep: keepFilter })),
  });
}

async function mayChooseGroups(
  { ids, rights }: Pick<Ports, 'ids' | 'rights'>,
  config: Bundle['config'],
): Promise<boolean> {
  const { mayChooseGroups: may, refuseGroups } = await import('./rootless/groups.ts');
  const is = may(config, rights().privilege, ids.egid);
  if (!is && config.process) refuseGroups(config.process);
  return is;
}
