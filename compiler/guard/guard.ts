import { pow } from '../elementary/power.js';
import type { AxisSet } from '../graph/axes.js';
import { type Graph, type Node, reachable } from '../graph/graph.js';
import { factorsOf } from '../graph/node-range.js';
import { choose, negate, RawBuilder, reciprocal } from '../graph/raw.js';
import { rebuild } from '../graph/rebuild.js';
import type { ReduceOp } from '../operators/axis.js';
import { type Domain, EVERYWHERE, hasPole, isInside, NEAREST } from '../operators/domain.js';
import { domainsOf, type ElementwiseOp } from '../operators/elementwise.js';
import type { Op } from '../operators/order.js';
import { isNonnegative, isPositive } from '../operators/range.js';
import { operatorsThat } from '../operators/traits.js';
import type { Bound, Guard } from './bounds.js';
import { isNumber, staysAway } from './underflow.js';

/**
 * What is done where a legal input can leave the domain of an operator.
 * `protected`: the argument is kept as far from the edge as float32 needs for value and gradient to stay finite.
 * `clamp`: kept 1e-7 away, the epsilon of Keras. `none`: nothing.
 * Guards are put in after differentiation, so none of them turns a gradient to zero.
 */
export type GuardPolicy = 'protected' | 'clamp' | 'none';

/** Epsilon of `tf.keras.backend.epsilon()`. */
const KERAS_EPSILON = 1e-7;
/** No guarded quotient is larger than the inverse of `NEAREST`. */
const LARGEST = 1e36;
/** Powers are divided by in at most so many steps. */
const MOST_STEPS = 4;

/** Puts guards below the roots and says where. `turned` are sums that a loss divides by with their sign turned around. */
export function guard(
  graph: Graph,
  roots: readonly Node[],
  policy: GuardPolicy,
  turned: ReadonlySet<Node> = new Set(),
): { roots: readonly Node[]; guards: readonly Guard[] } {
  if (policy === 'none') return { roots, guards: [] };
  const builder = new GuardingBuilder(graph, policy, turned);
  const guarded = rebuild(builder, roots).map((root) => builder.infinity(root) ?? root);
  // A divisor of a product gets other guards there than alone.
  const needed = new Set(reachable(guarded));
  return { roots: guarded, guards: builder.guards.filter((entry) => needed.has(entry.guarded)) };
}

/** What an infinity is told apart from numbers by. */
const CHOOSING = new Set<Op>([...operatorsThat('picks'), ...operatorsThat('compares')]);

class GuardingBuilder extends RawBuilder {
  readonly #guards = new Map<string, Guard>();
  /** Guarded powers that divide, by what was made of them. */
  readonly #divisors = new Map<Node, { readonly base: Node; readonly exponent: Node }>();
  /** Makes what a guard consists of, without guarding it. */
  readonly #raw: RawBuilder;
  readonly #turned = new Set<Node>();

  constructor(
    graph: Graph,
    private readonly policy: 'protected' | 'clamp',
    turned: ReadonlySet<Node>,
  ) {
    super(graph);
    this.#raw = new RawBuilder(graph);
    for (const node of turned) this.#turned.add(rebuild(this, [node])[0]!);
  }

