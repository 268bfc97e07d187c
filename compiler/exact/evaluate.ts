import type { LossDecl } from '../../grammar/tree/ast.js';
import { type Axis, type Numbers, product } from './axes.js';
import { axesOfLabels, type Bound, bind, classesOf, type Given, type Leaf, spread } from './bind.js';
import type { BigNumber, BigNumberClass, Doubts } from './decimal/number.js';
import { decimalArithmetic, type Stops, type Tensor } from './decimal/tensor.js';
import { Interpreter, type Library, MeaninglessError, scopeIn } from './interpreter.js';

export type Reduction = 'mean' | 'sum' | 'none' | 'weightedMean';

/** A loss and what it is given. */
export interface Question {
  readonly library: Library;
  readonly decl: LossDecl;
  readonly given: Given<BigNumber>;
  readonly reduction: Reduction;
  readonly weights?: Numbers<BigNumber>;
  /** Inputs of which this label leaves its item out. */
  readonly ignored: { readonly label: number; readonly inputs: ReadonlySet<string> };
}

export interface Answer {
  /** Whether the loss reduces the batch itself; then no reduction has an effect. */
  readonly isScalar: boolean;
  readonly items: Numbers<BigNumber>;
  /** The reduced value, or the weighted items for `none`. */
  readonly value: Numbers<BigNumber>;
  /** What the derivatives are of: the reduced value, or the sum of the items for `none`. */
  readonly total: BigNumber;
  readonly bound: Bound<BigNumber>;
  readonly doubts: Readonly<Doubts>;
}

/** The value of a loss by the definition of the language, in numbers of one precision. */
export function answer(Big: BigNumberClass, question: Question, stops: Stops): Answer {
  const { decl, given, reduction, weights, library } = question;
  const doubts: Doubts = { leftRange: false, cancelled: false };
  const arithmetic = decimalArithmetic(Big, stops, doubts);
  const interpreter = new Interpreter(arithmetic);
  const scope = scopeIn<Tensor>(library);
  const bound = bind(decl, given, interpreter, scope);
  const one = new Big(1);
  for (const [i, leaf] of bound.inputs.entries())
    scope.names.set(leaf.name, input(leaf, decl.inputs[i]!.domain));
  for (const leaf of bound.parameters)
    scope.names.set(leaf.name, arithmetic.along(leaf.axes, spread(leaf), false));

  const { batch } = bound;
  const result = interpreter.body(decl.body, scope);
  const isScalar = result.axes.length === 0;
  if (!isScalar && (result.axes.length > 1 || result.axes[0] !== batch))
    throw new MeaninglessError('an axis is left');
  const shape = isScalar ? [] : bound.items;
  const left = leftOut(bound, question);
  const data = isScalar ? result.data : result.data.map((x, k) => (left.has(k) ? new Big(0) : x));
  const weightOf = (k: number): BigNumber =>
    weights === undefined ? one : weights.data[Math.floor(k / (batch.size / weights.data.length))]!;
  const weighted = data.map((x, k) => (isScalar ? x : times(x, weightOf(k))));
  const sum = weighted.reduce((a, b) => a.plus(b), new Big(0));
  if (sum.isZero() && weighted.some((x) => !x.isZero())) doubts.cancelled = true;
  const shares = data.map((_, k) =>
    left.has(k) ? new Big(0) : reduction === 'weightedMean' ? weightOf(k) : one,
  );
  const divisor = shares.reduce((a, b) => a.plus(b), new Big(0));
  const isMean = !isScalar && (reduction === 'mean' || reduction === 'weightedMean');
  // Where nothing counts the mean is 0.
  const total = isMean && !(divisor.isZero() && data.length > 0) ? sum.div(divisor) : sum;
  const isPerItem = reduction === 'none' && !isScalar;
  return {
    isScalar,
    items: { shape, data },
    value: isPerItem ? { shape, data: weighted } : { shape: [], data: [total] },
    total,
    bound,
    doubts,
  };

  function input(leaf: Leaf<BigNumber>, domain: LossDecl['inputs'][number]['domain']): Tensor {
    if (given.labels.has(leaf.name)) return rows(leaf, axesOfLabels(leaf, domain), classesOf(leaf, domain));
    const value = arithmetic.along(leaf.axes, spread(leaf), false);
    if (!given.logits.has(leaf.name)) return value;
    return domain?.name.name === 'unit'
      ? arithmetic.apply('sigmoid', [value])
      : arithmetic.softmax(value, classesOf(leaf, domain));
  }

  /** Labels as rows with a single 1 along the axis of classes. */
  function rows({ data: labels }: Leaf<BigNumber>, axes: readonly Axis[], classes: Axis): Tensor {
    return arithmetic.compare('==', arithmetic.along(axes, labels, false), arithmetic.index(classes));
  }
}

/** A weight of 0 leaves its item out, whatever the item is. */
const times = (x: BigNumber, weight: BigNumber): BigNumber => (weight.isZero() ? weight : x.times(weight));

/** The items that an ignored label leaves out, by their places. */
function leftOut({ inputs, batch }: Bound<BigNumber>, { ignored }: Question): ReadonlySet<number> {
  const left = new Set<number>();
  for (const { name, data } of inputs)
    if (ignored.inputs.has(name))
      for (let k = 0; k < batch.size; k++) if (data[k]!.eq(ignored.label)) left.add(k);
  return left;
}

/** A variable of a loss, flat: its name, its shape and its numbers. */
export interface Variable {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: readonly BigNumber[];
}

/** The inputs and parameters of some names, with the numbers that were given or are their defaults. */
export const variablesOf = ({ inputs, parameters }: Bound<BigNumber>, names: readonly string[]): Variable[] =>
  [...inputs, ...parameters].flatMap((leaf) =>
    names.includes(leaf.name)
      ? [
          {
            name: leaf.name,
            shape: leaf.shape,
            data: Array.from({ length: product(leaf.shape) }, (_, k) => leaf.data[k]!),
          },
        ]
      : [],
  );
