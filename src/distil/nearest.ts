/** Which losses of the standard library the samples could come from, whatever their parameters and their factor. */
import { rolesOf } from '../../compiler/lower/roles.js';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import type { Input, LossDecl } from '../../grammar/tree/ast.js';
import { binary, name as nameExpr } from '../../grammar/tree/build.js';
import { constantOf } from '../evolve/gp/tree.js';
import { libraryOf } from '../evolve/losses/subject.js';
import { importResolver, readLossFile, stdlibNames } from '../stdlib.js';
import { differencesAt, type Judge, type Member, meanOf } from './front.js';
import { fitCoefficients } from './least-squares.js';
import { rowFunction } from './row-function.js';
import type { Rows } from './samples.js';

/** A standard loss with the parameters that fit best. */
export interface Standard {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
  /** What its value is multiplied with. */
  readonly factor: number;
}

/** With its squared differences on the rows that were held out. */
export interface FittedStandard extends Standard {
  readonly heldOut: Float64Array;
}

const FACTOR = '(factor)';

/** All standard losses with these inputs, fitted to the samples; undefined where there is no time for that. */
export async function fittedStandards(
  inputs: readonly Input[],
  judge: Judge,
  isOver: () => boolean,
): Promise<readonly FittedStandard[] | undefined> {
  const found: FittedStandard[] = [];
  for (const name of stdlibNames()) {
    found.push(...fittedTo(name, inputs, judge));
    await new Promise(setImmediate);
    if (isOver()) return undefined;
  }
  return found;
}

/**
 * Those that fit the rows that were held out as well as the formula does, of fewest parameters: within one standard error of its mean
 * square. Row by row, as formulas are told apart, a parameter that was fitted to noise would always be worse than the number itself.
 */
export function nearestStandard(
  standards: readonly FittedStandard[],
  judge: Judge,
  { heldOut }: Member,
): readonly Standard[] {
  const own = meanOf(heldOut);
  const error = Math.sqrt(meanOf(heldOut.map((x) => (x - own) * (x - own))) / heldOut.length);
  const level = standards.filter((one) => meanOf(one.heldOut) <= own + error + judge.negligible);
  const parameters = ({ parameters }: Standard): number => Object.keys(parameters).length;
  const fewest = Math.min(...level.map(parameters));
  return level
    .filter((one) => parameters(one) === fewest)
    .sort((a, b) => meanOf(a.heldOut) - meanOf(b.heldOut));
}

function fittedTo(name: string, inputs: readonly Input[], judge: Judge): FittedStandard[] {
  const path = `std/${name}`;
  const program = loadProgram(readLossFile(path), importResolver(path));
  const decl = lossesOf(program).find((one) => one.name.name === name);
  const order = decl === undefined ? undefined : orderOf(decl.inputs, inputs);
  if (decl === undefined || order === undefined) return [];
  const tuned = decl.parameters.flatMap((parameter) => {
    const { default: value, domain } = parameter;
    const start = value === undefined || value.kind === 'list' ? undefined : constantOf(value);
    return start === undefined || domain?.name.name === 'integer'
      ? []
      : [{ name: parameter.name.name, start }];
  });
  const names = [...tuned.map((one) => one.name), FACTOR];
  const { lets, result } = decl.body;
  const loss: LossDecl = {
    ...decl,
    parameters: decl.parameters.filter((parameter) => !names.includes(parameter.name.name)),
    body: { lets, result: binary('*', nameExpr(FACTOR), result) },
  };
  const { quantity } = judge;
  const of =
    quantity.kind === 'value'
      ? quantity
      : {
          ...quantity,
          by: decl.inputs[order.indexOf(inputs.findIndex((one) => one.name.name === quantity.by))]!.name.name,
        };
  const rows = rowFunction(
    { loss, library: libraryOf(program).filter((one) => one !== decl), coefficients: names },
    of,
  );
  if (rows === undefined) return [];
  const inOrder = ({ columns, wanted }: Rows): Rows => ({ columns: order.map((at) => columns[at]!), wanted });
  const start = Float64Array.of(...tuned.map((one) => one.start), 1);
  const problem = { rows, ...inOrder(judge.train) };
  const factor = fitCoefficients(problem, start, [tuned.length]);
  const { coefficients, squares } = fitCoefficients(problem, factor.coefficients, [...start.keys()]);
  if (squares === Number.POSITIVE_INFINITY) return [];
  const heldOut = differencesAt({ rows, ...inOrder(judge.heldOut) }, coefficients).map((x) => x * x);
  const parameters = Object.fromEntries(tuned.map((one, i) => [one.name, coefficients[i]!]));
  return [{ name: path, parameters, factor: coefficients[tuned.length]!, heldOut }];
}

/** For each input of a standard loss the place of what it is given: by name, else by role. Undefined where they do not match. */
function orderOf(theirs: readonly Input[], ours: readonly Input[]): readonly number[] | undefined {
  if (theirs.length !== ours.length) return undefined;
  const [theirRoles, ourRoles] = [rolesOf(theirs), rolesOf(ours)];
  const free = new Set(ours.keys());
  const order: number[] = [];
  for (const [i, { name }] of theirs.entries()) {
    const fits = [...free].filter(
      (at) => (ourRoles[at] === 'prediction') === (theirRoles[i] === 'prediction'),
    );
    const at = fits.find((one) => ours[one]!.name.name === name.name) ?? fits[0];
    if (at === undefined) return undefined;
    free.delete(at);
    order.push(at);
  }
  return order;
}