  get guards(): readonly Guard[] {
    return [...this.#guards.values()];
  }

  override apply(op: ElementwiseOp, args: readonly Node[], order = 0): Node {
    if (CHOOSING.has(op))
      return super.apply(
        op,
        args.map((arg) => this.infinity(arg) ?? arg),
        order,
      );
    const ranges = args.map(({ range }) => range);
    const domains = domainsOf(op, ranges, order);
    if (domains.length === 0) return super.apply(op, args, order);
    const inside = args.map((arg, i) => this.#inside(op, domains[i] ?? EVERYWHERE, arg));
    return super.apply(op, inside, order);
  }

  /** What stands for an argument that may leave the domain. */
  #inside(op: ElementwiseOp, domain: Domain, x: Node): Node {
    const { least, most, overflow, overflowBelow, outside } = domain;
    const guard = { op: 'function', of: { op, domain } } as const;
    if (overflow !== undefined || overflowBelow !== undefined) {
      const { lo, hi } = x.range;
      const short = overflow !== undefined && hi > overflow ? this.#most(guard, x, overflow) : x;
      return overflowBelow !== undefined && lo < overflowBelow
        ? this.#least(guard, short, overflowBelow)
        : short;
    }
    if (isSafe(domain, x)) return x;
    if (outside === 'size' && x.range.lo < 0) {
      const distance = this.#distance(domain.pole ?? 1);
      const size = this.#raw.apply('max', [this.#raw.apply('abs', [x]), this.constant(distance)]);
      return this.#keep({ ...guard, argument: x, guarded: size, bound: 'size', distance });
    }
    const above = least === undefined ? x : this.#least(guard, x, this.#bound(domain, least, 1));
    return most === undefined ? above : this.#most(guard, above, this.#bound(domain, most, -1));
  }

  /** A bound of a domain, or the nearest number on its inner side that is far enough from it. */
  #bound(domain: Domain, bound: number, side: 1 | -1): number {
    if (!hasPole(domain)) return bound;
    // Float32 has no number between this one and the bound.
    return bound + side * (bound === 0 ? this.#distance(domain.pole ?? 1) : Math.abs(bound) * 2 ** -24);
  }

  override pow(base: Node, exponent: Node): Node {
    // A root is taken of 0 in place of what is negative, however far from 0 that is.
    const isRooted = !exponent.range.integer && !isNonnegative(base.range);
    const divides = exponent.range.lo < 0 && (isRooted || !(base.range.nonzero && staysAway(base)));
    if (divides) {
      const power = super.pow(this.#divisor(base, exponent), exponent);
      this.#divisors.set(power, { base, exponent });
      return power;
    }
    if (exponent.range.integer || isNonnegative(base.range)) return super.pow(base, exponent);
    return super.pow(this.#least({ op: 'root' }, base, 0), exponent);
  }

  /** The reduction over nothing is infinite, and so is every sum that it is a term of; a guard would make it a number. */
  override add(terms: readonly Node[]): Node {
    return super.add(terms.map((term) => this.infinity(term) ?? term));
  }

  /** The infinity that a guarded 1 / 0, or a number times it, was before: as a factor it is a power of 0. */
  infinity(node: Node): Node | undefined {
    const factors = factorsOf(node);
    const isInfinite = (factor: Node): boolean => {
      const divisor = this.#divisors.get(factor);
      // 0^x is infinite only where x is negative.
      return divisor?.base.op === 'const' && divisor.base.value === 0 && divisor.exponent.range.hi < 0;
    };
    if (!factors.some(isInfinite)) return undefined;
    const others = factors.filter((factor) => !isInfinite(factor));
    const signs = others.map(({ axes, range }) =>
      axes !== 0 ? 0 : isPositive(range) ? 1 : range.hi < 0 ? -1 : 0,
    );
    if (signs.includes(0)) return undefined;
    const sign = signs.reduce<number>((product, next) => product * next, 1);
    return this.constant({ value: sign * Infinity, exact: undefined });
  }

  /**
   * What one guarded divisor gives is at most 1e36, but a square of it, or two together, may leave float32, and keeping each further
   * from 0 would change quotients whose numerators are small too. So it is divided step by step, and the quotient is bounded.
   */
  override mul(factors: readonly Node[]): Node {
    const divisors = factors.filter((factor) => this.#divisors.has(factor));
    const others = factors.filter((factor) => !this.#divisors.has(factor));
    const power = divisors.reduce((sum, divisor) => sum - this.#divisors.get(divisor)!.exponent.range.lo, 0);
    const alone = divisors.length === 1 && others.every((other) => other.op === 'const' && !isSmall(other));
    if (this.policy === 'clamp' || power <= 1 || alone) return super.mul(factors);
    // What has further axes stays outside, where a sum along them may be a matrix product, and so do parameters and sizes.
    const axes = divisors.reduce((mask, divisor) => mask | divisor.axes, 0);
    const [above, outside]: [Node[], Node[]] = [[], []];
    for (const other of others) {
      if ((other.axes & ~axes) !== 0 || (other.op !== 'const' && isNumber(other))) outside.push(other);
      else if (other.op !== 'const' || other.value > 0) above.push(other);
      else {
        outside.unshift(this.constant(-1));
        if (other.value !== -1) above.push(this.constant(-other.value));
      }
    }
    const steps = divisors.flatMap((divisor) => this.#steps(divisor));
    const top = above.length === 0 ? steps.shift()! : super.mul(above);
    const quotient = steps.reduce((left, step) => super.mul([left, step]), top);
    return super.mul([...outside, this.#within(quotient)]);
  }

  /** As many guarded quotients as an axis has positions leave float32 together, as a few factors do. */
  override reduce(op: ReduceOp, value: Node, axes: AxisSet): Node {
    const reduced = super.reduce(op, value, axes);
    const isQuotient = op === 'prod' && reachable([value]).some((node) => this.#divisors.has(node));
    return this.policy !== 'clamp' && isQuotient ? this.#within(reduced) : reduced;
  }

  /** A guarded power as factors of which none is larger than 1e36. */
  #steps(divisor: Node): Node[] {
    const { base, exponent } = this.#divisors.get(divisor)!;
    if (exponent.range.lo >= -1) return [divisor];
    if (exponent.op !== 'const') {
      // Half of a whole exponent is none, and a negative base needs one.
      if (exponent.range.integer && !isNonnegative(base.range)) return [divisor];
      const half = this.pow(base, this.#raw.mul([this.constant(0.5), exponent]));
      return [half, half];
    }
    const power = -exponent.value;
    const count = Math.min(Math.ceil(power), MOST_STEPS);
    const whole = Math.floor(power);
    const steps = Array.from({ length: count }, (_, i) => Math.floor((whole + i) / count));
    if (power > whole) steps[0] = steps[0]! + power - whole;
    return steps.map((step) => this.pow(base, this.constant(-step)));
  }

  /** The base of a power that may be negative while the base is 0. */
  #divisor(base: Node, exponent: Node): Node {
    const raw = this.#raw;
    const isConstant = exponent.op === 'const';
    const op = isConstant ? 'divide' : 'power';
    if (isConstant && !(exponent.range.integer && base.range.lo < 0))
      return this.#least({ op }, base, this.#distance(-exponent.value));
    if (isConstant && base.range.hi <= 0) return this.#most({ op }, base, -this.#distance(-exponent.value));
    const distance = isConstant ? this.constant(this.#distance(-exponent.value)) : this.#variable(exponent);
    const keep = (guarded: Node, bound: Bound): Node =>
      isConstant
        ? this.#keep({ op, argument: base, guarded, bound, distance: distance.value })
        : this.#keep({ op, argument: base, guarded, bound, distance: this.#distance(1), exponent });
    if (!exponent.range.integer || isNonnegative(base.range))
      return keep(raw.apply('max', [base, distance]), 'least');
    const near = raw.apply('lt', [raw.apply('abs', [base]), distance]);
    const [zero, other] = [
      this.constant(0),
      isConstant ? this.constant(-distance.value) : negate(raw, distance),
    ];
    // 0 counts as positive in what was written.
    const side = this.#turned.has(base)
      ? choose(raw, raw.apply('lt', [zero, base]), distance, other)
      : choose(raw, raw.apply('lt', [base, zero]), other, distance);
    return keep(choose(raw, near, side, base), 'away');
  }

  /** How near to 0 a base may come, worked out from the exponent that there is: 0 where it is not negative. */
  #variable(exponent: Node): Node {
    const raw = this.#raw;
    const power = raw.apply('max', [negate(raw, exponent), this.constant(1)]);
    const nearest =
      this.policy === 'clamp' || exponent.range.lo >= -1
        ? this.constant(this.#distance(1))
        : raw.pow(this.constant(NEAREST), reciprocal(raw, power));
    if (exponent.range.hi < 0) return nearest;
    return choose(raw, raw.apply('lt', [exponent, this.constant(0)]), nearest, this.constant(0));
  }

  /** How near to 0 an argument may come when it is divided by, `power` times over. */
  #distance(power: number): number {
    return this.policy === 'clamp' ? KERAS_EPSILON : this.#nearest(power);
  }

  /** Rounded, for the last digit of a power differs between versions of an engine. */
  #nearest(power: number): number {
    return Number(pow(NEAREST, 1 / Math.max(power, 1)).toPrecision(12));
  }

  #least(guard: Guarding, argument: Node, distance: number): Node {
    const guarded = this.#raw.apply('max', [argument, this.constant(distance)]);
    return this.#keep({ ...guard, argument, guarded, bound: 'least', distance });
  }

  #most(guard: Guarding, argument: Node, distance: number): Node {
    const guarded = this.#raw.apply('min', [argument, this.constant(distance)]);
    return this.#keep({ ...guard, argument, guarded, bound: 'most', distance });
  }

  #within(argument: Node): Node {
    const { lo, hi } = argument.range;
    const above = lo >= 0 ? argument : this.#raw.apply('max', [argument, this.constant(-LARGEST)]);
    const guarded = hi <= 0 ? above : this.#raw.apply('min', [above, this.constant(LARGEST)]);
    return this.#keep({ op: 'quotient', argument, guarded, bound: 'within', distance: LARGEST });
  }

  #keep(entry: Guard): Node {
    // Bounds may settle what a value is: nothing is put in its place then.
    if (entry.guarded !== entry.argument)
      this.#guards.set(`${entry.of?.op ?? entry.op} ${entry.argument.id} ${entry.guarded.id}`, entry);
    return entry.guarded;
  }
}

/** Whether an argument cannot leave a domain, nor come so near to a pole that float32 takes it for one. */
function isSafe(domain: Domain, x: Node): boolean {
  const { least, most } = domain;
  if (!hasPole(domain)) return isInside(domain, x.range);
  return isInside(domain, x.range, true) && ((least !== 0 && most !== 0) || staysAway(x));
}

type Guarding = Pick<Guard, 'op' | 'of'>;

const isSmall = ({ value }: Node): boolean => Math.abs(value) < 1;
