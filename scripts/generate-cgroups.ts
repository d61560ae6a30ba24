/**
 * The table of limits (src/cgroup/plan/limits/) → docs/cgroups.md. Words: [FOLDER].
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { limitRules } from '../src/cgroup/plan/limits/index.ts';
import type { LimitRule, LimitTarget, UnitTarget } from '../src/cgroup/plan/limits/rule.ts';
import { translations } from '../src/cgroup/plan/limits/unified.ts';

// a test asks for it in another folder, and compares
const folder = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(heads), row(heads.map(() => '---')), ...rows.map(row)].join('\n');

const code = (text: string): string => `\`${text}\``;

const target = (found: LimitTarget | undefined): readonly [string, string] =>
  found === undefined ? ['refused', ''] : [found.file === '' ? '' : code(found.file), found.value];

const units = (found: readonly Pick<UnitTarget, 'name' | 'since'>[] = []): string =>
  found
    .map(({ name, since }) => code(name) + (since === undefined ? '' : ` since ${since}`))
    .join(', ');

const ruleRow = ({ property, v1, v2, unitV1, unitV2 }: LimitRule): readonly string[] => [
  code(property),
  ...target(v1),
  ...target(v2),
  units(unitV1),
  units(unitV2),
];

const text = `# Cgroups

Made by \`npm run build\` from the table that runt itself goes by (\`src/cgroup/plan/limits/\`): what becomes of each property of
\`linux.resources\` on cgroup v1 and v2, and what a systemd unit is told of it (with \`--systemd-cgroup\`).

- A value of 0 or an empty one says nothing, unless the table says otherwise. What is asked for and cannot be had on a host is an error
  that names the property: "refused" below, and every controller that is not there.
- In the hybrid layout a controller is looked for among the v1 hierarchies first, and then in the v2 tree.
- systemd would take back what it is not told. It gets the properties that its version knows, and the files are written as well, which say
  all of it.
- Values that the kernel compares with each other are tried in any order until all hold. \`update\` puts all of them back when one fails.
- A limit on tasks comes into force when only the container's program is still to run.
- Devices are a filter and no limit: \`devices.allow\` and \`devices.deny\` on v1, a BPF program on v2; see [architecture.md](architecture.md).

## Properties

${table(
  ['property', 'v1 file', 'v1 value', 'v2 file', 'v2 value', 'systemd on v1', 'systemd on v2'],
  limitRules.map(ruleRow),
)}

## unified

\`linux.resources.unified\` is for v2: each key is a file of the cgroup, each line of its value one write. A file and a property that say the same are one
limit, and the last one that \`update\` names counts; what is idle has no weight, which is told. These say the same to systemd:

${table(
  ['file', 'systemd'],
  Object.entries(translations).map(([file, found]) => [code(file), units(found)]),
)}
`;

mkdirSync(join(folder, 'docs'), { recursive: true });
writeFileSync(join(folder, 'docs/cgroups.md'), text);
