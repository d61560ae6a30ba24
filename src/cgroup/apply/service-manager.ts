/**
 * systemd as the one who makes cgroups: transient units, over D-Bus.
 *
 * A job is done when systemd says so: StartTransientUnit answers with the job, and the signal JobRemoved tells how it
 * ended. Open it for an operation and close it after: between operations nobody reads what systemd sends.
 */
import { statSync } from 'node:fs';
import type { BusValue } from '../../base/bus-value.ts';
import { isRuntError, RuntError } from '../../base/errors.ts';
import { type Bus, openBus } from '../../kernel/sd-bus.ts';
import type { UnitProperty } from '../plan/unit-property.ts';
import {
  type CallerEnvironment,
  type ManagerAddress,
  managerAddresses,
} from './manager-address.ts';

export interface ServiceManager {
  /** Makes and starts a unit, and waits until it runs. A leftover of the same name that has failed makes way. */
  startTransientUnit(name: string, properties: readonly UnitProperty[]): Promise<void>;
  /** Stops a unit, waits until it has, and lets systemd forget it. One that is not loaded is stopped already. */
  stopUnit(name: string): Promise<void>;
  /** Lets systemd forget that a unit has failed, if it has. */
  resetFailedUnit(name: string): Promise<void>;
  /** Until the next boot. */
  setUnitProperties(name: string, properties: readonly UnitProperty[]): Promise<void>;
  /** Moves processes into a unit, or into a cgroup below its own, `/a/b`; empty for its own. */
  attachProcesses(unit: string, subcgroup: string, pids: readonly number[]): Promise<void>;
  /** One that is not loaded has the defaults. */
  unitProperty(unit: string, kind: 'Unit' | 'Scope' | 'Slice', property: string): Promise<BusValue>;
  /** systemd's version, such as 257. */
  readonly version: number;
  /** The manager's own cgroup, below which all its units are; `/` for the system's. */
  controlGroup(): Promise<string>;
  close(): void;
}

export interface ManagerRequest {
  /** The manager of the user's session, not the system's. */
  readonly user: boolean;
  /** The caller's environment: it tells where the manager is. */
  readonly env: CallerEnvironment;
  /** Waits stop the whole process. */
  readonly blocking: boolean;
  /** How long systemd may take over a job, in ms; as long as runc waits unless given. */
  readonly patience?: number;
}

const systemd = 'org.freedesktop.systemd1';
const managerPath = '/org/freedesktop/systemd1';
const managerInterface = `${systemd}.Manager`;
const daemon = 'org.freedesktop.DBus';
const patience = 30_000;
const done = { interface: managerInterface, member: 'JobRemoved' } as const;

export async function openServiceManager(request: ManagerRequest): Promise<ServiceManager> {
  const { user, env } = request;
  const booted = statSync('/run/systemd/system', { throwIfNoEntry: false })?.isDirectory() === true;
  if (!user && !booted) throw new RuntError('systemd-missing', {});
  const tried: { address: string; reason: string }[] = [];
  for (const address of managerAddresses(user, env)) {
    const reached = await reach(address, request);
    if (typeof reached !== 'string') return reached;
    tried.push({ address: address.address, reason: reached });
  }
  throw new RuntError('systemd-unreachable', { user, tried });
}

/** The manager behind an address, or why there is none. */
async function reach(
  address: ManagerAddress,
  request: ManagerRequest,
): Promise<ServiceManager | string> {
  for (let attempt = 0; ; attempt += 1) {
    let bus: Bus | undefined;
    try {
      bus = await openBus({
        ...address,
        blocking: request.blocking,
        keep: done,
        needed: 'the systemd cgroup driver',
      });
      return await introduce(bus, address, request.patience ?? patience);
    } catch (error) {
      bus?.close();
      // too many at the door: others are being let in
      if (isRuntError(error, 'system-call') && error.facts.errno === 'EAGAIN' && attempt < 7)
        await new Promise((resume) => setTimeout(resume, 100 * 2 ** attempt));
      else if (isRuntError(error, 'system-call')) return error.facts.errno;
      else if (isRuntError(error, 'systemd')) return error.facts.reason;
      else throw error;
    }
  }
}

