import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { printExpr } from '../../grammar/print/print.js';
import type {
  ArithmeticOp,
  BinaryExpr,
  BinaryOp,
  Body,
  CallExpr,
  Expr,
  IfExpr,
  NameExpr,
} from '../../grammar/tree/ast.js';
import { type Graph, type Node, reachable } from '../graph/graph.js';
import { type Builder, choose, negate, RawBuilder, reciprocal } from '../graph/raw.js';
import * as axisMessages from '../messages/axes.js';
import * as nameMessages from '../messages/names.js';
import * as roleMessages from '../messages/roles.js';
import { isCondition } from '../operators/elementwise.js';
import { CONSTANTS } from '../resolve/functions.js';
import { closeValues, partOf, unknownValue } from '../resolve/unknown.js';
import { CallLowering } from './call.js';
import type { Expressions } from './expressions.js';
import { type Bound, BROKEN, type Scope } from './scope.js';

/** How the body of a sketch's hole is made: a node that stands for every tree that may fill it. */
export type HoleNode = (scope: Scope, hole: Expr) => Node | undefined;

type Comparison = Extract<BinaryOp, '<' | '<=' | '>' | '>=' | '==' | '!='>;
const COMPARISONS: { readonly [K in Comparison]: (b: Builder, x: Node, y: Node) => Node } = {
  '<': (b, x, y) => b.apply('lt', [x, y]),
  '<=': (b, x, y) => b.apply('le', [x, y]),
  '>': (b, x, y) => b.apply('lt', [y, x]),
  '>=': (b, x, y) => b.apply('le', [y, x]),
  '==': (b, x, y) => b.apply('eq', [x, y]),
  '!=': (b, x, y) => b.apply('not', [b.apply('eq', [x, y])]),
};
const isComparison = (op: BinaryOp): op is Comparison => Object.hasOwn(COMPARISONS, op);

/** Operators that chain to the left and belong together: a long sum becomes one node, not a ladder of them. */
const CHAINS: { readonly [K in BinaryOp]?: 'sum' | 'product' | 'or' | 'and' } = {
  '+': 'sum',
  '-': 'sum',
  '*': 'product',
  '/': 'product',
  or: 'or',
  and: 'and',
};

/**
 * Nested expressions deeper than this, calls included, are refused rather than risk the stack: a third of what Node's own stack
 * of 984 kB takes.
 */
const MAX_DEPTH = 500;

/**
 * Expressions to graph nodes, checking as it goes: undefined means that a diagnostic has been reported.
 * Recursion is bounded: the parser limits nesting, chains of binary operators are walked in a loop, calls are counted.
 */
export class LowerExpression implements Expressions {
  readonly b: RawBuilder;
  readonly #calls: CallLowering;
  readonly #predictions = new Map<Node, boolean>();
  #depth = 0;

  constructor(
    readonly graph: Graph,
    readonly report: (diagnostic: Diagnostic) => void,
    private readonly hole: HoleNode | undefined,
  ) {
    this.b = new RawBuilder(graph);
    this.#calls = new CallLowering(this);
  }

  /** Lets in order, then the result. */
  body(body: Body, scope: Scope): Node | undefined {
    for (const definition of body.lets) {
      const { name } = definition.name;
      const node = this.any(definition.value, scope);
      if (scope.names.has(name)) {
        const what = scope.names.get(name)!.kind === 'axis' ? 'an axis' : 'defined in this loss';
        this.report(nameMessages.definedTwice(scope.place(definition.name), name, what));
      } else scope.names.set(name, node === undefined ? BROKEN : { kind: 'value', node });
    }
    return this.any(body.result, scope);
  }

  /** An expression that has to be a number. */
  number(expr: Expr, scope: Scope): Node | undefined {
    const node = this.any(expr, scope);
    if (node === undefined || !isCondition(node.op)) return node;
    this.report(nameMessages.conditionAsNumber(scope.place(expr)));
    return undefined;
  }

  /** An expression that has to be a condition. */
  condition(expr: Expr, scope: Scope): Node | undefined {
    const node = this.any(expr, scope);
    if (node === undefined || isCondition(node.op)) return node;
    this.report(nameMessages.numberAsCondition(scope.place(expr)));
    return undefined;
  }

  /** A number or a condition. */
  any(expr: Expr, scope: Scope): Node | undefined {
    if (++this.#depth > MAX_DEPTH) {
      this.#depth--;
      this.report(axisMessages.expressionTooDeep(scope.place(expr)));
      return undefined;
    }
    const node = this.#lower(expr, scope);
    this.#depth--;
    return node;
  }

