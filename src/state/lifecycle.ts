/**
 * Which verb a container's status allows: runtime.md#lifecycle, with runc's liberties (a created container may be
 * deleted). A missing cell is the error.
 */
export type Status = 'creating' | 'created' | 'running' | 'paused' | 'stopped';
export type Verb = 'start' | 'exec' | 'kill' | 'delete' | 'pause' | 'update' | 'events';

const allowed: Readonly<Record<Verb, readonly Status[]>> = {
  start: ['created'],
  exec: ['created', 'running'],
  kill: ['created', 'running', 'paused'],
  delete: ['created', 'stopped'],
  pause: ['created', 'running'],
  update: ['created', 'running', 'paused'],
  events: ['created', 'running', 'paused'],
};

export const allows = (status: Status, verb: Verb): boolean => allowed[verb].includes(status);
