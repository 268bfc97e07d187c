import type { Graph, Node } from '../graph/graph.js';
import type { LoweredLoss, ParameterValue } from '../lower/lowered.js';
import { normalise } from '../passes/simplify.js';
import { mixPrints, printText } from './fingerprint.js';
import { GradientPrinter } from './gradient-printer.js';
import { Printer } from './printer.js';

/**
 * Hashes of expressions that do not change when terms, factors, or arguments of `max` and `min` change places, when sums are nested
 * or multiplied out differently, inside reductions too, or when inputs, parameters, lets and axes get other names. They depend
 * on nothing but the expression, so they are the same in every process and every version of Node.
 */

/** The hash of an expression in simplified form, 21 hexadecimal digits. */
export function canonicalHash(graph: Graph, root: Node): string {
  return printText(new Printer(graph, root).result());
}

/** The hash of a loss: its simplified value with the domains and defaults of its signature. */
export function lossHash(loss: LoweredLoss): string {
  const value = normalise(loss.graph, [loss.value]).roots[0]!;
  const signature = [...loss.inputs, ...loss.parameters].map(
    (item) => `${item.domain} ${'items' in item ? `${item.items} ${item.data}` : valueText(item.default)}`,
  );
  return printText(mixPrints(signature.join(';'), [new Printer(loss.graph, value).result()]));
}

const valueText = (value: ParameterValue | undefined): string => JSON.stringify(value ?? null);

/**
 * The hash of a simplified gradient up to a positive constant factor: losses with one hash train alike when the learning rate is
 * scaled to match.
 */
export function gradientHash(graph: Graph, gradient: Node): string {
  return printText(new GradientPrinter(graph, gradient).direction());
}
