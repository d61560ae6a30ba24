/**
 * Results as runc prints them: tables, and JSON in runc's order of keys.
 *
 * Programs read these to the letter: `state` has no newline at its end, an empty list is `null`.
 */
import { renderFinding } from '../base/render-error.ts';
import type { Finding } from '../base/errors.ts';
import type { ContainerState, Features, PlanDocument, VersionReport } from '../runtime/requests.ts';

export function stateDocument(state: ContainerState): string {
  return JSON.stringify(ordered(state), null, 2);
}

export function listDocument(states: readonly ContainerState[]): string {
  return `${states.length === 0 ? 'null' : JSON.stringify(states.map(ordered))}\n`;
}

export function listTable(states: readonly ContainerState[]): string {
  const header = ['ID', 'PID', 'STATUS', 'BUNDLE', 'CREATED', 'OWNER'];
  const rows = states.map(({ id, pid, status, bundle, created, owner }) => [
    id,
    String(pid),
    status,
    bundle,
    created,
    owner,
  ]);
  return table([header, ...rows]);
}

export function idLines(ids: readonly string[]): string {
  return ids.map((id) => `${id}\n`).join('');
}

export function planDocument(plan: PlanDocument, format: 'text' | 'json'): string {
  return line(format === 'json' ? JSON.stringify(plan.json, null, 2) : plan.text);
}

export function findingLines(bundle: string, findings: readonly Finding[]): string {
  if (findings.length === 0) return `${bundle} is a valid bundle\n`;
  return findings.map((finding) => line(renderFinding(finding))).join('');
}

export function findingsDocument(findings: readonly Finding[]): string {
  return line(JSON.stringify(findings, null, 2));
}

/** Four spaces, as runc prints it. */
export function featuresDocument(features: Features): string {
  return line(JSON.stringify(features, null, 4));
}

export function versionLines(program: string, report: VersionReport): string {
  const { version, commit, spec, libseccomp } = report;
  const lines = [
    `${program} version ${version}`,
    ...(commit === '' ? [] : [`commit: ${commit}`]),
    `spec: ${spec}`,
    ...(libseccomp === undefined ? [] : [`libseccomp: ${libseccomp}`]),
  ];
  return lines.map(line).join('');
}

function line(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** Spelled out, so that runc's order of keys does not hang on how the state was put together. */
function ordered(state: ContainerState): ContainerState {
  const { ociVersion, id, pid, status, bundle, rootfs, created, annotations, owner } = state;
  return {
    ociVersion,
    id,
    pid,
    status,
    bundle,
    rootfs,
    created,
    ...(annotations === undefined ? {} : { annotations }),
    owner,
  };
}

const leastWidth = 12;
const padding = 3;

/** Go's tabwriter as runc sets it up: every column but the last is padded to its widest cell and 3, at least 12. */
function table(rows: readonly (readonly string[])[]): string {
  // thousands of rows, at times: one look at all of them tells whether code points have to be counted
  const all = rows.join();
  const isAscii = new TextEncoder().encode(all).length === all.length;
  const width = isAscii ? (cell: string): number => cell.length : codePoints;
  const last = (rows[0]?.length ?? 0) - 1;
  let lines = rows.map(() => '');
  for (let column = 0; column < last; column += 1) {
    let most = leastWidth;
    for (const row of rows) most = Math.max(most, width(row[column] ?? '') + padding);
    lines = lines.map((text, at) => {
      const cell = rows[at]?.[column] ?? '';
      return text + cell.padEnd(most + cell.length - width(cell));
    });
  }
  return lines.map((text, at) => line(text + (rows[at]?.[last] ?? ''))).join('');
}

/** As tabwriter counts. */
const codePoints = (cell: string): number => Array.from(cell).length;
