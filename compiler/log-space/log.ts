import type { Algebra } from '../algebra/algebra.js';
import { log } from '../elementary/logarithm.js';
import type { Node } from '../graph/graph.js';
import { type Builder, choose, subtract } from '../graph/raw.js';

/**
 * The logarithm of the magnitude of a value. An exact 0 has the logarithm `NEVER`: a number, not minus infinity, so that no weight of
 * a sum of exponentials becomes infinity minus infinity.
 */
export interface Log {
  readonly node: Node;
  /** Whether the value may be an exact 0 whose logarithm is `NEVER`. */
  readonly maybeNever: boolean;
  /**
   * The value as a factor times an exponential, where parameters may make the factor an exact 0: it has a slope there, of which no
   * logarithm knows.
   */
  readonly scaled?: Scaled;
}

export interface Scaled {
  readonly factor: Node;
  /** The logarithm of what it is multiplied by. */
  readonly rest: Node;
}

/** What the rows of the tables ask of the arithmetic as a whole. */
export interface LogArithmetic {
  readonly b: Algebra;
  /** log |x|. */
  readonly logOf: (x: Node) => Log;
  /** log(1 - x) for x within [0, 1]; undefined where nothing is better than what the plain form gives. */
  readonly complementOf: (x: Node) => Log | undefined;
  /** log(-log(p)) for p within [0, 1]. */
  readonly minusLogOf: (p: Node) => Log;
  readonly complementOrPlain: (x: Node) => Log;
  /** Whether a value is known to lie within [0, 1]: by its bounds, or since it has a complement. */
  readonly isUnit: (x: Node) => boolean;
  readonly isNonnegative: (x: Node) => boolean;
  /** Whether a prediction takes part. */
  readonly varies: (x: Node) => boolean;
  /** A logarithm that stays as it is: there is no structure below it, or what float32 does not hold does not come to it. */
  readonly settle: (op: 'log' | 'log1p' | 'log1mexp', x: Node) => Node;
  readonly isSettled: (node: Node) => boolean;
  /**
   * A logarithm of x, whose size is given. Where no prediction takes part, as in a label that may be 0 or in what is nothing but 0, the
   * logarithm of 0 is exact.
   */
  readonly knowingZero: (x: Node, size: Node, log: Node) => Log;
}

/** The logarithm of 0, in sums of exponentials. */
export const NEVER = -1e30;
/** Below this a logarithm is that of 0, whatever it was multiplied with on the way. */
const SURELY_NEVER = -1e24;
/** What a guarded logarithm of 0 is: that of the least distance of a guard. */
const LOG_OF_NOTHING = log(1e-36);

export const isUnit = ({ range }: Node): boolean => range.lo >= 0 && range.hi <= 1;

export const never = (b: Builder): Log => ({ node: b.constant(NEVER), maybeNever: true });
export const certain = (node: Node): Log => ({ node, maybeNever: false });

/** A logarithm that a loss can be made of: where the value is an exact 0, what the guard of a logarithm gives there. */
export function finite(b: Builder, { node, maybeNever }: Log): Node {
  if (!maybeNever) return node;
  return choose(b, b.apply('lt', [node, b.constant(SURELY_NEVER)]), b.constant(LOG_OF_NOTHING), node);
}

/** The logarithm of a product from those of its factors. */
export function product(b: Builder, factors: readonly Log[]): Log {
  return {
    node: b.add(factors.map(({ node }) => node)),
    maybeNever: factors.some(({ maybeNever }) => maybeNever),
    ...scaledFrom(b, factors, (parts) => ({
      factor: b.mul(parts.map(({ factor }) => factor)),
      rest: b.add(parts.map(({ rest }) => rest)),
    })),
  };
}

/** The logarithm of a choice. */
export const either = (b: Builder, condition: Node, yes: Log, no: Log): Log => ({
  node: choose(b, condition, yes.node, no.node),
  maybeNever: yes.maybeNever || no.maybeNever,
  ...scaledFrom(b, [yes, no], ([first, second]) => ({
    factor: choose(b, condition, first!.factor, second!.factor),
    rest: choose(b, condition, first!.rest, second!.rest),
  })),
});

/** The factor and the rest of what is made of others, if any of these has them. */
export function scaledFrom(
  b: Builder,
  logs: readonly Log[],
  made: (parts: readonly Scaled[]) => Scaled,
): { readonly scaled?: Scaled } {
  if (logs.every(({ scaled }) => scaled === undefined)) return {};
  return { scaled: made(logs.map(({ scaled, node }) => scaled ?? { factor: b.constant(1), rest: node })) };
}

/** A constant up to this size in front of softplus costs no digits. */
const MOST_IN_FRONT = 5;

/** log(exp(x) + exp(y) + …). */
export function sumOfExponentials(b: Builder, terms: readonly Log[]): Log {
  return terms.reduce((x, y) => sumOfTwo(b, x, y));
}

function sumOfTwo(b: Builder, x: Log, y: Log): Log {
  const [first, second] = y.node.op === 'const' ? [y, x] : [x, y];
  if (isNever(first)) return second;
  if (isNever(second)) return first;
  const isPlain = x.scaled === undefined && y.scaled === undefined;
  if (isPlain && first.node.op === 'const' && Math.abs(first.node.value) <= MOST_IN_FRONT) {
    const difference = b.add([second.node, b.constant(-first.node.value)]);
    return certain(b.add([first.node, b.apply('softplus', [difference])]));
  }
  // The larger one stays in front, so that no digits cancel.
  const onto = ({ node: large }: Log, { node: small, scaled }: Log): Node => {
    if (scaled === undefined) return b.add([large, b.apply('softplus', [subtract(b, small, large)])]);
    const share = b.mul([scaled.factor, b.apply('exp', [subtract(b, scaled.rest, large)])]);
    return b.add([large, b.apply('log1p', [share])]);
  };
  return {
    node: choose(b, b.apply('lt', [x.node, y.node]), onto(y, x), onto(x, y)),
    maybeNever: x.maybeNever && y.maybeNever,
  };
}

const isNever = ({ node }: Log): boolean => node.op === 'const' && node.value <= SURELY_NEVER;
