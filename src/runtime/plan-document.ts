/**
 * `plan`: what `create` would carry out, as data and as text. Apart from it, for `create` prints nothing.
 */
import { planToJson, planToText } from '../plan/print.ts';
import { acceptBundle } from './accept-bundle.ts';
import { containerPlan } from './plan.ts';
import type { Ports } from './ports.ts';
import type { CreateRequest, PlanDocument } from './requests.ts';

/** What `create` would do here with this bundle, under the id `ID`. */
export async function planDocument(ports: Ports, path: string): Promise<PlanDocument> {
  const bundle = await acceptBundle(ports, path);
  const id = 'ID';
  const { cgroupsPath, resources, intelRdt } = bundle.config.linux ?? {};
  const placement = await ports.cgroups.place({ id, cgroupsPath, resources });
  const request: CreateRequest = {
    id,
    bundle: path,
    noPivot: false,
    noNewKeyring: false,
    preserveFds: 0,
  };
  const rdt = intelRdt && (await ports.resctrl()).place(intelRdt, id);
  const plan = await containerPlan(
    { ...ports, waitsForStart: true, keepFilter: false, rdt },
    bundle,
    placement,
    request,
  );
  return { json: planToJson(plan), text: planToText(plan) };
}
