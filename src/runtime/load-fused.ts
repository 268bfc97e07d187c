import type { CompiledLoss } from '../../compiler/compile.js';
import { fusedSource } from '../../compiler/emit/fused/fused.js';
import { type LoopPlan, planLoops } from '../../compiler/emit/fused/loops.js';
import type { RowSource } from '../../compiler/emit/fused/rows.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { type ParameterNumbers, parameterNumbers } from './parameter-numbers.js';

/** Numbers of a batch, row by row. Arithmetic is in float64 whatever they are kept in. */
type NumberRows = Float32Array | Float64Array;

/** Value and gradient of a batch as one function. */
export interface FusedLoss {
  /**
   * Writes the derivative of the mean by the output into `gradient` and gives the mean; the value of each item goes
   * into `items` if that is given. `target` and `output` are rows of
   * `classes` numbers, `batch` of them; `changing` is the number of the parameter that has another one each time; a loss without classes takes any numbers as `batch` items, with `classes` 1.
   */
  readonly run: (
    target: NumberRows,
    output: NumberRows,
    gradient: NumberRows,
    batch: number,
    classes: number,
    items?: NumberRows,
    changing?: number,
  ) => number;
  /** Whether the target has one number for each class, or one for each item. */
  readonly targetPerClass: boolean;
  readonly outputPerClass: boolean;
}

type Body = (
  target: NumberRows,
  output: NumberRows,
  gradient: NumberRows,
  batch: number,
  classes: number,
  items: NumberRows | undefined,
  parameters: ParameterNumbers,
) => number;

/**
 * A loss that was compiled with `plainMean` as one function of Float32Arrays, in float64 inside; undefined for a loss that
 * cannot be fused. The parameters are trusted to be in their domains.
 */
export function loadFused(
  compiled: CompiledLoss,
  given: Readonly<Record<string, ParameterValue>> = {},
): FusedLoss | undefined {
  const plan = planLoops(compiled);
  return plan === undefined ? undefined : loadLoops(plan, compiled, given);
}

/** The loops of a plan in JavaScript. */
export function loadLoops(
  plan: LoopPlan,
  compiled: CompiledLoss,
  given: Readonly<Record<string, ParameterValue>>,
  changing?: string,
): FusedLoss {
  const source = fusedSource(plan);
  const names = ['target', 'output', 'gradient', 'batch', 'classes', 'items', 'parameters'];
  // The text is the compiler's own: numbers, and names it made itself.
  const text = `'use strict';\n${source.functions}\nreturn (${names.join(', ')}) => {\n${source.body}\n};`;
  const body = new Function(text)() as Body;
  const parametersFor = parameterNumbers(compiled, given, changing);
  return {
    run: (target, output, gradient, batch, classes, items, number) =>
      body(target, output, gradient, batch, classes, items, parametersFor(classes, number)),
    targetPerClass: source.targetPerClass,
    outputPerClass: source.outputPerClass,
  };
}

/** Writes the values of some nodes for each row into `result`. */
export type RowLoop = (
  columns: readonly Float64Array[],
  numbers: Float64Array,
  count: number,
  result: Float64Array,
) => void;

/** The loop as a function. */
export function loadRows({ functions, body }: RowSource): RowLoop {
  // The text is the compiler's own: numbers, and names it made itself.
  const text = `'use strict';\n${functions}\nreturn (columns, numbers, count, result) => {\n${body}\n};`;
  return new Function(text)() as RowLoop;
}