async function introduce(
  bus: Bus,
  { isBus }: ManagerAddress,
  jobPatience: number,
): Promise<ServiceManager> {
  /** A method's values; `late` is what to throw when no answer comes. */
  const ask = async (
    doing: string,
    to: readonly [path: string, face: string, member: string, destination?: string],
    signature: string,
    values: readonly BusValue[],
    late: RuntError = refused(doing, 'no answer in time', 'ETIMEDOUT'),
  ): Promise<readonly BusValue[]> => {
    const [path, face, member, destination = systemd] = to;
    const call = { destination, path, interface: face, member, signature, arguments: values };
    const answer = await bus.call(call, patience);
    if (answer === undefined) throw late;
    if (answer.kind === 'refusal') throw refused(doing, answer.message, answer.name);
    return answer.values;
  };
  const manage = (
    doing: string,
    member: string,
    signature: string,
    values: readonly BusValue[],
    late?: RuntError,
  ) => ask(doing, [managerPath, managerInterface, member], signature, values, late);

  const property = async (path: string, face: string, name: string): Promise<BusValue> => {
    const doing = `read ${name} of ${path}`;
    const to = [path, `${daemon}.Properties`, 'Get'] as const;
    const [variant] = await ask(doing, to, 'ss', [face, name]);
    const value = typeof variant === 'object' ? variant[1] : undefined;
    if (value === undefined) throw refused(doing, 'no value', '');
    return value;
  };

  let subscribed = !isBus;
  const job = async (
    verb: 'create' | 'remove',
    unit: string,
    member: string,
    signature: string,
    values: readonly BusValue[],
  ): Promise<void> => {
    if (!subscribed) {
      const rule = `type='signal',sender='${systemd}',interface='${managerInterface}',member='JobRemoved'`;
      const to = ['/org/freedesktop/DBus', daemon, 'AddMatch', daemon] as const;
      await ask('listen to systemd', to, 's', [rule]);
      await manage('listen to systemd', 'Subscribe', '', []);
      subscribed = true;
    }
    const late = new RuntError('systemd-timeout', { verb, unit });
    const [path] = await manage(`${verb} unit ${unit}`, member, signature, values, late);
    const removed = await bus.signal((signal) => signal[1] === path, jobPatience);
    if (removed === undefined) throw late;
    const result = String(removed[3]);
    if (result === 'done') return;
    const failed = new RuntError('systemd-job', { verb, unit, result });
    await resetFailedUnit(unit).catch((error: unknown) => {
      if (error instanceof Error) failed.cleanup.push(error);
    });
    throw failed;
  };

  const resetFailedUnit = async (name: string): Promise<void> => {
    await manage(`reset unit ${name}`, 'ResetFailedUnit', 's', [name]).catch(unless('NoSuchUnit'));
  };

  const start = (name: string, properties: readonly UnitProperty[]): Promise<void> =>
    job('create', name, 'StartTransientUnit', 'ssa(sv)a(sa(sv))', [
      name,
      'replace',
      variants(properties),
      [],
    ]);

  const version = versionOf(await property(managerPath, managerInterface, 'Version'));
  return {
    version,
    async startTransientUnit(name, properties) {
      try {
        await start(name, properties);
      } catch (error) {
        unless('UnitExists')(error);
        await resetFailedUnit(name);
        await start(name, properties);
      }
    },
    async stopUnit(name) {
      await job('remove', name, 'StopUnit', 'ss', [name, 'replace']).catch(unless('NoSuchUnit'));
      await resetFailedUnit(name);
    },
    resetFailedUnit,
    async setUnitProperties(name, properties) {
      const values = [name, true, variants(properties)];
      await manage(`set properties of unit ${name}`, 'SetUnitProperties', 'sba(sv)', values);
    },
    async attachProcesses(unit, subcgroup, pids) {
      const below = subcgroup.startsWith('/') ? subcgroup : `/${subcgroup}`;
      const doing = `move processes into unit ${unit}`;
      await manage(doing, 'AttachProcessesToUnit', 'ssau', [unit, below, pids]);
    },
    unitProperty: (unit, kind, name) => property(unitPath(unit), `${systemd}.${kind}`, name),
    controlGroup: async () =>
      String(await property(managerPath, managerInterface, 'ControlGroup')) || '/',
    close: () => bus.close(),
  };
}

function refused(doing: string, reason: string, name: string): RuntError<'systemd'> {
  return new RuntError('systemd', { doing, reason, name });
}

/** Passes over systemd's error of this name, and throws all else. */
function unless(name: string): (error: unknown) => void {
  return (error) => {
    if (!isRuntError(error, 'systemd') || error.facts.name !== `${systemd}.${name}`) throw error;
  };
}

const variants = (properties: readonly UnitProperty[]): BusValue =>
  properties.map(({ name, signature, value }) => [name, [signature, value]]);

/** `257.9-1~deb13u1`, `v245.4-1.fc32` */
function versionOf(text: BusValue): number {
  return Number(/\d+/.exec(String(text))?.[0] ?? 0);
}

/** A unit's object: all but ASCII letters and digits, and a digit at the start, are written as _xx. */
function unitPath(name: string): string {
  const hex = (sign: string): string => `_${sign.charCodeAt(0).toString(16).padStart(2, '0')}`;
  const label = name.replaceAll(/^[0-9]|[^0-9A-Za-z]/g, hex);
  return `${managerPath}/unit/${label}`;
}
