/**
 * A plan for people: what a container would be made of, operation by operation. Golden tests and `runt plan`.
 */
import { argumentOf, type ArgumentValue } from './encode.ts';
import { cloneFlag } from './flags.ts';
import { type Numbers, type Op, opTable } from './generated/ops.ts';
import { everyCpu } from './number-list.ts';
import { gates, type HostAction, type Plan, type Step } from './plan.ts';

const namespaceNames = (flags: number): string[] =>
  Object.entries(cloneFlag).flatMap(([name, flag]) => (flags & flag ? [name] : []));

/** JSON that loses nothing: 64-bit masks as hexadecimal text. */
export function planToJson(plan: Plan): unknown {
  return {
    namespaces: namespaceNames(plan.namespaces),
    forks: plan.forks,
    preserveFds: plan.preserveFds,
    steps: plan.steps.map((step, index) => ({
      step: index,
      does: step.doing,
      ...(step.origin !== '' && { from: step.origin }),
      ...(step.tolerate.length > 0 && { tolerates: step.tolerate }),
      operation: step.op.kind,
      arguments: Object.fromEntries(
        opTable[step.op.kind].args.map(([name]) => [
          name,
          step.op.kind === 'cpuAffinity'
            ? maskText(step.op.mask)
            : jsonValue(argumentOf(step.op, name)),
        ]),
      ),
    })),
    atGate: plan.atGate,
  };
}

function jsonValue(value: ArgumentValue): unknown {
  if (value instanceof Uint32Array) return [...value];
  return typeof value === 'bigint' ? `0x${value.toString(16)}` : value;
}

export function planToText(plan: Plan): string {
  const names = namespaceNames(plan.namespaces);
  const lines = [
    names.length > 0 ? `clone3 with new namespaces: ${names.join(' ')}` : 'clone3',
    ...plan.steps.flatMap((step, index) => [stepLine(step, index), ...gateLines(plan, step.op)]),
  ];
  return `${lines.join('\n')}\n`;
}

function stepLine(step: Step, index: number): string {
  const from = step.origin === '' ? '' : `  # ${step.origin}`;
  const may = step.tolerate.length > 0 ? `  (${step.tolerate.join(' and ')} tolerated)` : '';
  return `${String(index).padStart(4)}  ${step.op.kind}(${argumentText(step.op)})${may}${from}`;
}

function argumentText(op: Op): string {
  return opTable[op.kind].args
    .map(([name, type]) => {
      const value = argumentOf(op, name);
      if (type === 'f' || type === 'o') return `${name}=$${String(value)}`;
      if (name === 'namespaces' || name === 'types')
        return `${name}=${namespaceNames(Number(value)).join('|') || '0'}`;
      if (op.kind === 'seccomp' && name === 'program')
        return `${name}=<${op.program.length / 2} instructions>`;
      if (
        (name === 'mode' && op.kind !== 'memoryPolicy') ||
        (op.kind === 'umask' && name === 'mask')
      )
        return `${name}=0${Number(value).toString(8)}`;
      if (op.kind === 'cpuAffinity') return `${name}=${maskText(op.mask)}`;
      if (typeof value === 'bigint') return `${name}=0x${value.toString(16)}`;
      return `${name}=${JSON.stringify(value)}`;
    })
    .join(', ');
}

/** `all`, or the words in hexadecimal, the highest first. */
function maskText(words: Numbers): string {
  if (words === everyCpu) return 'all';
  return `0x${[...words]
    .toReversed()
    .map((word) => word.toString(16).padStart(8, '0'))
    .join('')}`;
}

function gateLines(plan: Plan, op: Op): string[] {
  if (op.kind !== 'gate') return [];
  const gate = Object.entries(gates).find(([, number]) => number === op.gate)?.[0];
  const actions = Object.entries(plan.atGate).find(([name]) => name === gate)?.[1] ?? [];
  return actions.map((action) => `        the runtime: ${actionText(action)}`);
}

function actionText(action: HostAction): string {
  switch (action.kind) {
    case 'joinUnit':
      return 'has systemd move the process into the unit of the container';
    case 'startUnit':
      return 'has systemd make the unit, with this process in it';
    case 'writeIdMaps':
      return `writes uid_map ${JSON.stringify(action.uid)} and gid_map ${JSON.stringify(action.gid)}`;
    case 'mapOwners':
      return 'maps the owners in that mount';
    case 'runHooks':
      return `runs the ${action.stage} hooks`;
    case 'limit':
      return `sets ${action.resource} to ${action.soft} (hard ${action.hard})`;
    case 'moveInterface':
      return `moves the interface ${action.from} into the container as ${action.to}, with its addresses, and sets it up`;
    case 'assignResctrl':
      return `writes the pid to the tasks of ${action.groups.join(' and ')}`;
    case 'record':
      return 'writes the record: created';
  }
}
