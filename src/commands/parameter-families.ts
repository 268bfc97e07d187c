import type { LossDecl } from '../../grammar/tree/ast.js';
import { UsageError } from '../errors.js';
import { withParameters } from './given-parameters.js';
import type { LossOfProgram } from './load.js';

/** A loss with values in the place of its defaults, and what it is called for those of which others are drawn too. */
interface Member extends LossOfProgram {
  readonly label: string;
}

/** Most curves of one loss that can be told apart. */
const MOST = 12;

/**
 * Losses for `--param` options of which each may give several values, `gamma=0,1,2`: a loss with the parameter comes once for each, and
 * for all combinations of several; one without it comes once.
 * @throws UsageError for what `withParameters` refuses, and for more members than can be told apart.
 */
export function parameterFamilies(
  losses: readonly LossOfProgram[],
  entries: readonly string[],
): readonly Member[] {
  const families = entries.map(valuesOf);
  // All names and values are looked at, whichever loss they are for.
  for (let i = 0; i < Math.max(1, ...families.map(({ values }) => values.length)); i++)
    withParameters(
      losses,
      families.map((family) => entryOf(family, i)),
    );
  return losses.flatMap((loss) => membersOf(loss, families));
}

interface FamilyOption {
  readonly name: string;
  /** As they are written, at least one. */
  readonly values: readonly string[];
}

function valuesOf(entry: string): FamilyOption {
  const at = entry.indexOf('=');
  const [name, text] = [entry.slice(0, Math.max(at, 0)).trim(), entry.slice(at + 1)];
  try {
    const all: unknown = JSON.parse(`[${text}]`);
    if (at > 0 && Array.isArray(all) && all.length > 1)
      return { name, values: all.map((value) => JSON.stringify(value)) };
  } catch {
    // What is wrong with it is said where a single value is read.
  }
  return { name, values: [text] };
}

const entryOf = ({ name, values }: FamilyOption, i: number): string =>
  `${name}=${values[Math.min(i, values.length - 1)]!}`;

function membersOf(loss: LossOfProgram, families: readonly FamilyOption[]): readonly Member[] {
  const own = families.filter(({ name }) => hasParameter(loss.decl, name));
  const count = own.reduce((product, { values }) => product * values.length, 1);
  if (count > MOST)
    throw new UsageError(
      `--param: ${loss.decl.name.name} would have ${count} curves, but no more than ${MOST} can be distinguished`,
      'give fewer values',
    );
  let choices: readonly (readonly FamilyOption[])[] = [[]];
  for (const { name, values } of own)
    choices = choices.flatMap((choice) => values.map((value) => [...choice, { name, values: [value] }]));
  return choices.map((choice) => {
    const [given] = withParameters(
      [loss],
      choice.map((option) => entryOf(option, 0)),
    );
    const named = choice.filter((_, i) => own[i]!.values.length > 1);
    const label = [loss.decl.name.name, ...named.map(({ name, values }) => `${name} ${values[0]}`)].join(
      ', ',
    );
    return { ...given!, label };
  });
}

const hasParameter = ({ parameters }: LossDecl, name: string): boolean =>
  parameters.some((parameter) => parameter.name.name === name);
