/** What the table of limits writes on a host of one kind, each write as `file value`. */
import type { Resources } from '../../src/bundle/config.ts';
import { limitRules } from '../../src/cgroup/plan/limits/index.ts';
import type { LimitWrite } from '../../src/cgroup/plan/limits/rule.ts';

export interface Written {
  readonly v1: readonly string[];
  readonly v2: readonly string[];
}

const lineOf = ({ file, value, or, optional }: LimitWrite): string =>
  `${file} ${value}${or ? ` | ${or.file} ${or.value}` : ''}${optional ? ' (optional)' : ''}`;

export const writtenFor = (resources: Resources): Written => ({
  v1: limitRules.flatMap(({ v1 }) => v1?.writes(resources) ?? []).map(lineOf),
  v2: limitRules.flatMap(({ v2 }) => v2?.writes(resources) ?? []).map(lineOf),
});

/** Properties of which the config wants something that a host without them could not give. */
export const askedOf = (resources: Resources): readonly string[] =>
  limitRules.filter(({ asked }) => asked(resources)).map(({ property }) => property);
