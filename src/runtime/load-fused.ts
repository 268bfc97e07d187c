import type { CompiledLoss } from '../../compiler/compile.js';
import { fuse } from '../../compiler/emit/fused/fused.js';
import type { LoweredParameter, ParameterValue } from '../../compiler/lower/lowered.js';
import { flat } from '../../compiler/lower/parameter-value.js';

/** Numbers of a batch, row by row. Arithmetic is in float64 whatever they are kept in. */
type NumberRows = Float32Array | Float64Array;

/** Value and gradient of a batch as one function. */
export interface FusedLoss {
  /**
   * Writes the derivative of the mean by the output into `gradient` and gives the mean; the value of each item goes
   * into `items` if that is given. `target` and `output` are rows of
   * `classes` numbers, `batch` of them; a loss without classes takes any numbers as `batch` items, with `classes` 1.
   */
  readonly run: (
    target: NumberRows,
    output: NumberRows,
    gradient: NumberRows,
    batch: number,
    classes: number,
    items?: NumberRows,
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
  parameters: readonly (number | readonly number[])[],
) => number;

/**
 * A loss that was compiled with `plainMean` as one function of Float32Arrays, in float64 inside; undefined for a loss that
 * cannot be fused. The parameters are trusted to be in their domains.
 */
export function loadFused(
  compiled: CompiledLoss,
  given: Readonly<Record<string, ParameterValue>> = {},
): FusedLoss | undefined {
  const source = fuse(compiled);
  if (source === undefined) return undefined;
  const names = ['target', 'output', 'gradient', 'batch', 'classes', 'items', 'parameters'];
  // The text is the compiler's own: numbers, and names it made itself.
  const text = `'use strict';\n${source.functions}\nreturn (${names.join(', ')}) => {\n${source.body}\n};`;
  const body = new Function(text)() as Body;
  const byClasses = new Map<number, (number | readonly number[])[]>();
  const parametersFor = (classes: number): (number | readonly number[])[] => {
    const known = byClasses.get(classes);
    if (known !== undefined) return known;
    const made = compiled.parameters.map((parameter) => numbersOf(compiled, parameter, given, classes));
    byClasses.set(classes, made);
    return made;
  };
  return {
    run: (target, output, gradient, batch, classes, items) =>
      body(target, output, gradient, batch, classes, items, parametersFor(classes)),
    targetPerClass: source.targetPerClass,
    outputPerClass: source.outputPerClass,
  };
}

/** A parameter as the body takes it: a number, or a list as long as its axis. */
function numbersOf(
  compiled: CompiledLoss,
  { name, axes, default: initial }: LoweredParameter,
  given: Readonly<Record<string, ParameterValue>>,
  classes: number,
): number | readonly number[] {
  const value = (Object.hasOwn(given, name) ? given[name] : initial) ?? Number.NaN;
  if (axes.length === 0) return value as number;
  if (typeof value !== 'number') return flat(value);
  const size = compiled.lowered.graph.axes.get(axes[0]!).size ?? classes;
  return Array<number>(size).fill(value);
}
