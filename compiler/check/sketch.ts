import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import type { CallExpr, Expr, Leaf, Let, Operator, SketchDecl } from '../../grammar/tree/ast.js';
import type { Located } from '../../grammar/tree/span.js';
import { visit } from '../../grammar/tree/walk.js';
import { Graph } from '../graph/graph.js';
import { LowerExpression } from '../lower/expression.js';
import { Scope } from '../lower/scope.js';
import { SignatureReader } from '../lower/signature.js';
import { openNode, operatorAxes } from '../lower/sketch-axes.js';
import { type Place, placeIn } from '../messages/message.js';
import * as sketchMessages from '../messages/sketches.js';
import { DOMAINS, isDomain } from '../resolve/domains.js';
import { CONSTANTS, findFunction } from '../resolve/functions.js';
import type { Program } from '../resolve/program.js';
import { operatorHint } from '../resolve/unknown.js';

const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '^']);

/** What lowering does not see of a sketch: that it has a hole, and what may fill it. */
export function checkSketch(program: Program, decl: SketchDecl): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => {
    diagnostics.push(diagnostic);
  };
  const { module } = program;
  const place = (node: Located): Place => placeIn(module.source, node);
  if (!hasHole(decl)) report(sketchMessages.sketchWithoutHole(place(decl.name), decl.name.name));
  for (const operator of decl.operators) {
    const problem = operatorProblem(program, decl, operator);
    if (problem === 'kind') {
      const hint = operatorHint(operator.name, module);
      report(sketchMessages.sketchOperator(place(operator), operator.name, hint));
    } else for (const diagnostic of problem) report(diagnostic);
  }
  const values = new Set(
    [...decl.inputs, ...decl.parameters, ...letsBeforeHoles(decl)].map((item) => item.name.name),
  );
  const reader = boundsReader(program, decl, report);
  for (const leaf of decl.leaves) {
    if (leaf.kind === 'number') continue;
    const { name } = leaf.name;
    const isValue = (values.has(name) || Object.hasOwn(CONSTANTS, name)) && leaf.bounds === undefined;
    if (!isValue) checkDomainLeaf(leaf, place, reader, report);
  }
  return diagnostics;
}

/** The lets that every hole can see: a hole in a let sees what stands before it. */
function letsBeforeHoles({ body: { lets } }: SketchDecl): readonly Let[] {
  const first = lets.findIndex(({ value }) => containsHole(value));
  return first < 0 ? lets : lets.slice(0, first);
}

function hasHole(decl: SketchDecl): boolean {
  return [...decl.body.lets.map((definition) => definition.value), decl.body.result].some(containsHole);
}

function containsHole(root: Expr): boolean {
  let found = false;
  visit(root, (node) => {
    found ||= node.kind === 'hole';
  });
  return found;
}

/** A domain that constants can be drawn from. */
function checkDomainLeaf(
  leaf: Extract<Leaf, { kind: 'name' }>,
  place: (node: Located) => Place,
  reader: SignatureReader,
  report: (diagnostic: Diagnostic) => void,
): void {
  const { name } = leaf.name;
  if (!isDomain(name) || !DOMAINS[name].drawn) {
    report(sketchMessages.sketchLeaf(place(leaf), name));
    return;
  }
  const { bounded } = DOMAINS[name];
  if (bounded !== (leaf.bounds !== undefined)) report(sketchMessages.leafBounds(place(leaf), name, bounded));
  else reader.bounds(leaf.bounds);
}

function boundsReader(
  program: Program,
  decl: SketchDecl,
  report: (diagnostic: Diagnostic) => void,
): SignatureReader {
  const graph = new Graph();
  const scope = new Scope(graph, program.module, decl, []);
  return new SignatureReader(graph, scope, new LowerExpression(graph, report, undefined));
}

/** What is wrong with an operator: `kind` if it is none, or what a call of the `fn` says of its body. */
function operatorProblem(
  program: Program,
  decl: SketchDecl,
  operator: Operator,
): 'kind' | readonly Diagnostic[] {
  if (ARITHMETIC.has(operator.name)) return [];
  const row = findFunction(operator.name);
  if (row !== undefined) return row.kind === 'values' || row.kind === 'both' ? [] : 'kind';
  const { callables, missing } = program.module;
  const target = callables.get(operator.name)?.decl;
  if (target === undefined && missing.has(operator.name)) return [];
  if (target?.kind !== 'fn' || target.parameters.length === 0) return 'kind';
  return tryCall(program, decl, operator, target.parameters.length);
}

/** The diagnostics of a call with real numbers for arguments; none where it stands with numbers along the axes of the sketch. */
function tryCall(program: Program, decl: SketchDecl, operator: Operator, arity: number): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const graph = new Graph();
  const scope = new Scope(graph, program.module, decl, []);
  const expressions = new LowerExpression(
    graph,
    (diagnostic) => diagnostics.push(diagnostic),
    () => openNode(graph, 0),
  );
  const span = operator.span;
  const call: CallExpr = {
    kind: 'call',
    callee: operator,
    args: Array.from({ length: arity }, () => ({ kind: 'hole', ...(span && { span }) })),
    names: [],
    ...(span && { span }),
  };
  expressions.number(call, scope);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return [];
  const reads = new LowerExpression(graph, () => {}, undefined);
  new SignatureReader(graph, scope, reads).read(decl);
  return operatorAxes(operator.name, arity, scope) === undefined ? errors : [];
}
