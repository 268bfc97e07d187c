import { exp } from '../elementary/exponential.js';
import { log, log1p } from '../elementary/logarithm.js';
import { type Bindings, Interpreter, type Values } from '../evaluate/evaluate.js';
import { type Graph, type Node, reachable } from '../graph/graph.js';
import { type AlongOp, isAlong, isReduction, type ReduceOp } from '../operators/axis.js';
import { type ElementwiseOp, isElementwise } from '../operators/elementwise.js';
import { LOWEST_LOG_PROBABILITY, softplus } from '../operators/special.js';
import {
  ANYTHING,
  above,
  add,
  below,
  between,
  exactly,
  type Interval,
  multiply,
  within,
} from './interval.js';
import { INTERVALS } from './operators.js';

/** Bounds along axes, one end after the other. */
export interface Bounds {
  readonly lo: Values;
  readonly hi: Values;
}

/**
 * What the reference interpreter would give if float64 had all digits: bounds of every number, for inputs between two ends. It
 * costs several times as much, and tells what was lost to cancellation and to the ends of the exponent.
 */
export function evaluateBounds(
  graph: Graph,
  roots: readonly Node[],
  ends: { readonly lo: Bindings; readonly hi: Bindings },
): Map<Node, Bounds> {
  const interpreter = new BoundsInterpreter(new Interpreter(graph, ends.lo), new Interpreter(graph, ends.hi));
  const results = new Map<Node, Bounds>();
  for (const node of reachable(roots)) results.set(node, interpreter.node(node));
  return results;
}

class BoundsInterpreter {
  readonly #lows = new Map<Node, Values>();
  readonly #highs = new Map<Node, Values>();

  constructor(
    private readonly low: Interpreter,
    private readonly high: Interpreter,
  ) {}

  node(node: Node): Bounds {
    const bounds = this.#bounds(node);
    this.#lows.set(node, bounds.lo);
    this.#highs.set(node, bounds.hi);
    return bounds;
  }

  #bounds(node: Node): Bounds {
    if (isElementwise(node.op)) return this.#elementwise(node.op, node);
    if (isReduction(node.op)) return this.#reduction(node, REDUCTIONS[node.op]);
    if (isAlong(node.op)) return this.#along(node, ALONG[node.op]);
    if (node.op === 'at' && !this.#isKnown(node.args[1]!)) return this.#unknown(node);
    // What only moves numbers does so with either end.
    return { lo: this.low.node(node, this.#lows), hi: this.high.node(node, this.#highs) };
  }

  /** Whether both ends are the same: positions. */
  #isKnown(node: Node): boolean {
    const { data } = this.#highs.get(node)!;
    return this.#lows.get(node)!.data.every((x, i) => x === data[i]);
  }

  #unknown(node: Node): Bounds {
    return this.#filled(
      node,
      Array.from({ length: this.low.count(node.axes) }, () => ANYTHING),
    );
  }

  #filled({ axes }: Node, entries: readonly Interval[]): Bounds {
    return {
      lo: { axes, data: Float64Array.from(entries, ({ lo }) => lo) },
      hi: { axes, data: Float64Array.from(entries, ({ hi }) => hi) },
    };
  }

  #elementwise(op: ElementwiseOp, node: Node): Bounds {
    const of = INTERVALS[op];
    const args = node.args.map((arg) => ({
      lo: this.#lows.get(arg)!.data,
      hi: this.#highs.get(arg)!.data,
      map: this.low.map(arg.axes, node.axes),
    }));
    const entries = Array.from({ length: this.low.count(node.axes) }, (_, k) =>
      of(
        args.map(({ lo, hi, map }) => ends(lo, hi, map === undefined ? k : map[k]!)),
        node.value,
      ),
    );
    return this.#filled(node, entries);
  }

  /** The entries of each group that a reduction takes together. */
  #groups(node: Node): Interval[][] {
    const [arg] = node.args;
    const lo = this.#lows.get(arg!)!;
    const hi = this.#highs.get(arg!)!;
    const into = this.low.groups(node, lo);
    const groups = Array.from({ length: this.low.count(lo.axes & ~node.axis) }, (): Interval[] => []);
    for (const [k, group] of into.entries()) groups[group]!.push(ends(lo.data, hi.data, k));
    return groups;
  }

  #reduction(node: Node, reduce: (entries: readonly Interval[]) => Interval): Bounds {
    return this.#filled(node, this.#groups(node).map(reduce));
  }

  #along(node: Node, of: (entries: readonly Interval[]) => readonly Interval[]): Bounds {
    const groups = this.#groups(node).map(of);
    const lo = this.#lows.get(node.args[0]!)!;
    const into = this.low.groups(node, lo);
    const taken = groups.map(() => 0);
    return this.#filled(
      node,
      Array.from(into, (group) => groups[group]![taken[group]!++]!),
    );
  }
}

