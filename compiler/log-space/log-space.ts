import type { Algebra } from '../algebra/algebra.js';
import { splitCoefficient } from '../algebra/coefficient.js';
import { type Node, reachable } from '../graph/graph.js';
import { choose, subtract } from '../graph/raw.js';
import { isCondition } from '../operators/elementwise.js';
import { isNonnegative } from '../operators/range.js';
import { operatorsThat } from '../operators/traits.js';
import { COMPLEMENTS } from './complements.js';
import { certain, isUnit, type Log, type LogArithmetic, NEVER } from './log.js';
import { LOGS } from './logs.js';
import { logOfMinusLog } from './products.js';

/** Deeper structure is left as it is. */
const MOST_DEPTH = 60;

const INCREASING = operatorsThat('increases');

/**
 * Logarithms of values worked out from their structure: a product is a sum, a sum is a log of a sum of exponentials, `1 - p` has the
 * logarithm that `p` has a complement. What has no structure is given as the plain logarithm.
 */
export class LogSpace implements LogArithmetic {
  readonly #logs = new Map<Node, Log>();
  readonly #minusLogs = new Map<Node, Log>();
  readonly #complements = new Map<Node, Log | undefined>();
  readonly #varying = new Map<Node, boolean>();
  readonly #settled = new Set<Node>();
  #depth = 0;

  constructor(readonly b: Algebra) {}

  readonly isSettled = (node: Node): boolean => this.#settled.has(node);

  /** What became of a settled complement since something below it has another form is settled, too; a plain logarithm may show more then. */
  readonly keepSettled = (node: Node, same: Node): void => {
    if (node.op !== 'log' && same.op === node.op && this.#settled.has(node)) this.#settled.add(same);
  };

  readonly settle = (op: 'log' | 'log1p' | 'log1mexp', x: Node): Node => {
    const node = this.b.apply(op, [x]);
    this.#settled.add(node);
    return node;
  };

  /** A sum that is to stay the sum that it is; what is below it may still change. */
  readonly asItStands = (sum: Node): Node => {
    this.#settled.add(sum);
    return sum;
  };

  readonly logOf = (x: Node): Log => {
    const known = this.#logs.get(x);
    if (known !== undefined) return known;
    const log = this.#deeper(() => LOGS[x.op]?.(this, x)) ?? this.#plain(x);
    this.#logs.set(x, log);
    return log;
  };

  readonly complementOf = (x: Node): Log | undefined => {
    if (this.#complements.has(x)) return this.#complements.get(x);
    // What asks for itself on the way has none.
    this.#complements.set(x, undefined);
    const found = this.#deeper(() => COMPLEMENTS[x.op]?.(this, x));
    this.#complements.set(x, found);
    return found;
  };

  readonly minusLogOf = (p: Node): Log => {
    const known = this.#minusLogs.get(p);
    if (known !== undefined) return known;
    const log = logOfMinusLog(this, p);
    this.#minusLogs.set(p, log);
    return log;
  };

  readonly complementOrPlain = (x: Node): Log =>
    this.complementOf(x) ?? this.logOf(subtract(this.b, this.b.constant(1), x));

  readonly isUnit = (x: Node): boolean => isUnit(x) || this.complementOf(x) !== undefined;

  /** By its bounds, as 1 - p, or as sigmoid(x + 1) - sigmoid(x). */
  readonly isNonnegative = (x: Node): boolean => {
    if (isNonnegative(x.range)) return true;
    if (x.op === 'mul') return x.args.every(this.isNonnegative);
    if (x.op === 'pow') return this.isNonnegative(x.args[0]!);
    if (x.op !== 'add') return false;
    const p = subtract(this.b, this.b.constant(1), x);
    if (p.op !== 'add' && this.complementOf(p) !== undefined) return true;
    return this.#isIncrease(x);
  };

  #isIncrease(x: Node): boolean {
    if (x.args.length !== 2) return false;
    const parts = x.args.map((term) => splitCoefficient(this.b, term));
    const [plus, minus] = parts[0]!.coefficient.value > 0 ? parts : parts.toReversed();
    if (plus!.coefficient.value !== -minus!.coefficient.value) return false;
    const [high, low] = [plus!.rest, minus!.rest];
    if (high === undefined || low === undefined || high.op !== low.op || !INCREASING.has(high.op))
      return false;
    return isNonnegative(subtract(this.b, high.args[0]!, low.args[0]!).range);
  }

  readonly varies = (node: Node): boolean => {
    const known = this.#varying.get(node);
    if (known !== undefined) return known;
    // A condition has no slope, whatever it compares.
    const parts = isCondition(node.op) ? [] : node.op === 'select' ? node.args.slice(1) : node.args;
    const varies = node.op === 'input' ? !node.leaf!.data : parts.some(this.varies);
    this.#varying.set(node, varies);
    return varies;
  };

  /** The plain logarithm. */
  #plain(x: Node): Log {
    const size = isNonnegative(x.range) ? x : this.b.apply('abs', [x]);
    return this.knowingZero(x, size, this.settle('log', size));
  }

  readonly knowingZero = (x: Node, size: Node, log: Node): Log => {
    const { b } = this;
    const isOnlyZero = x.range.lo === 0 && x.range.hi === 0;
    if (x.range.nonzero || (this.varies(x) && !isOnlyZero)) return certain(log);
    // What is not a number is not 0.
    const isZero = b.apply('eq', [size, b.constant(0)]);
    const scaled = { factor: size, rest: b.constant(0) };
    const node = choose(b, isZero, b.constant(NEVER), log);
    this.#settled.add(node);
    return {
      node,
      maybeNever: true,
      ...(hasParameter(x) && !isOnlyZero ? { scaled } : {}),
    };
  };

  #deeper<T>(work: () => T | undefined): T | undefined {
    if (this.#depth >= MOST_DEPTH) return undefined;
    this.#depth++;
    try {
      return work();
    } finally {
      this.#depth--;
    }
  }
}

const hasParameter = (node: Node): boolean => reachable([node]).some(({ op }) => op === 'parameter');
