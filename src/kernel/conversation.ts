/**
 * The handshake with runt-init: starts a plan, answers at its gates, and turns {step, op, errno} back into an error
 * that names the place in the user's config.
 */
import { errnoName } from '../base/errno-text.ts';
import { isRuntError, RuntError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { Trace } from '../base/trace.ts';
import { encodePlan } from '../plan/encode.ts';
import { type Numbers, type Op, opTable } from '../plan/generated/ops.ts';
import { type Gate, gates, type Plan, type Step } from '../plan/plan.ts';
import { isMappingTag, mountOfTag } from '../plan/idmap.ts';
import { timedSteps } from '../plan/timeline.ts';
import { terminalTag } from '../plan/terminal.ts';
import type { Kernel, Packet } from './kernel.ts';

/** native/init/wire.h, enum message_kind */
const messages = {
  failed: 1,
  gate: 2,
  child: 3,
  descriptor: 4,
  hook: 5,
  tolerated: 6,
  listener: 8,
} as const;

/** What of a step is needed to speak of its failure: kept in the record for `start`, which has no plan. */
export interface StepLabel {
  readonly origin: string;
  readonly doing: string;
  readonly explain: Readonly<Partial<Record<string, string>>>;
  /** For the executable: the name that was looked for. */
  readonly name?: string;
}

export interface RunningInit {
  pid: number;
  pidfd: number;
  readonly channel: number;
  /** Master end of its terminal. */
  terminal?: number;
  /** A mount whose owners it wants mapped, and the user namespace that says how. */
  mount?: { readonly descriptor: number; readonly index: number; readonly recursive: boolean };
  mapping?: number;
}

export interface Conversation {
  readonly plan: Plan;
  /** Descriptors for `plan.handed`, in its order; the timeline is the trace's. */
  readonly handed: readonly number[];
  readonly cgroup?: string;
  /** Does what the plan asks of the runtime at this gate. */
  readonly atGate: (gate: Gate, init: RunningInit) => Promise<void>;
  /** Takes warnings, and when it is debugging each step. */
  readonly log: Logger;
  readonly trace?: Trace;
}

/** Finds the words for a step by its number: they are made for those that are told of, and no others. */
export type Labels = (step: number) => StepLabel | undefined;

export const labelsOf =
  ({ steps }: Plan): Labels =>
  (number) => {
    const step = steps[number];
    return step && labelOf(step);
  };

export const labelOf = ({ op, origin, doing, explain }: Step): StepLabel => ({
  origin,
  doing,
  explain,
  ...(op.kind === 'findExecutable' && { name: doing.replace(/^find the executable /, '') }),
});

/** Starts the plan; returns when its last gate was passed. What it started is killed when anything fails. */
export async function startPlan(kernel: Kernel, talk: Conversation): Promise<RunningInit> {
  const { plan, trace } = talk;
  if (talk.log.debugging) tell(plan, talk.log);
  trace?.enter('encode');
  const image = encodePlan(plan.steps);
  trace?.enter('spawn');
  const spawned = kernel.spawn({
    image,
    namespaces: plan.namespaces,
    ...(talk.cgroup !== undefined && { cgroup: talk.cgroup }),
    slots: trace ? [...talk.handed, trace.timeline(timedSteps(plan.steps))] : talk.handed,
    preserveFds: plan.preserveFds,
  });
  trace?.enter('runt-init');
  const init: RunningInit = { ...spawned };
  try {
    await passGates(kernel, talk, init);
    return init;
  } catch (error) {
    await abandon(kernel, init);
    throw error;
  }
}

/** For --debug: the steps in words. Their arguments stay out of the log, as an environment may hold secrets. */
function tell({ steps }: Plan, log: Logger): void {
  log.debug('nsexec container setup');
  for (const [index, { op, doing, origin }] of steps.entries()) {
    if (op.kind === 'stamp') continue;
    log.debug(`step ${index}: ${doing}${origin === '' ? '' : ` (${origin})`}`);
    const detail = landmark(op, origin);
    if (detail !== undefined) log.debug(detail);
  }
}

/** What programs look for in runc's debug log. */
function landmark(op: Op, origin: string): string | undefined {
  if (op.kind === 'cpuAffinity' && origin !== '') return `nsexec: affinity: ${maskText(op.mask)}`;
  if (op.kind === 'seccomp') return `seccomp filter flags: ${op.flags}`;
  return undefined;
}

/** Words of 32 bits, the lowest first, as one hexadecimal number. */
const maskText = (words: Numbers): string =>
  `0x${[...words].reduceRight((all, word) => (all << 32n) | BigInt(word), 0n).toString(16)}`;

async function passGates(kernel: Kernel, talk: Conversation, init: RunningInit): Promise<void> {
  const labels = labelsOf(talk.plan);
  let named = !talk.plan.forks;
  let reached: number | undefined;
  for (;;) {
    const packet = await kernel.receive(init.channel);
    if (packet === null) throw await deathOf(kernel, init);
    if (packet.kind === messages.gate) reached = packet.value;
    else if (packet.kind === messages.child) {
      await takeChild(kernel, init, packet.value);
      named = true;
    } else if (packet.kind === messages.descriptor) keepDescriptor(init, packet);
    else if (packet.kind === messages.tolerated) talk.log.warning(warningOf(packet, labels));
    else throw failureOf(packet, labels);
    if (reached === undefined) continue;
    const gate = gateName(reached);
    // the second process may reach its gate before the first has told its pid; the first has gates of its own
    if (!named && gate !== 'mapped' && gate !== 'placed') continue;
    talk.trace?.enter(`gate ${gate}`);
    await talk.atGate(gate, init);
    if (gate === 'ready') {
      tellReady(talk);
      talk.trace?.settled(init.pid);
    }
    await letGo(kernel, init, reached);
    if (gate === 'ready') return;
    talk.trace?.enter('runt-init');
    reached = undefined;
  }
}

function keepDescriptor(init: RunningInit, { value: tag, descriptor }: Packet): void {
  const mount = mountOfTag(tag);
  if (tag === terminalTag) init.terminal = descriptor;
  else if (isMappingTag(tag)) init.mapping = descriptor;
  else if (mount !== undefined) init.mount = { descriptor, ...mount };
}

/** A process that has ended at its gate has nobody to hear that it may go on. */
async function letGo(kernel: Kernel, init: RunningInit, gate: number): Promise<void> {
  try {
    kernel.go(init.channel, gate);
  } catch (error) {
    throw isRuntError(error, 'system-call') && error.facts.errno === 'EPIPE'
      ? await deathOf(kernel, init)
      : error;
  }
}

/** In runc's words as well: a container's init, or a process that has joined it. */
function tellReady({ plan, log }: Conversation): void {
  if (!log.debugging) return;
  const joins = plan.handed.some((slot) => slot !== 'startListener' && slot !== 'timeline');
  log.debug('child process in init()');
  log.debug(joins ? 'setns_init: about to exec' : 'init: closing the pipe to signal completion');
}

function gateName(number: number): Gate {
  for (const [name, value] of Object.entries(gates))
    if (value === number && isGate(name)) return name;
  throw new RuntError('init-died', { status: `it reached an unknown gate ${number}` });
}

const isGate = (name: string): name is Gate => name in gates;

/** The first process has handed the plan to a second one, and ends. */
async function takeChild(kernel: Kernel, init: RunningInit, pid: number): Promise<void> {
  const pidfd = kernel.pidfdOpen(pid);
  await kernel.wait(init.pid, init.pidfd);
  kernel.close(init.pidfd);
  init.pid = pid;
  init.pidfd = pidfd ?? -1;
  if (pidfd === undefined) throw new RuntError('init-died', { status: 'it ended at once' });
}

/** Who listens for the end of a plan, and in whose words failures are told. */
export interface Hearing {
  readonly channel: number;
  readonly labels: Labels;
  readonly log: Logger;
  /** Gives the notifications of the filter, this descriptor of the init's, to whoever answers them. */
  readonly takeListener: (descriptor: number) => void;
}

/** Listens until the program was exec'ed, which closes the channel; fails when a step before that did. */
export async function hearExec(kernel: Kernel, hearing: Hearing): Promise<void> {
  const { channel, labels, log, takeListener } = hearing;
  for (;;) {
    const packet = await kernel.receive(channel);
    if (packet === null) return;
    if (packet.kind === messages.tolerated) log.warning(warningOf(packet, labels));
    else if (packet.kind === messages.listener) {
      takeListener(packet.value);
      kernel.go(channel, packet.value);
    } else throw failureOf(packet, labels);
  }
}

/** Kills and reaps what was started. */
export async function abandon(kernel: Kernel, init: RunningInit): Promise<void> {
  if (init.pidfd >= 0) {
    kernel.pidfdSignal(init.pidfd, 9);
    await kernel.wait(init.pid, init.pidfd).catch(() => undefined);
    kernel.close(init.pidfd);
  }
  for (const descriptor of [init.terminal, init.mapping, init.mount?.descriptor])
    if (descriptor !== undefined) kernel.close(descriptor);
  kernel.close(init.channel);
}

async function deathOf(kernel: Kernel, init: RunningInit): Promise<RuntError> {
  kernel.pidfdSignal(init.pidfd, 9);
  const status = await kernel.wait(init.pid, init.pidfd);
  kernel.close(init.pidfd);
  init.pidfd = -1;
  const signal = status & 0x7f;
  return new RuntError('init-died', {
    status: signal ? `killed by signal ${signal}` : `exit status ${(status >> 8) & 0xff}`,
  });
}

const warningOf = (packet: Packet, labels: Labels): string =>
  `cannot ${labels(packet.step)?.doing ?? 'do a step'}: ${errnoName(packet.value)}`;

/** The step's own words. */
export function failureOf(packet: Packet, labels: Labels): RuntError {
  const label = labels(packet.step);
  const origin = label?.origin ?? '';
  if (packet.kind === messages.hook) {
    const [, stage = 'a', index = '0'] = /^hooks\.(\w+)\[(\d+)\]$/.exec(origin) ?? [];
    return new RuntError('hook-failed', {
      stage,
      index: Number(index),
      reason: hookEnd(packet.value),
      output: packet.detail,
    });
  }
  const errno = errnoName(packet.value);
  if (packet.op === opTable.findExecutable.number)
    return new RuntError('executable-missing', { name: label?.name ?? '', errno });
  if (packet.op === opTable.exec.number)
    return new RuntError('exec-failed', {
      path: label?.doing.replace(/^exec /, '') ?? '',
      errno,
    });
  return new RuntError('step-failed', {
    origin,
    doing: label?.doing ?? `run operation ${packet.op}`,
    errno,
    detail: label?.explain[errno] ?? kernelWords(packet.detail),
    step: packet.step,
  });
}

/** fsconfig's log: lines of `e `, `w ` or `i ` and a text. fsopen(2). */
const kernelWords = (detail: string): string => detail.replace(/^[ewi] /gm, '').trim();

/** A wait status, or -errno for a hook that could not be run or took too long. */
function hookEnd(value: number): string {
  if (value < 0) {
    const errno = errnoName(-value);
    return errno === 'ETIMEDOUT' ? 'it ran past its timeout and was killed' : errno;
  }
  const signal = value & 0x7f;
  if (signal === sigsys) return 'signal: bad system call';
  return signal ? `signal ${signal}` : `exit status ${(value >> 8) & 0xff}`;
}

/** What a filter of system calls kills with. */
const sigsys = 31;
