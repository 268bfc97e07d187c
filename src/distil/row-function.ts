import { differentiate } from '../../compiler/differentiate/differentiate.js';
import { rowSource } from '../../compiler/emit/fused/rows.js';
import type { Node } from '../../compiler/graph/graph.js';
import { RawBuilder } from '../../compiler/graph/raw.js';
import { lowerLoss } from '../../compiler/lower/lower.js';
import type { LoweredLoss } from '../../compiler/lower/lowered.js';
import { programOf } from '../../compiler/resolve/program.js';
import type { Decl, LossDecl } from '../../grammar/tree/ast.js';
import { loadRows, type RowLoop } from '../runtime/load-fused.js';

/** What is known of a loss at some points: its value, or its derivative by an input. */
export type Quantity = { readonly kind: 'value' } | { readonly kind: 'gradient'; readonly by: string };

/** The quantity at many points, and its derivatives by the coefficients. */
export interface RowFunction {
  /** Numbers of a row of the result: the quantity, then a derivative for each coefficient. */
  readonly width: number;
  /** `columns` are the inputs in their order. */
  readonly run: RowLoop;
}

/** A loss with names in the place of numbers that are to be fitted, and what it may call. */
export interface Fittable {
  readonly loss: LossDecl;
  readonly library: readonly Decl[];
  /** In the order of the coefficients; no inputs of the loss yet. */
  readonly coefficients: readonly string[];
}

/**
 * The formula as it is written, without guards: where it has no value the result is NaN. Undefined for a loss that has errors, and for
 * one whose items or classes depend on each other.
 */
export function rowFunction(
  { loss, library, coefficients }: Fittable,
  of: Quantity,
): RowFunction | undefined {
  // As data with a value for each item, so that their derivatives are not summed over the items.
  const added = coefficients.map((name) => ({
    name: { name },
    data: true,
    domain: { name: { name: 'real' } },
  }));
  const decl: LossDecl = { ...loss, inputs: [...loss.inputs, ...added] };
  const { loss: lowered, diagnostics } = lowerLoss(programOf([decl], library), decl);
  if (lowered === undefined || diagnostics.some(({ severity }) => severity === 'error')) return undefined;
  const builder = new RawBuilder(lowered.graph);
  const nodes = new Map(lowered.inputs.map(({ name, node }) => [name, node]));
  const derivatives = (of: Node, names: readonly string[]): Node[] =>
    differentiate(
      builder,
      of,
      names.map((name) => nodes.get(name)!),
      builder.constant(1),
    );
  const quantity = of.kind === 'value' ? lowered.value : derivatives(lowered.value, [of.by])[0]!;
  const roots = [quantity, ...derivatives(quantity, coefficients)];
  const run = loaded(roots, lowered, loss.inputs.length);
  return run === undefined ? undefined : { width: roots.length, run };
}

/**
 * The nodes of a loss as a function of rows. The first `columns` inputs are columns, the others numbers; parameters have their defaults.
 */
export function loaded(
  roots: readonly Node[],
  { parameters }: LoweredLoss,
  columns: number,
): RowFunction['run'] | undefined {
  const source = rowSource(roots, ({ op, leaf }) => {
    const { position, kind } = leaf!;
    if (op === 'parameter') {
      const value = parameters[position]!.default;
      return typeof value === 'number' ? { kind: 'known', value } : undefined;
    }
    if (kind !== 'given') return undefined;
    return position < columns ? { kind: 'column', at: position } : { kind: 'number', at: position - columns };
  });
  if (source === undefined) return undefined;
  return loadRows(source);
}
