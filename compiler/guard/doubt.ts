import type { Graph, Node } from '../graph/graph.js';
import { rangeOf } from '../graph/node-range.js';
import { isAxisOp } from '../operators/axis.js';
import type { Range } from '../operators/range.js';
import type { Change, Guard, Interval } from './bounds.js';
import { conditionValue, feels, isUndefined } from './settled.js';

/**
 * Which nodes may be another number with a guard than without it, for arguments that it changes. Each node has a shadow with the
 * bounds that hold there: a node in no graph.
 */
export class Doubt {
  /** Bounds while the argument is among those that are changed, and for any argument. */
  readonly #there = new Map<Node, Node>();
  readonly #anywhere = new Map<Node, Node>();
  readonly #doubtful = new Set<Node>();
  /** Of those, what may be no number at all without the guard: nothing but a choice hides that. */
  readonly #undefined = new Set<Node>();
  /** The argument, and what it follows from, where the guard changes it. */
  readonly #changed: ReadonlyMap<Node, Interval>;

  constructor(
    private readonly graph: Graph,
    private readonly guard: Guard,
    private readonly change: Change,
    /** Guards that are left out, by what stands in the argument's place. */
    private readonly leftOut: ReadonlyMap<Node, Node>,
  ) {
    this.#changed = inputsOf(guard.argument, change.from);
  }

  /** `order`: arguments before users. */
  below(order: readonly Node[]): ReadonlySet<Node> {
    for (const node of order) this.#look(node);
    return this.#doubtful;
  }

  #look(node: Node): void {
    const { guarded } = this.guard;
    const { from, into } = this.change;
    const left = this.leftOut.get(node);
    if (node === guarded) {
      this.#there.set(node, bounded(node, hull(from, into)));
      this.#doubtful.add(node);
      return;
    }
    if (left !== undefined) this.#standFor(node, left);
    else this.#work(node);
    const changed = this.#changed.get(node);
    if (changed !== undefined) this.#there.set(node, bounded(node, changed));
  }

  /** One node is what another one is. */
  #standFor(node: Node, other: Node): void {
    this.#there.set(node, this.#there.get(other) ?? other);
    this.#anywhere.set(node, this.#anywhere.get(other) ?? other);
    this.#doubtAs(node, other);
  }

  #doubtAs(node: Node, other: Node): void {
    if (this.#doubtful.has(other)) this.#doubtful.add(node);
    if (this.#undefined.has(other)) this.#undefined.add(node);
  }

  #work(node: Node): void {
    if (!node.args.some((arg) => this.#there.has(arg))) return;
    const anywhere = node.args.map((arg) => this.#anywhere.get(arg) ?? arg);
    this.#anywhere.set(node, { ...node, args: anywhere, range: this.#rangeOf(node, anywhere) });
    // Along an axis of the argument some entries may be changed and others not.
    const mixes = isAxisOp(node.op) && (node.axis & this.guard.argument.axes) !== 0;
    const args = node.args.map((arg, i) => {
      const there = this.#there.get(arg) ?? arg;
      return mixes ? bounded(there, hull(there.range, anywhere[i]!.range)) : there;
    });
    const isChoice = node.op === 'select' && !this.#undefined.has(node.args[0]!);
    const chosen = isChoice ? chosenOf(args[0]!.range) : undefined;
    if (chosen !== undefined) {
      this.#there.set(node, args[chosen]!);
      this.#doubtAs(node, node.args[chosen]!);
      return;
    }
    const range = this.#rangeOf(node, args);
    this.#there.set(node, { ...node, args, range });
    const given = args.map((arg, i) => ({ range: arg.range, doubtful: this.#doubtful.has(node.args[i]!) }));
    if (node.args.some((arg) => this.#undefined.has(arg)) || isUndefined(node, given)) {
      this.#undefined.add(node);
      this.#doubtful.add(node);
    } else if (feels(node.op, given, range)) this.#doubtful.add(node);
  }

  #rangeOf({ op, axis, value, range }: Node, args: readonly Node[]): Range {
    const settled = conditionValue(
      op,
      args.map((arg) => arg.range),
    );
    if (settled !== undefined) return { ...range, lo: settled, hi: settled };
    return rangeOf(op, args, axis, { value }, this.graph.axes);
  }
}

/** A value, and what it is a sum or a product of with constants, within bounds: 1 - p is below 1e-36 where p is 1. */
function inputsOf(argument: Node, bounds: Interval): ReadonlyMap<Node, Interval> {
  const found = new Map<Node, Interval>();
  let [node, { lo, hi }]: [Node | undefined, Interval] = [argument, bounds];
  while (node !== undefined) {
    const { range } = node;
    [lo, hi] = [Math.max(lo, range.lo), Math.min(hi, range.hi)];
    // By rounding there may be nothing left.
    if (!(lo <= hi)) break;
    found.set(node, { lo, hi });
    const [inner, constant]: readonly Node[] = node.args.toSorted(
      (a, b) => Number(a.op === 'const') - Number(b.op === 'const'),
    );
    const isPlain = (node.op === 'add' || node.op === 'mul') && node.args.length === 2;
    if (!isPlain || constant!.op !== 'const' || inner!.op === 'const') break;
    const c = constant!.value;
    if (node.op === 'add') [lo, hi] = [lo - c, hi - c];
    else if (c === 0) break;
    else [lo, hi] = c > 0 ? [lo / c, hi / c] : [hi / c, lo / c];
    node = inner;
  }
  return found;
}

/** Which argument a choice with such a condition takes, where bounds tell. */
function chosenOf({ lo, hi }: Range): 1 | 2 | undefined {
  if (lo > 0 || hi < 0) return 1;
  return lo === 0 && hi === 0 ? 2 : undefined;
}

const hull = (a: Interval, b: Interval): Interval => ({
  lo: Math.min(a.lo, b.lo),
  hi: Math.max(a.hi, b.hi),
});

const bounded = (node: Node, { lo, hi }: Interval): Node => ({
  ...node,
  range: { ...node.range, lo, hi, nonzero: node.range.nonzero || lo > 0 || hi < 0 },
});
