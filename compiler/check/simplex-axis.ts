import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { printDomain } from '../../grammar/print/declaration.js';
import type { Domain, LossDecl, SketchDecl } from '../../grammar/tree/ast.js';
import { type AxisSet, axisBit } from '../graph/axes.js';
import { type Node, reachable } from '../graph/graph.js';
import type { LoweredInput, LoweredLoss } from '../lower/lowered.js';
import { isClassName } from '../lower/roles.js';
import { placeIn } from '../messages/message.js';
import * as roleMessages from '../messages/roles.js';
import { AXIS, isAxisOp } from '../operators/axis.js';
import type { Program } from '../resolve/program.js';

/**
 * Warnings about a simplex that adds up to 1 along its last axis where another one is likely meant: the last stands for several,
 * as the pixels of a picture do, another one is called as classes are, or the loss reads it along others alone.
 */
export function checkSimplexAxes(
  program: Program,
  decl: LossDecl | SketchDecl,
  loss: LoweredLoss,
): Diagnostic[] {
  const { source } = program.module;
  return loss.inputs.flatMap((input, i): Diagnostic[] => {
    const { name, domain } = decl.inputs[i]!;
    const axis = domain && likelyAxis(loss, input, domain);
    if (domain === undefined || axis === undefined) return [];
    const { axes } = loss.graph;
    const place = placeIn(source, domain, name);
    const last = axes.get(input.simplexAxis!).name;
    return [roleMessages.simplexAxis(place, input.name, last, printDomain(domain), axes.get(axis).name)];
  });
}

/** The axis that was likely meant; undefined where nothing speaks against the one that it is. */
function likelyAxis({ graph, value }: LoweredLoss, input: LoweredInput, domain: Domain): number | undefined {
  const { simplexAxis, axes, many } = input;
  if (simplexAxis === undefined || axes.length < 2 || domain.over !== undefined) return undefined;
  const isClass = (axis: number): boolean => isClassName(graph.axes.get(axis).name);
  if (isClass(simplexAxis)) return undefined;
  const others = axes.filter((axis) => axis !== simplexAxis);
  const named = others.find(isClass);
  if (named !== undefined) return named;
  const first = firstAxes(input, value);
  const read = others.find((axis) => (first & axisBit(axis)) !== 0);
  if (many === simplexAxis) return read ?? others[0];
  return (first & axisBit(simplexAxis)) === 0 ? read : undefined;
}

/** Whether entries along an axis are taken together or looked up; a renaming only moves them. */
const readsAlong = ({ op }: Node): boolean => isAxisOp(op) && AXIS[op].kind !== 'rename';

/** The axes of an input along which what is made of it is read first. */
function firstAxes({ node: input }: LoweredInput, value: Node): AxisSet {
  const nodes = reachable([value]);
  const made = new Set<Node>([input]);
  let found: AxisSet = 0;
  for (const node of nodes) {
    const [main] = node.args;
    if (!node.args.some((arg) => made.has(arg))) continue;
    if (readsAlong(node) && made.has(main!)) found |= node.axis & input.axes;
    else if (node.op !== 'rename') made.add(node);
  }
  return found;
}