/** The interval at a place; a number that is none may be anything. */
const ends = (lo: Float64Array, hi: Float64Array, k: number): Interval =>
  Number.isNaN(lo[k]!) || Number.isNaN(hi[k]!) ? ANYTHING : { lo: lo[k]!, hi: hi[k]! };

/** Either end of what is picked is picked from the same ends. */
const picked =
  (start: number, pick: (...ends: number[]) => number) =>
  (entries: readonly Interval[]): Interval => ({
    lo: entries.reduce((best, { lo }) => pick(best, lo), start),
    hi: entries.reduce((best, { hi }) => pick(best, hi), start),
  });

/** The bounds of each reduction for bounds of the entries, roundings included. */
const REDUCTIONS: { readonly [K in ReduceOp]: (entries: readonly Interval[]) => Interval } = {
  sum: (entries) => entries.reduce(add, exactly(0)),
  prod: (entries) => entries.reduce(multiply, exactly(1)),
  reduceMax: picked(Number.NEGATIVE_INFINITY, Math.max),
  reduceMin: picked(Number.POSITIVE_INFINITY, Math.min),
  logsumexp: (entries) =>
    between(
      logSumExp(
        entries.map(({ lo }) => lo),
        -1,
      ),
      logSumExp(
        entries.map(({ hi }) => hi),
        1,
      ),
    ),
};

/** The same of the operators that keep their axis. */
const ALONG: { readonly [K in AlongOp]: (entries: readonly Interval[]) => readonly Interval[] } = {
  softmax: (entries) => logSoftmax(entries).map((entry) => INTERVALS.exp([entry], 0)),
  logSoftmax: (entries) =>
    logSoftmax(entries).map((entry) => within(entry, LOWEST_LOG_PROBABILITY, Number.POSITIVE_INFINITY)),
};

/** Units in the last place that exponentials and logarithms take here, beside one for each term of a sum. */
const UNITS = 8;

/** log-sum-exp, and in the direction of `sign` as much as rounding may have changed. */
function logSumExp(xs: readonly number[], sign: 1 | -1): number {
  const top = Math.max(...xs);
  if (!Number.isFinite(top)) return top;
  const at = xs.indexOf(top);
  const sum = top + log1p(xs.reduce((rest, x, i) => (i === at ? rest : rest + exp(x - top)), 0));
  return sum + sign * (xs.length + UNITS) * 2 ** -52 * (1 + Math.abs(top) + Math.abs(sum));
}

/**
 * log_softmax of the entries of a group: -softplus of how far the others lead, which rises with its own entry and falls with the
 * others, and keeps its digits where one entry is nearly all.
 */
function logSoftmax(entries: readonly Interval[]): Interval[] {
  const count = entries.length;
  const leads = (of: (entry: Interval) => number): { readonly top: number; readonly sums: Float64Array } => {
    const top = Math.max(...entries.map(of));
    // Sums before and after each entry: taking an entry out of the whole sum would cancel.
    const sums = new Float64Array(count);
    let [before, behind] = [0, 0];
    for (let k = 0; k < count; k++) {
      sums[k] = before;
      before += exp(of(entries[k]!) - top);
    }
    for (let k = count - 1; k >= 0; k--) {
      sums[k] = sums[k]! + behind;
      behind += exp(of(entries[k]!) - top);
    }
    return { top, sums };
  };
  const others = { lo: leads(({ lo }) => lo), hi: leads(({ hi }) => hi) };
  const lead = (own: number, { top, sums }: typeof others.lo, k: number): number =>
    log(sums[k]!) + (top - own);
  const units = count + UNITS;
  return entries.map(({ lo, hi }, k): Interval => {
    const [most, least] = [lead(lo, others.hi, k), lead(hi, others.lo, k)];
    if (Number.isNaN(most) || Number.isNaN(least)) return ANYTHING;
    return {
      lo: -above(softplus(offBy(most, lo, others.hi.top, units)), units),
      hi: -Math.max(0, below(softplus(offBy(least, hi, others.lo.top, -units)), units)),
    };
  });
}

/** A lead of the others, and what rounding of the logits' differences may add to it. */
function offBy(lead: number, own: number, top: number, units: number): number {
  if (!Number.isFinite(lead)) return lead;
  return lead + units * 2 ** -52 * (1 + Math.abs(lead) + Math.abs(own) + Math.abs(top));
}
