import type { AxisSet } from '../graph/axes.js';
import { type Constant, constantOf } from '../graph/exact.js';
import type { Graph, Node } from '../graph/graph.js';
import type { AlongOp, ReduceOp } from '../operators/axis.js';
import { type ElementwiseOp, elementwise, isCondition } from '../operators/elementwise.js';
import { operatorsThat } from '../operators/traits.js';
import { CONDITION_FORMS, normalSelect } from './conditions.js';
import { normalPower } from './powers.js';
import { normalProduct } from './products.js';
import { normalAlong, normalAt, normalReduction, normalRename } from './reductions.js';
import type { Rules, Simplifier, Widening } from './simplifier.js';
import { normalSum } from './sums.js';

/** The log of a choice between them is a choice between logs. */
const LOG_MELTS = operatorsThat('melts in log');

/** Why rewriting ended: nothing applies any more, or the limit on rule applications was reached. */
export type StopReason = 'normal' | 'limit';

/**
 * The builder that simplifies: whatever it is asked to make, it makes in normal form. Sums and products are collected
 * by construction, other identities come from the rule tables. A node in normal form is returned unchanged, so
 * rebuilding a simplified graph changes nothing.
 */
export class Algebra implements Simplifier {
  readonly widenings: Widening[] = [];
  /** Rules that fired, with how often. */
  readonly fired = new Map<string, number>();
  stopped: StopReason = 'normal';
  #fuel: number;

  constructor(
    readonly graph: Graph,
    private readonly rules: Rules,
    /** Most rule applications before rules are left alone; the forms above still hold. */
    limit = 100_000,
  ) {
    this.#fuel = limit;
  }

  constant(value: number | Constant): Node {
    return this.graph.constant(value);
  }

  add(terms: readonly Node[]): Node {
    return terms.length === 1 ? terms[0]! : normalSum(this, terms);
  }

  mul(factors: readonly Node[]): Node {
    return factors.length === 1 ? factors[0]! : normalProduct(this, factors);
  }

  pow(base: Node, exponent: Node): Node {
    return normalPower(this, base, exponent);
  }

  apply(op: ElementwiseOp, args: readonly Node[], order = 0): Node {
    if (op === 'add') return this.add(args);
    if (op === 'mul') return this.mul(args);
    if (op === 'pow') return this.pow(args[0]!, args[1]!);
    if (op === 'select') return normalSelect(this, args);
    if (isCondition(op)) return CONDITION_FORMS[op](this, args) ?? this.graph.make(op, args);
    const folded = this.#fold(op, args, order);
    if (folded !== undefined) return folded;
    const only = args.length === 1 ? args[0]! : undefined;
    if (only?.op === 'rename' && op !== 'stop') {
      return this.rename(this.apply(op, only.args, order), only.axis, only.to);
    }
    if (op === 'log' && only?.op === 'select' && only.args.slice(1).every(({ op }) => LOG_MELTS.has(op))) {
      return this.apply('select', [
        only.args[0]!,
        this.apply('log', [only.args[1]!]),
        this.apply('log', [only.args[2]!]),
      ]);
    }
    return this.rewritten(this.graph.make(op, args, { value: order }));
  }

  reduce(op: ReduceOp, value: Node, axes: AxisSet): Node {
    return axes === 0 ? value : normalReduction(this, op, value, axes);
  }

  along(op: AlongOp, value: Node, axis: AxisSet): Node {
    return normalAlong(this, op, value, axis);
  }

  at(value: Node, axis: AxisSet, index: Node): Node {
    return normalAt(this, value, axis, index);
  }

  rename(value: Node, from: AxisSet, to: AxisSet): Node {
    return normalRename(this, value, from, to);
  }

  /** What the rules make of a node whose arguments are in normal form. */
  rewritten(node: Node): Node {
    if (this.#fuel <= 0) {
      this.stopped = 'limit';
      return node;
    }
    const result = this.rules.apply(node, this);
    if (result === undefined) return node;
    this.#fuel--;
    return result;
  }

  /** Records that a value appears where the original had none. */
  widen(reason: Widening['reason'], node: Node): void {
    this.widenings.push({ reason, node });
  }

  /** Constants fold where the result is a whole number; `log(2)` reads better as it is. */
  #fold(op: ElementwiseOp, args: readonly Node[], order: number): Node | undefined {
    if (op === 'stop' || isCondition(op) || !args.every((arg) => arg.op === 'const')) return undefined;
    const value = elementwise(op).evaluate(
      args.map((arg) => arg.value),
      order,
    );
    if (op === 'max' || op === 'min') return args.find((arg) => arg.value === value);
    if (op === 'abs')
      return this.constant(args[0]!.value < 0 ? this.mul([this.constant(-1), args[0]!]) : args[0]!);
    return Number.isSafeInteger(value) ? this.constant(constantOf(value)) : undefined;
  }
}
