import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import type { Expr, Input, LossDecl, SketchDecl } from '../../grammar/tree/ast.js';
import { BATCH } from '../graph/axes.js';
import { Graph, GraphTooLarge, MAX_NODES, type Node } from '../graph/graph.js';
import * as axisMessages from '../messages/axes.js';
import { placeIn } from '../messages/message.js';
import * as nameMessages from '../messages/names.js';
import { isCondition } from '../operators/elementwise.js';
import type { Module, Program } from '../resolve/program.js';
import { LowerExpression } from './expression.js';
import { withIndexAxes } from './labels.js';
import type { LoweredLoss } from './lowered.js';
import { rolesOf } from './roles.js';
import { Scope } from './scope.js';
import { SignatureReader } from './signature.js';
import { holeAxes, openNode } from './sketch-axes.js';

export interface LowerResult {
  /** Undefined when there are errors. */
  readonly loss: LoweredLoss | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks one loss or sketch of a program and brings it into graph form. Every mistake found is reported, none thrown. */
export function lowerLoss(program: Program, decl: LossDecl | SketchDecl): LowerResult {
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => {
    diagnostics.push(diagnostic);
  };
  const graph = new Graph();
  try {
    const loss = lowerInto(graph, program.module, decl, report);
    graph.limit = MAX_NODES;
    const failed = diagnostics.some((diagnostic) => diagnostic.severity === 'error');
    return { loss: failed ? undefined : loss, diagnostics };
  } catch (error) {
    if (!(error instanceof GraphTooLarge)) throw error;
    const place = placeIn(program.module.source, decl.name);
    return { loss: undefined, diagnostics: [...diagnostics, axisMessages.tooLarge(place, decl.name.name)] };
  }
}

function lowerInto(
  graph: Graph,
  module: Module,
  decl: LossDecl | SketchDecl,
  report: (diagnostic: Diagnostic) => void,
): LoweredLoss | undefined {
  const { scope, expressions, inputs, parameters, value } = lowerNames(graph, module, decl, report);
  warnUnused(decl, scope, report);
  if (value === undefined) return undefined;
  const place = scope.place(decl.body.result);
  if (isCondition(value.op)) {
    report(nameMessages.conditionAsNumber(place));
    return undefined;
  }
  if ((value.axes & ~BATCH) !== 0) {
    const declared = decl.inputs.flatMap(namedAxes);
    report(axisMessages.axisLeft(place, scope.axisNames(value.axes), declared, facingAxes(decl.inputs)));
    return undefined;
  }
  const open = decl.kind === 'sketch';
  if (!open && inputs.some((input) => !input.data) && !expressions.dependsOnPrediction(value)) {
    report(axisMessages.noPrediction(place, decl.name.name));
    return undefined;
  }
  const read = withIndexAxes(inputs, graph, value);
  const lets = letsOf(decl, scope);
  return { name: decl.name.name, doc: decl.doc ?? '', graph, inputs: read, parameters, lets, value };
}

const namedAxes = ({ domain }: Input): readonly string[] =>
  (domain?.axes ?? []).flatMap((axis) => (axis.kind === 'axis' ? [axis.name.name] : []));

/** Axes that stand at one place in data and in a prediction of as many axes, and that neither has elsewhere: one may be meant. */
function facingAxes(inputs: readonly Input[]): readonly (readonly [string, string])[] {
  const roles = rolesOf(inputs);
  const axes = inputs.map(namedAxes);
  const predictions = axes.filter((_, i) => roles[i] === 'prediction');
  return axes
    .filter((_, i) => roles[i] !== 'prediction')
    .flatMap((given) =>
      predictions
        .filter((predicted) => predicted.length === given.length)
        .flatMap((predicted) =>
          given.flatMap((axis, i) =>
            predicted.includes(axis) || given.includes(predicted[i]!) ? [] : [[axis, predicted[i]!] as const],
          ),
        ),
    );
}

/** The values that the body has names for, as they are written. A name that is the loss's own would read as the whole. */
function letsOf(decl: LossDecl | SketchDecl, scope: Scope): ReadonlyMap<string, Node> {
  const lets = new Map<string, Node>();
  for (const { name } of decl.body.lets) {
    const bound = scope.names.get(name.name);
    if (bound?.kind === 'value' && name.name !== decl.name.name) lets.set(name.name, bound.node);
  }
  return lets;
}

/** What the names of a loss stand for in a graph, and the value of its body. */
export function lowerNames(
  graph: Graph,
  module: Module,
  decl: LossDecl | SketchDecl,
  report: (diagnostic: Diagnostic) => void,
) {
  const scope = new Scope(graph, module, decl, []);
  const hole =
    decl.kind === 'sketch'
      ? (scope: Scope, node: Expr): Node => openNode(graph, holeAxes(decl, scope, node))
      : undefined;
  const expressions = new LowerExpression(graph, report, hole);
  const signature = new SignatureReader(graph, scope, expressions).read(decl);
  const value = expressions.body(decl.body, scope);
  return { scope, expressions, ...signature, value };
}

function warnUnused(
  decl: LossDecl | SketchDecl,
  scope: Scope,
  report: (diagnostic: Diagnostic) => void,
): void {
  const groups = [
    ...decl.inputs.map((input) => ({ what: 'the input', name: input.name })),
    ...decl.parameters.map((parameter) => ({ what: 'the parameter', name: parameter.name })),
    ...decl.body.lets.map((definition) => ({ what: 'the let', name: definition.name })),
  ];
  for (const { what, name } of groups) {
    if (!scope.used.has(name.name)) report(nameMessages.unused(scope.place(name), what, name.name));
  }
}
