/**
 * `events`: statistics at intervals, and a notice each time memory runs out, for as long as the container runs.
 */
import { RuntError } from '../base/errors.ts';
import type { OomWatch } from '../cgroup/apply/oom-notices.ts';
import { demand, recordOf, statusOf } from './observe.ts';
import type { Ports } from './ports.ts';
import type { ContainerEvent, EventsRequest } from './requests.ts';

/** How long the end of a container can stay unnoticed where nothing tells of it, in ms. */
const lookAgain = 500;

/** The first statistics come after the first interval. Ends with the container. */
export async function* events(
  ports: Ports,
  { id, interval, once }: EventsRequest,
): AsyncGenerator<ContainerEvent, void, undefined> {
  if (!(interval > 0))
    throw new RuntError('usage', { text: 'duration interval must be greater than 0' });
  const record = recordOf(ports, id);
  demand(statusOf(ports, record, false), 'events', id);
  const { cgroups } = ports;
  const stats = async (): Promise<ContainerEvent> => ({
    type: 'stats',
    id,
    data: await cgroups.statistics(record.cgroup),
  });
  if (once) {
    const event = await stats();
    // what was counted while its cgroups went is not the container's use
    demand(statusOf(ports, recordOf(ports, id), false), 'events', id);
    yield event;
    return;
  }
  const watch = await cgroups.watchOom(record.cgroup);
  try {
    let next = performance.now() + interval;
    for (;;) {
      await waitFor(ports, watch, Math.min(next - performance.now(), lookAgain));
      // looked at first: what ended it has been counted by then
      const ended = !isThere(ports, id);
      if (watch.take()) yield { type: 'oom', id };
      if (ended) return;
      if (performance.now() < next) continue;
      const event = await stats();
      // of one that ended meanwhile the last notice is still to be taken
      if (!isThere(ports, id)) continue;
      yield event;
      next += interval;
    }
  } finally {
    watch.close();
  }
}

async function waitFor({ kernel }: Ports, watch: OomWatch, milliseconds: number): Promise<void> {
  const time = Math.max(0, Math.ceil(milliseconds));
  if (watch.descriptor !== undefined) await kernel.readable(watch.descriptor, time);
  else await new Promise((resume) => setTimeout(resume, time));
}

/** A deleted container has stopped as well. */
function isThere(ports: Ports, id: string): boolean {
  try {
    return statusOf(ports, recordOf(ports, id), false) !== 'stopped';
  } catch (error) {
    if (error instanceof RuntError && error.code === 'container-missing') return false;
    throw error;
  }
}