  #lower(expr: Expr, scope: Scope): Node | undefined {
    switch (expr.kind) {
      case 'number':
        return this.b.constant(expr.value);
      case 'name':
        return this.#name(expr, scope);
      case 'hole':
        return this.#hole(expr, scope);
      case 'unary': {
        if (expr.op === 'not') {
          const operand = this.condition(expr.operand, scope);
          return operand && this.b.apply('not', [operand]);
        }
        const operand = this.number(expr.operand, scope);
        if (operand?.op === 'const') return this.b.constant(-operand.value);
        return operand && negate(this.b, operand);
      }
      case 'binary':
        return this.#binary(expr, scope);
      case 'call':
        return this.#calls.lower(expr, scope);
      case 'if':
        return this.#if(expr, scope);
    }
  }

  #name(expr: NameExpr, scope: Scope): Node | undefined {
    const place = scope.place(expr);
    const bound: Bound | undefined = scope.look(expr.name);
    if (bound?.kind === 'value') return bound.node;
    if (bound?.kind === 'axis') this.report(nameMessages.axisAsValue(place, expr.name));
    if (bound !== undefined) return undefined;
    const constant = Object.hasOwn(CONSTANTS, expr.name) ? CONSTANTS[expr.name] : undefined;
    if (constant !== undefined) return this.b.constant({ value: constant, exact: undefined });
    const close = this.#closeTo(expr, scope);
    this.report(unknownValue(place, expr.name, close, scope.module));
    // What was likely meant is not said to be unused on top.
    for (const name of [...close, partOf(expr.name)]) scope.used.add(name);
    return undefined;
  }

  #closeTo({ name }: NameExpr, scope: Scope): readonly string[] {
    return closeValues(name, scope.names.keys());
  }

  /**
   * Looks at the arguments of a call that has been refused, for mistakes of their own. A name alone may be an axis, also one
   * that the function would have made.
   */
  argumentsOnly(call: CallExpr, scope: Scope): undefined {
    for (const arg of call.args) {
      if (arg.kind !== 'name') this.any(arg, scope);
      else if (scope.lookAxis(arg.name) === undefined && this.#closeTo(arg, scope).length > 0)
        this.#name(arg, scope);
    }
    if (call.where !== undefined) this.condition(call.where, scope);
    return undefined;
  }

  #hole(expr: Expr, scope: Scope): Node | undefined {
    if (this.hole !== undefined && scope.calls.length === 0) return this.hole(scope, expr);
    this.report(nameMessages.holeOutsideSketch(scope.place(expr)));
    return undefined;
  }

  #binary(expr: BinaryExpr, scope: Scope): Node | undefined {
    const { op } = expr;
    if (isComparison(op)) {
      const left = this.number(expr.left, scope);
      const right = this.number(expr.right, scope);
      if (left === undefined || right === undefined) return undefined;
      if (
        (op === '==' || op === '!=') &&
        (this.dependsOnPrediction(left) || this.dependsOnPrediction(right))
      ) {
        this.report(axisMessages.predictionEquals(scope.place(expr)));
      }
      if (left === right && left.op !== 'const' && printExpr(expr.left) === printExpr(expr.right)) {
        const always = op === '==' || op === '<=' || op === '>=';
        this.report(roleMessages.comparedWithItself(scope.place(expr), always));
      }
      return COMPARISONS[op](this.b, left, right);
    }
    if (op === '^') {
      const base = this.number(expr.left, scope);
      const exponent = this.number(expr.right, scope);
      return base && exponent && this.b.pow(base, exponent);
    }
    return this.#chain(expr, scope);
  }

  /** `a + b - c …` as one node: the left spine of operators of one kind, walked in a loop. */
  #chain(expr: BinaryExpr, scope: Scope): Node | undefined {
    const kind = CHAINS[expr.op]!;
    const operands: { readonly op: ArithmeticOp | 'or' | 'and'; readonly expr: Expr }[] = [];
    let left: Expr = expr;
    while (left.kind === 'binary' && CHAINS[left.op] === kind) {
      operands.push({ op: left.op as ArithmeticOp, expr: left.right });
      left = left.left;
    }
    operands.push({ op: kind === 'product' ? '*' : '+', expr: left });
    operands.reverse();
    const logical = kind === 'or' || kind === 'and';
    const nodes: Node[] = [];
    let broken = false;
    for (const operand of operands) {
      const node = logical ? this.condition(operand.expr, scope) : this.number(operand.expr, scope);
      if (node === undefined) broken = true;
      else if (operand.op === '-') nodes.push(negate(this.b, node));
      else nodes.push(operand.op === '/' ? reciprocal(this.b, node) : node);
    }
    if (broken) return undefined;
    if (logical) return nodes.reduce((x, y) => this.b.apply(kind, [x, y]));
    return kind === 'sum' ? this.b.add(nodes) : this.b.mul(nodes);
  }

  #if(expr: IfExpr, scope: Scope): Node | undefined {
    const conditions = expr.conditions.map((condition) => this.condition(condition, scope));
    const values = expr.values.map((value) => this.number(value, scope));
    let result = this.number(expr.otherwise, scope);
    for (let i = conditions.length - 1; i >= 0; i--) {
      const [condition, value] = [conditions[i], values[i]];
      result = condition && value && result && choose(this.b, condition, value, result);
    }
    return result;
  }

  /** Whether the value changes when a prediction does (through `stop_gradient` too). */
  dependsOnPrediction(root: Node): boolean {
    const known = this.#predictions.get(root);
    if (known !== undefined) return known;
    for (const node of reachable([root])) {
      if (this.#predictions.has(node)) continue;
      const own = node.op === 'input' && node.leaf?.data === false;
      this.#predictions.set(node, own || node.args.some((arg) => this.#predictions.get(arg) === true));
    }
    return this.#predictions.get(root)!;
  }
}
