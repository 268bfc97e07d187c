import { compileLoss } from '../../compiler/compile.js';
import { BindError, nested } from '../../compiler/evaluate/bind.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { type Difference, diffLosses } from '../diff/diff.js';
import type { Compared } from '../diff/points.js';
import type { Witness } from '../diff/search.js';
import { matched } from '../diff/signatures.js';
import { Exit, UsageError } from '../errors.js';
import { nameLoss } from '../evolve/naming/name-loss.js';
import { lossText, nameSentences, percentWithin } from '../evolve/naming/sentences.js';
import { print, printJson } from '../terminal.js';
import type { Define } from './command.js';
import { withParameters } from './given-parameters.js';
import { type LossOfProgram, openLoss } from './load.js';
import { addOptions, JSON_ROW, PARAMETER_ROW, type Rows } from './option-table.js';
import { LOGITS_ROW, requireLogits } from './shape-options.js';
import { readValues } from './values.js';

interface DiffCommandOptions {
  readonly param: readonly string[];
  readonly fromLogits?: boolean;
  readonly json?: boolean;
}

const ROWS: Rows<DiffCommandOptions> = {
  param: {
    ...PARAMETER_ROW.param,
    says: 'set a parameter, in both losses if both have it (repeat for each)',
  },
  ...LOGITS_ROW,
  ...JSON_ROW,
};

const FILE = 'a .loss file or FILE:NAME, - for standard input, std/NAME for a standard loss';

/**
 * `lossc diff A B`: whether two losses are one, and where they are not an input that shows it. `lossc diff A`: which standard losses are
 * the nearest.
 */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .argument('<a>', FILE)
    .argument('[b]', 'the loss to compare it with; without it, the nearest standard losses are shown')
    .addHelpText(
      'after',
      '\nExit codes: 0 equal, 1 different (including by a factor or a term without the prediction), 2 not shown equal, or an error.' +
        '\nFor one loss: 0 it is a standard loss, 1 it is not, 2 it cannot be compared.' +
        '\n\nExamples:\n  lossc diff std/focal std/cross_entropy --param gamma=0 --param alpha=1\n  lossc diff mine.loss',
    )
    .action(async (first: string, second: string | undefined, options: DiffCommandOptions) => {
      if (second === undefined) {
        compareWithLibrary(first, options);
        return;
      }
      if (first === '-' && second === '-')
        throw new UsageError('standard input can be only one of the two losses', 'name a file for the other');
      const [a, b] = [openLoss(first, undefined), openLoss(second, undefined)];
      const fromLogits = options.fromLogits ?? false;
      requireLogits(
        [a, b].map(({ program, decl }) => compileLoss(program, decl, { fromLogits: true })),
        options.fromLogits,
      );
      const pair = matched(a, b, fromLogits);
      if (typeof pair === 'string')
        throw new UsageError(pair, 'only losses with the same inputs can be compared');
      const given = readValues(options.param, 'param');
      const of = ({ decl }: LossOfProgram): Given =>
        new Map([...given].filter(([name]) => decl.parameters.some((one) => one.name.name === name)));
      const parameters = [of(a), of(b)] as const;
      const unused = [...given.keys()].find((name) => parameters.every((one) => !one.has(name)));
      if (unused !== undefined)
        throw new UsageError(
          `--param ${unused}: neither ${a.decl.name.name} nor ${b.decl.name.name} has that parameter`,
        );
      const found = await withUsage(() => diffLosses(pair, { fromLogits, parameters }));
      const names = [a.decl.name.name, b.decl.name.name] as const;
      const shown = names[0] === names[1] ? ([first, second] as const) : names;
      const calls = callsOf(found, [first, second], parameters, fromLogits);
      if (options.json) printJson(asJson(found, shown, pair.assumed, calls));
      else for (const line of linesOf(found, shown, pair.assumed, calls)) print(line);
      if (found.relation === 'not shown equal') throw new Exit(2);
      if (found.relation !== 'equal') throw new Exit(1);
    });
};

