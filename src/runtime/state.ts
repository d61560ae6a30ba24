/**
 * `state` and `list`: no lock is taken, nothing is changed.
 */
import { readFileSync } from 'node:fs';
import { isRuntError } from '../base/errors.ts';
import { outlineOf, stateOf, statusOf } from './observe.ts';
import type { Ports } from './ports.ts';
import type { ContainerState } from './requests.ts';

type Readers = Pick<Ports, 'store' | 'cgroups' | 'log'>;

export function state(ports: Readers, id: string): ContainerState {
  const outline = outlineOf(ports, id);
  return stateOf(outline, statusOf(ports, outline, false), '');
}

export function listIds(
  { store }: Pick<Ports, 'store'>,
  rootMayBeAbsent: boolean,
): readonly string[] {
  try {
    return store.ids();
  } catch (error) {
    if (rootMayBeAbsent && isRuntError(error, 'system-call') && error.facts.errno === 'ENOENT')
      return [];
    throw error;
  }
}

/** A container that cannot be read is told of and left out: one damaged record must not hide the others. */
export async function list(
  ports: Readers,
  rootMayBeAbsent: boolean,
): Promise<readonly ContainerState[]> {
  const nameOf = ownerNames();
  const states: ContainerState[] = [];
  for (const id of listIds(ports, rootMayBeAbsent)) {
    try {
      const outline = ports.store.readOutline(id);
      if (outline === undefined) continue;
      states.push(stateOf(outline, statusOf(ports, outline, false), nameOf(outline.owner)));
    } catch (error) {
      if (isRuntError(error, 'container-missing')) continue;
      const { renderError } = await import('../base/render-error.ts');
      ports.log.warning(`container ${id} is left out: ${renderError(error)}`);
    }
  }
  return states;
}

/** Names from the host's passwd file, read once and only when asked for. */
function ownerNames(): (uid: number) => string {
  let names: Map<number, string> | undefined;
  return (uid) => {
    names ??= readNames();
    return names.get(uid) ?? `#${uid}`;
  };
}

function readNames(): Map<number, string> {
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
    return new Map(
      lines.toReversed().map((line) => {
        const [name = '', , uid] = line.split(':');
        return [Number(uid), name];
      }),
    );
  } catch {
    return new Map();
  }
}
