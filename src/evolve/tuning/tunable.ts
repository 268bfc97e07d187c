/** The numbers of a loss's parameters as variables of an optimiser: start, bounds, scale. */
import type { LossDecl, Parameter, Value } from '../../../grammar/tree/ast.js';
import { RunError } from '../../errors.js';
import { constantOf } from '../gp/tree.js';
import type { ParameterValues } from '../model/candidate.js';

export interface Variable {
  readonly parameter: string;
  /** Place in the parameter's list; absent for a parameter of one number. */
  readonly index?: number;
  readonly start: number;
  readonly lower: number;
  readonly upper: number;
  /** What a step of 1 in the optimiser's coordinates is. */
  readonly scale: number;
}

const FREE = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
/** Smallest value of a parameter that must be greater than 0. */
const ABOVE_ZERO = 1e-6;

/** Domains whose numbers can be moved. Whole numbers cannot: integer, sign and binary keep their defaults. */
const BOUNDS: Readonly<Record<string, { readonly lower: number; readonly upper: number }>> = {
  real: FREE,
  logits: FREE,
  positive: { lower: ABOVE_ZERO, upper: Number.POSITIVE_INFINITY },
  nonnegative: { lower: 0, upper: Number.POSITIVE_INFINITY },
  unit: { lower: 0, upper: 1 },
};

/** Every number of every parameter that can be moved. `given` replaces defaults as the start. */
export function variablesOf(loss: LossDecl, given: ParameterValues = {}): Variable[] {
  return loss.parameters.flatMap((parameter) => {
    const name = parameter.name.name;
    const bounds = boundsOf(parameter);
    if (bounds === undefined) return [];
    const start = given[name] ?? numbersOf(parameter.default);
    if (start === undefined) {
      throw new RunError(
        `the parameter ${name} of ${loss.name.name} has no default`,
        `give a start: ${name}=1`,
      );
    }
    return typeof start === 'number'
      ? [variable(name, start, bounds)]
      : start.map((value, index) => ({ ...variable(name, value, bounds), index }));
  });
}

function variable(
  parameter: string,
  start: number,
  bounds: { readonly lower: number; readonly upper: number },
) {
  const { lower, upper } = bounds;
  const width = upper - lower;
  const scale = Number.isFinite(width) ? width / 2 : Math.abs(start) > 1e-9 ? Math.abs(start) : 1;
  return { parameter, start, lower, upper, scale };
}

function boundsOf({ domain }: Parameter): { readonly lower: number; readonly upper: number } | undefined {
  if (domain === undefined) return FREE;
  if (domain.bounds === undefined) return BOUNDS[domain.name.name];
  const [lower, upper] = domain.bounds.map(constantOf);
  return lower === undefined || upper === undefined ? undefined : { lower, upper };
}

function numbersOf(value: Value | undefined): number | readonly number[] | undefined {
  if (value === undefined) return undefined;
  if (value.kind !== 'list') return constantOf(value);
  const numbers = value.items.map(numbersOf);
  return numbers.every((number): number is number => typeof number === 'number') ? numbers : undefined;
}

/** Values of the parameters at a point of the optimiser. */
export function parametersAt(variables: readonly Variable[], point: readonly number[]): ParameterValues {
  const values: Record<string, number | number[]> = {};
  for (const [i, { parameter, index }] of variables.entries()) {
    if (index === undefined) values[parameter] = point[i]!;
    else {
      const list = (values[parameter] ?? []) as number[];
      list[index] = point[i]!;
      values[parameter] = list;
    }
  }
  return values;
}
