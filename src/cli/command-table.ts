/**
 * Every command's name, its line in the help, and where its record is.
 *
 * Only the record of the command that was asked for is loaded: `state` pays for no other.
 */
import type { Command } from './command.ts';

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

export type CommandName =
  | 'create'
  | 'delete'
  | 'doctor'
  | 'events'
  | 'exec'
  | 'features'
  | 'kill'
  | 'list'
  | 'pause'
  | 'plan'
  | 'ps'
  | 'resume'
  | 'run'
  | 'spec'
  | 'start'
  | 'state'
  | 'trace'
  | 'update'
  | 'validate';

export const commandTable: Readonly<Record<CommandName, Entry>> = {
  create: {
    summary: 'create a container',
    load: async () => (await import('./commands/create.ts')).createCommand,
  },
  delete: {
    summary: 'delete any resources held by the container, often used with a detached container',
    load: async () => (await import('./commands/delete.ts')).deleteCommand,
  },
  doctor: {
    summary: 'say what works on this host, what does not, and what to do about it',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
  events: {
    summary:
      'display container events such as OOM notifications, cpu, memory, and IO usage statistics',
    load: async () => (await import('./commands/events.ts')).eventsCommand,
  },
  exec: {
    summary: 'execute new process inside the container',
    load: async () => (await import('./commands/exec.ts')).execCommand,
  },
  features: {
    summary: 'show the enabled features',
    load: async () => (await import('./commands/features.ts')).featuresCommand,
  },
  kill: {
    summary: "send the specified signal (default: SIGTERM) to the container's init process",
    load: async () => (await import('./commands/kill.ts')).killCommand,
  },
  list: {
    summary: 'list the containers below the given root',
    load: async () => (await import('./commands/list.ts')).listCommand,
  },
  pause: {
    summary: 'suspend all processes inside the container',
    load: async () => (await import('./commands/pause.ts')).pauseCommand,
  },
  plan: {
    summary: 'print what a container would be made of, operation by operation',
    load: async () => (await import('./commands/plan.ts')).planCommand,
  },
  ps: {
    summary: 'display the processes that run inside a container',
    load: async () => (await import('./commands/ps.ts')).psCommand,
  },
  resume: {
    summary: 'resume all processes that were paused before',
    load: async () => (await import('./commands/resume.ts')).resumeCommand,
  },
  run: {
    summary: 'create and run a container',
    load: async () => (await import('./commands/run.ts')).runCommand,
  },
  spec: {
    summary: 'create a new specification file',
    load: async () => (await import('./commands/spec.ts')).specCommand,
  },
  start: {
    summary: 'execute the user defined process in a created container',
    load: async () => (await import('./commands/start.ts')).startCommand,
  },
  state: {
    summary: 'output the state of a container',
    load: async () => (await import('./commands/state.ts')).stateCommand,
  },
  trace: {
    summary: 'show where the time of a command went',
    load: async () => (await import('./commands/trace.ts')).traceCommand,
  },
  update: {
    summary: 'update container resource constraints',
    load: async () => (await import('./commands/update.ts')).updateCommand,
  },
  validate: {
    summary: 'check a bundle against the specification and report every fault',
    load: async () => (await import('./commands/validate.ts')).validateCommand,
  },
};

/** Words that are no verbs of a runtime, and what help says of them. */
export const ownWords = {
  completion: 'print what makes a shell complete commands, options and container ids',
  help: 'show the commands, or help for one command',
} as const;

export const isOwnWord = (word: string): word is keyof typeof ownWords =>
  Object.hasOwn(ownWords, word);

export function isCommandName(word: string): word is CommandName {
  return Object.hasOwn(commandTable, word);
}
