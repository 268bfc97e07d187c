/** What was measured of a loss, in the words of a sketch. */
import { rolesOf } from '../../compiler/lower/roles.js';
import type { SketchDecl } from '../../grammar/tree/ast.js';
import { RunError } from '../errors.js';
import type { Sources } from '../evolve/model/sources.js';
import type { Quantity } from './row-function.js';
import type { Table } from './table.js';

/** Rows of columns, in the order of the inputs: what formulas are fitted to. */
export interface Rows {
  readonly columns: readonly Float64Array[];
  readonly wanted: Float64Array;
}

export interface Samples extends Rows {
  readonly quantity: Quantity;
}

export const rowsAt = ({ columns, wanted }: Rows, places: readonly number[]): Rows => ({
  columns: columns.map((column) => Float64Array.from(places, (at) => column[at]!)),
  wanted: Float64Array.from(places, (at) => wanted[at]!),
});

/** Fewer rows than this tell no two formulas apart; more make every formula slow, and tell hardly more. */
const [LEAST_ROWS, MOST_ROWS] = [20, 10_000];
const GRADIENT = /^gradient(?:[ _.](\w+))?$/;

const INTO_CLASSES = {
  name: 'sketch for probabilities',
  text: `sketch distilled(target: onehot[..., class], prediction: probability[..., class]) =
  let rest = 1 - prediction
  sum(?, class)
  with operators + - * / ^ log exp square sqrt
       leaves target, prediction, rest, 1, real`,
};
const OF_ERRORS = {
  name: 'sketch for errors',
  text: `sketch distilled(target: real, prediction: real) =
  let error = prediction - target
  let size = abs(error)
  ?
  with operators + - * / min max relu log1p square sqrt tanh
       leaves error, size, 1, real`,
};

/** What is searched where no sketch is given: terms of a class where targets are 0 and 1 and predictions between, else losses of the error. */
export function sketchFor({ columns, path }: Table): Sources {
  const wanted = ['target', 'prediction'] as const;
  const [target, prediction] = wanted.map((name) => {
    const column = columns.get(name);
    if (column !== undefined) return column;
    throw new RunError(
      `${path} has no column "${name}"; it has ${[...columns.keys()].join(', ') || 'none'}`,
      'rename a column, or give a sketch with these inputs: --sketch mine.loss',
    );
  });
  const areShares = target!.every((x) => x === 0 || x === 1) && prediction!.every((x) => x > 0 && x < 1);
  return { source: areShares ? INTO_CLASSES : OF_ERRORS, imports: [] };
}

/** The columns as inputs of the sketch, and what was measured. Throws a RunError that says what is missing or too much. */
export function samplesOf({ path, columns, count }: Table, { name, inputs }: SketchDecl): Samples {
  const names = inputs.map((input) => input.name.name);
  const roles = rolesOf(inputs);
  const predictions = names.filter((_, i) => roles[i] === 'prediction');
  const given = [...columns.keys()];
  const measured = given.filter((column) => column === 'value' || GRADIENT.test(column));
  const missing = names.find((input) => !columns.has(input));
  if (missing !== undefined)
    throw new RunError(
      `${path} has no column "${missing}", which is an input of ${name.name}; it has ${given.join(', ') || 'none'}`,
      'rename a column, or give a sketch with the inputs that it has',
    );
  const extra = given.find((column) => !names.includes(column) && !measured.includes(column));
  if (extra !== undefined)
    throw new RunError(
      `${path} has a column "${extra}", and ${name.name} has no such input`,
      `leave the column out; the inputs are ${names.join(', ')}`,
    );
  const [column, more] = measured;
  if (column === undefined)
    throw new RunError(
      `${path} has no column "value" or "gradient"`,
      'name the column of what was measured so',
    );
  if (more !== undefined)
    throw new RunError(
      `${path} has "${column}" and "${more}", and a formula is fitted to one of them`,
      'leave a column out',
    );
  if (count < LEAST_ROWS)
    throw new RunError(`${path} has ${count} rows, and ${LEAST_ROWS} are needed`, 'give more samples');
  if (count > MOST_ROWS)
    throw new RunError(
      `${path} has ${count} rows, and at most ${MOST_ROWS} are read`,
      'keep some rows drawn at random: a thousand are enough for most losses',
    );
  const wanted = columns.get(column)!;
  if (wanted.every((x) => x === 0))
    throw new RunError(`${path}: the column "${column}" is 0 in every row`, 'measure where the loss varies');
  return {
    columns: names.map((input) => columns.get(input)!),
    wanted,
    quantity: quantityOf(column, path, predictions),
  };
}

function quantityOf(column: string, path: string, predictions: readonly string[]): Quantity {
  if (column === 'value') return { kind: 'value' };
  const [only, more] = predictions;
  const by = GRADIENT.exec(column)![1] ?? (more === undefined ? only : undefined);
  if (by !== undefined && predictions.includes(by)) return { kind: 'gradient', by };
  throw new RunError(
    `${path}: "${column}" does not name a prediction of the sketch`,
    `write ${predictions.map((name) => `"gradient ${name}"`).join(' or ')}`,
  );
}