/** Which standard losses are the nearest, by their gradients: from logits anyway. */
function compareWithLibrary(file: string, { param, fromLogits, json }: DiffCommandOptions): void {
  if (fromLogits === true)
    throw new UsageError(
      '--from-logits changes nothing: one loss is compared from logits anyway',
      'leave --from-logits out, or name a second loss',
    );
  const [{ program, decl }] = withParameters([openLoss(file, undefined)], param) as [LossOfProgram];
  const open = decl.parameters.find((parameter) => parameter.default === undefined)?.name.name;
  if (open !== undefined)
    throw new UsageError(
      `the parameter ${open} of ${decl.name.name} has no default`,
      `give one: --param ${open}=1`,
    );
  const found = nameLoss({ program, decl });
  const { is, nearest, notCompared, why } = found;
  const sentences = nameSentences(decl.name.name, found);
  if (json) printJson({ loss: decl.name.name, ...found, sentences });
  else {
    for (const sentence of sentences) print(sentence);
    const width = Math.max(...nearest.map((one) => lossText(one).length));
    for (const one of nearest) print(`  ${lossText(one).padEnd(width)}  ${percentWithin(one.distance)}`);
    if (is === undefined && notCompared.length > 0)
      print(`  could not be evaluated there: ${notCompared.join(', ')}`);
  }
  if (is === undefined) throw new Exit(why === undefined ? 1 : 2);
}

type Given = ReadonlyMap<string, ParameterValue>;
type Names = readonly [string, string];
type Found = Difference & { readonly pair: readonly [Compared, Compared] };

async function withUsage<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof BindError) throw new UsageError(error.message);
    throw error;
  }
}

/** Calls of `lossc eval` that give the two values of the witness. */
function callsOf(
  { witness, pair }: Found,
  files: Names,
  parameters: readonly [Given, Given],
  fromLogits: boolean,
): readonly string[] {
  if (witness === undefined) return [];
  return pair.map(
    (one, i) =>
      `lossc eval ${files[i]} ${one.options(witness.inputs, parameters[i]!)}${fromLogits && one.compiled.logits.length > 0 ? ' --from-logits' : ''}`,
  );
}

const figure = (x: number): string => String(Number(x.toPrecision(10)));

const times = (factor: Difference['factor']): string =>
  factor === undefined
    ? ''
    : factor === 'varies'
      ? 'a positive factor that depends on the sizes of axes times '
      : factor === 1
        ? ''
        : `${figure(factor)} times `;
const plus = (term: Difference['term']): string =>
  term === undefined || term === 0
    ? ''
    : term === 'varies'
      ? ' plus a term without the prediction'
      : ` ${term < 0 ? 'minus' : 'plus'} ${figure(Math.abs(term))}`;

function linesOf(
  { relation, factor, term, witness, points, facts }: Found,
  [a, b]: Names,
  assumed: readonly string[],
  calls: readonly string[],
): readonly string[] {
  const notes = assumed.map((note) => `  assumed: ${note}`);
  const related = `${b} is ${times(factor)}${a}${plus(term)}`;
  switch (relation) {
    case 'equal':
      return [`equal: ${a} and ${b} have the same normal form`, ...notes];
    case 'scaled':
      return [`equal up to a positive scale: ${related}`, ...notes];
    case 'same gradient':
      return [`equal gradient: ${related}`, ...notes];
    case 'scaled gradient':
      return [`equal up to a positive scale and a term without the prediction: ${related}`, ...notes];
    case 'not shown equal':
      return [
        `not shown equal: their normal forms differ, but at ${points} random inputs their values and gradients agree`,
        ...notes,
      ];
    case 'different':
      return [
        `different: ${differenceAt(witness!, [a, b])}`,
        ...notes,
        ...calls.map((call) => `  ${call}`),
        ...facts.flatMap(({ property, a: x, b: y }) => [
          `  ${property}: ${x.statement} (${a}, ${x.status})`,
          `  ${' '.repeat(property.length)}  ${y.statement} (${b}, ${y.status})`,
        ]),
      ];
  }
}

const differenceAt = ({ values: [x, y], gradient }: Witness, [a, b]: Names): string =>
  gradient === undefined
    ? `${a} is ${figure(x)} and ${b} is ${figure(y)} at this input`
    : `both are ${figure(x)} at this input, but their derivatives with respect to ${gradient} differ`;

function asJson(found: Found, [a, b]: Names, assumed: readonly string[], calls: readonly string[]): unknown {
  const { relation, factor, term, witness, points, facts, pair } = found;
  return {
    ...{ a, b, relation, assumed, points },
    ...(factor !== undefined && { factor }),
    ...(term !== undefined && { term }),
    ...(witness !== undefined && {
      witness: {
        inputs: Object.fromEntries(
          [...pair[0].named(witness.inputs)].map(([name, array]) => [name, nested(array)]),
        ),
        values: witness.values,
        ...(witness.gradient !== undefined && { gradient: witness.gradient }),
        calls,
      },
    }),
    facts,
  };
}
