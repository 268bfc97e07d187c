import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import type { Body, CallExpr, Expr } from '../../grammar/tree/ast.js';
import type { Graph, Node } from '../graph/graph.js';
import type { RawBuilder } from '../graph/raw.js';
import type { Scope } from './scope.js';

/** What lowers expressions, as calls and signatures see it. Undefined means that a diagnostic has been reported. */
export interface Expressions {
  readonly graph: Graph;
  readonly b: RawBuilder;
  readonly report: (diagnostic: Diagnostic) => void;
  /** Lets in order, then the result. */
  body(body: Body, scope: Scope): Node | undefined;
  /** An expression that has to be a number. */
  number(expr: Expr, scope: Scope): Node | undefined;
  /** An expression that has to be a condition. */
  condition(expr: Expr, scope: Scope): Node | undefined;
  /** A number or a condition. */
  any(expr: Expr, scope: Scope): Node | undefined;
  /** Looks at the arguments of a call that has been refused, for mistakes of their own. */
  argumentsOnly(call: CallExpr, scope: Scope): undefined;
  /** Whether the value changes when a prediction does (through `stop_gradient` too). */
  dependsOnPrediction(root: Node): boolean;
}
