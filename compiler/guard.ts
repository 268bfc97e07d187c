import type { ElementwiseOp } from './graph/elementwise.js';
import type { Graph, Node } from './graph/graph.js';
import { isNonnegative, isPositive } from './graph/range.js';
import { choose, RawBuilder } from './graph/raw.js';
import { rebuild } from './graph/rebuild.js';

/**
 * What is done where a legal input can leave the domain of an operator.
 * `protected`: the argument is kept as far from the edge as float32 needs for value and gradient to stay finite.
 * `clamp`: kept 1e-7 away, the epsilon of Keras. `none`: nothing.
 * Guards are put in after differentiation, so none of them turns a gradient to zero.
 */
export type GuardPolicy = 'protected' | 'clamp' | 'none';

export interface Guard {
  /** The operator that is protected. */
  readonly op: 'log' | 'divide' | 'root' | 'power' | 'exp' | 'acos' | 'lgamma';
  /** The argument that could leave the domain. */
  readonly argument: Node;
  /** What the argument is kept to, in words. */
  readonly kept: string;
}

/** exp of this is 8.2e36: as large as leaves float32 room for sums over forty classes and for coefficients. */
const MAX_EXPONENT = 85;
/** Epsilon of `tf.keras.backend.epsilon()`. */
const KERAS_EPSILON = 1e-7;
/** x ^ -1 at this distance is 1e36. */
const LARGEST = 36;

/** Puts guards below the roots and says where. */
export function guard(
  graph: Graph,
  roots: readonly Node[],
  policy: GuardPolicy,
): { roots: readonly Node[]; guards: readonly Guard[] } {
  if (policy === 'none') return { roots, guards: [] };
  const builder = new GuardingBuilder(graph, policy);
  return { roots: rebuild(builder, roots), guards: [...builder.guards.values()] };
}

/** The smallest normal float32 is 1.2e-38. */
const UNDERFLOW = 1e-37;

/** Whether a value that is not 0 over the reals is not 0 in float32 either: a small probability underflows, a given number does not. */
function staysAway(node: Node): boolean {
  const { lo, hi } = node.range;
  return lo > UNDERFLOW || hi < -UNDERFLOW || node.op === 'input' || node.op === 'parameter';
}

class GuardingBuilder extends RawBuilder {
  readonly guards = new Map<string, Guard>();

  constructor(
    graph: Graph,
    private readonly policy: 'protected' | 'clamp',
  ) {
    super(graph);
  }

  override apply(op: ElementwiseOp, args: readonly Node[], order = 0): Node {
    const x = args[0]!;
    switch (op) {
      case 'log':
        return super.apply(op, [isPositive(x.range) && staysAway(x) ? x : this.#away('log', x, 1)]);
      case 'xlogy': {
        const y = args[1]!;
        return super.apply(op, [x, isPositive(y.range) && staysAway(y) ? y : this.#away('log', y, 1)]);
      }
      case 'log1p':
        return super.apply(op, [x.range.lo > -1 ? x : this.#above('log', x, -1 + 2 ** -24)]);
      case 'log1mexp':
        return super.apply(op, [x.range.hi < 0 ? x : this.#below('log', x, -this.#distance(1))]);
      case 'exp':
      case 'expm1':
        return super.apply(op, [x.range.hi <= MAX_EXPONENT ? x : this.#below('exp', x, MAX_EXPONENT)]);
      case 'acos':
        if (x.range.lo >= -1 && x.range.hi <= 1) return super.apply(op, args);
        return super.apply(op, [this.#below('acos', this.#above('acos', x, -1), 1)]);
      case 'lgamma':
      case 'polygamma':
        return super.apply(op, [isPositive(x.range) ? x : this.#above('lgamma', x, 1e-9)], order);
      default:
        return super.apply(op, args, order);
    }
  }

  override pow(base: Node, exponent: Node): Node {
    const whole = exponent.op === 'const' && Number.isInteger(exponent.value);
    const lowest = exponent.range.lo;
    const canVanish = lowest < 0 && !(base.range.nonzero && staysAway(base));
    if (canVanish) {
      const power = Number.isFinite(lowest) ? -lowest : 4;
      const op = exponent.op === 'const' ? 'divide' : 'power';
      if (!Number.isFinite(lowest) && exponent.axes === 0 && isNonnegative(base.range))
        return super.pow(
          this.#aboveWhereNegative(base, exponent, this.#distance(Math.max(power, 1))),
          exponent,
        );
      if (whole || isNonnegative(base.range))
        return super.pow(this.#away(op, base, Math.max(power, 1)), exponent);
      return super.pow(this.#above(op, base, this.#distance(Math.max(power, 1))), exponent);
    }
    if (!whole && !isNonnegative(base.range)) return super.pow(this.#above('root', base, 0), exponent);
    return super.pow(base, exponent);
  }

  /** How near to 0 an argument may come when it is divided by, `power` times over. */
  #distance(power: number): number {
    return this.policy === 'clamp' ? KERAS_EPSILON : 10 ** (-LARGEST / Math.max(power, 1));
  }

  /** The argument kept away from 0 on the side where it is. */
  #away(op: Guard['op'], x: Node, power: number): Node {
    const distance = this.#distance(power);
    if (x.range.lo >= 0) return this.#above(op, x, distance);
    if (x.range.hi <= 0 && op !== 'log') return this.#below(op, x, -distance);
    if (op === 'log') {
      this.#record(op, x, `its size, at least ${distance}`);
      return super.apply('max', [super.apply('abs', [x]), this.constant(distance)]);
    }
    this.#record(op, x, `at least ${distance} away from 0, its sign kept`);
    const near = super.apply('lt', [super.apply('abs', [x]), this.constant(distance)]);
    const sign = choose(
      this,
      super.apply('lt', [x, this.constant(0)]),
      this.constant(-distance),
      this.constant(distance),
    );
    return choose(this, near, sign, x);
  }

  #above(op: Guard['op'], x: Node, least: number): Node {
    this.#record(op, x, `at least ${least}`);
    return super.apply('max', [x, this.constant(least)]);
  }

  /** A power of 0 with a positive exponent is 0: only a parameter below 0 keeps the base away. */
  #aboveWhereNegative(x: Node, exponent: Node, least: number): Node {
    this.#record('power', x, `at least ${least} where the exponent is negative`);
    const isNegative = super.apply('lt', [exponent, this.constant(0)]);
    return super.apply('max', [x, choose(this, isNegative, this.constant(least), this.constant(0))]);
  }

  #below(op: Guard['op'], x: Node, most: number): Node {
    this.#record(op, x, `at most ${most}`);
    return super.apply('min', [x, this.constant(most)]);
  }

  #record(op: Guard['op'], argument: Node, kept: string): void {
    this.guards.set(`${op} ${argument.id} ${kept}`, { op, argument, kept });
  }
}
