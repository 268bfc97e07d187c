import type { CallExpr, Expr, SketchDecl } from '../../grammar/tree/ast.js';
import { getAt, visit } from '../../grammar/tree/walk.js';
import { type AxisSet, axisBit, axisIndices, BATCH } from '../graph/axes.js';
import { Graph, type Node } from '../graph/graph.js';
import { isCondition } from '../operators/elementwise.js';
import { ANY } from '../operators/range.js';
import { findFunction } from '../resolve/functions.js';
import type { Program } from '../resolve/program.js';
import { LowerExpression } from './expression.js';
import { Scope } from './scope.js';
import { SignatureReader } from './signature.js';

/** What an `fn` that is an operator of a sketch does with the axes of its operands. */
export interface OperatorAxes {
  readonly operands: readonly {
    /** Axes that the operand must have. */
    readonly needs: AxisSet;
    /** Axes of the operand that the result does not have. */
    readonly removes: AxisSet;
  }[];
  /** Axes that the result has whatever the operands have. */
  readonly gives: AxisSet;
}

/** The axes in a sketch: what trees have to respect where its operators reduce. Sets are of one numbering. */
export interface SketchAxes {
  /** Every name that a leaf may be, with its axes; constants have none. */
  readonly leaves: ReadonlyMap<string, AxisSet>;
  /** Axes that a tree in the hole may have, hole by hole in source order. */
  readonly holes: readonly AxisSet[];
  /** Operators that need, remove or give axes. Trees over a sketch without such an operator are legal whatever their axes. */
  readonly operators: ReadonlyMap<string, OperatorAxes>;
}

/** A value that is real and has these axes, whatever it is; another one for each set of axes and each place. */
export function openNode(graph: Graph, axes: AxisSet, place = 0): Node {
  // A graph tells leaves apart by their names.
  const name = `?${place}/${axes}`;
  return graph.make('input', [], {
    axes,
    range: ANY,
    leaf: { kind: 'hole', name, position: 0, data: false },
  });
}

/** The axes of a sketch that has been checked. */
export function sketchAxes(program: Program, sketch: SketchDecl): SketchAxes {
  const graph = new Graph();
  const scope = new Scope(graph, program.module, sketch, []);
  const expressions = new LowerExpression(
    graph,
    () => {},
    (_, hole) => openNode(graph, holeAxes(sketch, scope, hole)),
  );
  new SignatureReader(graph, scope, expressions).read(sketch);
  const operators = reducingOperators(sketch, scope);
  expressions.body(sketch.body, scope);
  const leaves = new Map(
    sketch.leaves.flatMap((leaf) => {
      const bound = leaf.kind === 'name' ? scope.look(leaf.name.name) : undefined;
      return bound?.kind === 'value'
        ? [[(leaf as { name: { name: string } }).name.name, bound.node.axes]]
        : [];
    }),
  );
  return { leaves, holes: holesOf(sketch).map((hole) => holeAxes(sketch, scope, hole)), operators };
}

function rootsOf({ body }: SketchDecl): readonly Expr[] {
  return [...body.lets.map(({ value }) => value), body.result];
}

function holesOf(sketch: SketchDecl): Expr[] {
  const found: Expr[] = [];
  for (const root of rootsOf(sketch)) visit(root, (node) => void (node.kind === 'hole' && found.push(node)));
  return found;
}

/**
 * Axes that a tree in a hole may have: those of the leaves together. Where an operator can reduce, a hole of the result is without
 * the axes that nothing around it reduces, for the value of a sketch has none.
 */
export function holeAxes(sketch: SketchDecl, scope: Scope, hole: Expr): AxisSet {
  let union: AxisSet = 0;
  for (const leaf of sketch.leaves) {
    const bound = leaf.kind === 'name' ? scope.look(leaf.name.name) : undefined;
    if (bound?.kind === 'value') union |= bound.node.axes;
  }
  const around = callsAround(sketch.body.result, hole);
  if (around === undefined) return union;
  const reducible = [...reducingOperators(sketch, scope).values()]
    .flatMap(({ operands }) => operands.map(({ removes }) => removes))
    .reduce((all, removes) => all | removes, 0);
  let open: AxisSet = union & reducible & ~BATCH;
  for (const call of around) {
    if (findFunction(call.callee.name) === undefined) return union;
    for (const arg of call.args) {
      const bound = arg.kind === 'name' ? scope.names.get(arg.name) : undefined;
      if (bound?.kind === 'axis') open &= ~axisBit(bound.index);
    }
  }
  return union & ~open;
}

