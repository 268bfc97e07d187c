import { type CompiledLoss, compileLoss } from '../../compiler/compile.js';
import { nested } from '../../compiler/evaluate/bind.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { programOf } from '../../compiler/resolve/program.js';
import type { LossDecl, LossFile } from '../../grammar/tree/ast.js';
import type { Random } from '../../src/random.js';
import {
  DOUBLE,
  evaluateByDefinition,
  type Given,
  libraryOf,
  type Numbers,
  type Outcome,
  PRINTED,
  type Reduction,
  SINGLE,
  withPrecision,
} from './oracle/oracle.js';

/** A program on one point: what every target is asked. */
export interface Trial {
  readonly file: LossFile;
  readonly given: Given;
  readonly reduction: Reduction;
  readonly weights: Numbers | undefined;
}

export const lossOf = (file: LossFile): LossDecl => {
  const found = file.declarations.findLast((decl) => decl.kind === 'loss');
  if (found === undefined) throw new Error('a program has a loss');
  return found;
};

/** Throws `LossError` for a program that is refused. */
export const compileTrial = ({ file, given }: Trial): CompiledLoss =>
  compileLoss(programOf(file.declarations), lossOf(file), { fromLogits: [...given.logits] });

const PRECISIONS = { double: DOUBLE, single: SINGLE, printed: PRINTED };

/** What the definition says, with bounds for arithmetic in float64 or float32. */
export const expected = (trial: Trial, precision: keyof typeof PRECISIONS): Outcome =>
  withPrecision(PRECISIONS[precision], () =>
    evaluateByDefinition(
      libraryOf(trial.file),
      lossOf(trial.file).name.name,
      trial.given,
      trial.reduction,
      trial.weights,
    ),
  );

export const parametersOf = ({ given }: Trial): ReadonlyMap<string, ParameterValue> =>
  new Map([...given.parameters].map(([name, numbers]) => [name, nested(numbers)]));

/** Weights for the items, in their shape or that of their first axis; one of them may be 0. */
export function drawWeights({ file, given }: Trial, random: Random): Numbers {
  const shapes = lossOf(file).inputs.map(({ name, domain }) => {
    const axes = domain?.axes?.filter((axis) => axis.kind === 'axis').length ?? 0;
    const { shape } = given.inputs.get(name.name)!;
    const isOpen = domain?.axes === undefined || domain.axes[0]?.kind === 'rest';
    return isOpen
      ? shape.slice(0, shape.length - axes + (given.labels.has(name.name) ? 1 : 0))
      : shape.slice(0, 1);
  });
  const items = shapes.reduce((a, b) => (b.length < a.length ? b : a));
  const shape = random.next() < 0.5 ? items : items.slice(0, 1);
  const count = shape.reduce((a, b) => a * b, 1);
  const data = Float64Array.from({ length: count }, (_, i) =>
    i > 0 && random.next() < 0.2 ? 0 : 0.25 * (1 + random.int(8)),
  );
  return { shape, data };
}
