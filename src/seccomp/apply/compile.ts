/**
 * A recipe becomes a program: libseccomp makes the filter, and the stub for unknown calls goes before it.
 */
import type { Logger } from '../../base/log.ts';
import { type FilterRule, type Libseccomp, openLibseccomp } from '../../kernel/libseccomp.ts';
import { architectureToken, nativeArchitecture } from '../architecture.ts';
import { enosysStub, newestCalls } from '../enosys-stub.ts';
import { packInstructions } from '../instruction.ts';
import type { ExactProfile } from '../exact-values.ts';
import { type Recipe, recipeOf } from '../recipe.ts';

/** Of no architecture at all. */
const unknownCall = -1;
/** libseccomp's word for the machine it runs on. */
const nativeToken = 0;

export async function compileProfile(
  profile: ExactProfile,
  log: Pick<Logger, 'debug'>,
): Promise<Uint8Array> {
  const recipe = recipeOf(profile, nativeArchitecture(process.arch));
  return compileRecipe(recipe, openLibseccomp(), log);
}

function compileRecipe(
  recipe: Recipe,
  library: Libseccomp,
  log: Pick<Logger, 'debug'>,
): Uint8Array {
  const rules = recipe.rules.flatMap(({ name, place, action, comparisons }): FilterRule[] => {
    const number = library.number(nativeToken, name);
    const origin = `linux.seccomp.syscalls[${place}] (${name})`;
    if (number !== unknownCall) return [{ action, number, comparisons, origin }];
    // a profile is written for many kernels and machines
    log.debug(`unknown seccomp syscall "${name}" ignored`);
    return [];
  });
  const filter = library.build({
    defaultAction: recipe.defaultAction,
    architectures: recipe.architectures.map((name) => ({ name, token: architectureToken(name) })),
    binaryTree: recipe.binaryTree && rules.length > 0,
    rules,
  });
  const stub = recipe.hidesUnknown ? stubOf(recipe, library) : new Uint8Array();
  const program = new Uint8Array(stub.length + filter.length);
  program.set(stub);
  program.set(filter, stub.length);
  return program;
}

function stubOf({ architectures, names }: Recipe, library: Libseccomp): Uint8Array {
  const newest = newestCalls(architectures, names, (architecture, name) =>
    library.number(architectureToken(architecture), name),
  );
  return packInstructions(enosysStub(newest));
}