/** The calls that an expression stands in, outermost first; undefined where it is no part of the root. */
function callsAround(root: Expr, part: Expr): CallExpr[] | undefined {
  let found: CallExpr[] | undefined;
  visit(root, (node, path) => {
    if (node !== part) return;
    const above = path.map((_, i) => getAt(root, path.slice(0, i)));
    found = above.filter((one): one is CallExpr => one.kind === 'call');
  });
  return found;
}

/** Operators of the sketch that do something with axes, by trying what calls of them are legal. */
function reducingOperators(sketch: SketchDecl, scope: Scope): ReadonlyMap<string, OperatorAxes> {
  const found = new Map<string, OperatorAxes>();
  for (const { name } of sketch.operators) {
    const decl = scope.module.callables.get(name)?.decl;
    if (findFunction(name) !== undefined || decl?.kind !== 'fn' || decl.parameters.length === 0) continue;
    const axes = operatorAxes(name, decl.parameters.length, scope);
    if (axes !== undefined) found.set(name, axes);
  }
  return found;
}

/** Undefined where a call without axes gives a value without axes, and where no call is legal at all. */
export function operatorAxes(name: string, arity: number, scope: Scope): OperatorAxes | undefined {
  const all = [...scope.names.values()].reduce(
    (axes, bound) => (bound.kind === 'axis' ? axes | axisBit(bound.index) : axes),
    0,
  );
  const operands = Array.from({ length: arity }, () => ({ needs: 0, removes: 0 }));
  const call = (axes: readonly AxisSet[]): AxisSet | undefined => tryCall(name, axes, scope);
  const fill = (axes: AxisSet): AxisSet[] => operands.map(() => axes);
  if (call(fill(0)) === 0 && call(fill(all)) === all) return undefined;
  // An operand that lacks an axis while all others have all: does the call still stand?
  for (const bit of bitsOf(all)) {
    for (const [i, operand] of operands.entries())
      if (call(fill(all).with(i, all & ~bit)) === undefined) operand.needs |= bit;
    // Where one of several operands must have it, the first of them that helps has; where no single one does, all have.
    const least = operands.map(({ needs }) => needs | (all & ~bit));
    if (call(least) !== undefined) continue;
    const helping = operands.filter((_, i) => call(least.with(i, all)) !== undefined);
    for (const operand of helping.length > 0 ? helping.slice(0, 1) : operands) operand.needs |= bit;
  }
  const needs = operands.map((operand) => operand.needs);
  const least = call(needs);
  if (least === undefined) return undefined;
  for (const bit of bitsOf(all))
    for (const [i, operand] of operands.entries()) {
      const others = needs.map((need, k) => (k === i ? need | bit : need & ~bit));
      const result = call(others) ?? call(needs.with(i, needs[i]! | bit));
      if (result !== undefined && (result & bit) === 0) operand.removes |= bit;
    }
  const carried = operands.reduce((axes, { needs: need, removes }) => axes | (need & ~removes), 0);
  return { operands, gives: least & ~carried };
}

const bitsOf = (axes: AxisSet): AxisSet[] => axisIndices(axes).map(axisBit);

/** The axes of a call with real numbers that have these axes; undefined where it is refused. */
function tryCall(name: string, axes: readonly AxisSet[], scope: Scope): AxisSet | undefined {
  let refused = false;
  const holes = axes.map((): Expr => ({ kind: 'hole' }));
  const nodes = new Map(holes.map((hole, i) => [hole, openNode(scope.graph, axes[i]!, i)]));
  const expressions = new LowerExpression(
    scope.graph,
    ({ severity }) => {
      refused ||= severity === 'error';
    },
    (_, hole) => nodes.get(hole),
  );
  const node = expressions.any({ kind: 'call', callee: { name }, args: holes, names: [] }, scope);

  return node === undefined || refused || isCondition(node.op) ? undefined : node.axes;
}
