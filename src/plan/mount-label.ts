/**
 * linux.mountLabel: the SELinux context of every file of a new file system. The kernel's own (proc, sysfs) keep theirs;
 * mqueue takes none as a parameter, so its root is labelled; a bind mount's files have labels already.
 */
import type { Slot } from './generated/ops.ts';
import type { Draft } from './plan.ts';

const origin = 'linux.mountLabel';
const unlabelled: ReadonlySet<string> = new Set(['proc', 'sysfs', 'mqueue']);
const context = /^((?:fs|def|root)?context)=/;

/** The parameters with the label among them, unless they name a context of their own. */
export function withLabel(
  type: string,
  parameters: readonly string[],
  label: string | undefined,
): readonly string[] {
  const plain = parameters.map(unquoted);
  if (!label || unlabelled.has(type) || plain.some((text) => context.test(text))) return plain;
  return [...plain, `context=${label}`];
}

/** Quotes keep the commas of a label together in mount(2)'s text; fsconfig(2) takes each value as it is. */
function unquoted(parameter: string): string {
  return context.test(parameter) ? parameter.replace(/="(.*)"$/, '=$1') : parameter;
}

export function addRootLabel(
  draft: Draft,
  type: string,
  mount: Slot,
  label: string | undefined,
): void {
  if (type !== 'mqueue' || !label) return;
  draft.add(
    `give the root of ${type} the label ${label}`,
    { kind: 'fileLabel', mount, label },
    { origin },
  );
}
