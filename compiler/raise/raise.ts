import type { BinaryOp, Body, Expr, Let } from '../../grammar/tree/ast.js';
import { binary, call, ifExpr, minus, name, not, num } from '../../grammar/tree/build.js';
import { axisIndex, axisIndices } from '../graph/axes.js';
import { type Graph, MAX_WEIGHT, type Node, reachable } from '../graph/graph.js';
import { without } from '../graph/without.js';
import { isAlong, isReduction, type ReduceOp, reduction } from '../operators/axis.js';
import { type ConditionOp, isCondition } from '../operators/elementwise.js';
import { type FunctionName, nameOf } from '../resolve/functions.js';
import { type Coefficient, literalNumber, negate, numeral, splitNumber, type TakenNames } from './number.js';

/** How `raise` writes a node. */
export interface RaiseOptions {
  /** Names for values that are used more than once; without it they are written out each time. */
  readonly lets?: boolean;
  /** Names of the writer's own, for values that are used once, too. */
  readonly names?: ReadonlyMap<Node, string>;
}

/** Comparisons, and what they are with their sides changed. */
const COMPARISONS: {
  readonly [K in Exclude<ConditionOp, 'and' | 'or' | 'not'>]: {
    readonly sign: BinaryOp;
    readonly flipped: BinaryOp;
  };
} = {
  lt: { sign: '<', flipped: '>' },
  le: { sign: '<=', flipped: '>=' },
  eq: { sign: '==', flipped: '==' },
};

/** What is used more than once and is longer than this, in names, numbers and operators, gets a name of its own. */
const LONGEST_REPEATED = 3;

/** How much is written for a node, where `saved` is what names spare below it; a number that is written as a fraction takes three. */
function printedSize(node: Node, saved: number, taken: TakenNames): number {
  const fractions = node.args.filter((arg) => arg.op === 'const' && splitNumber(arg, taken).below !== 1);
  return node.weight - saved + 2 * fractions.length;
}

/** A graph as an expression of the language, the way a person would write it: differences, quotients, roots, means. */
export function raise(graph: Graph, root: Node, options: RaiseOptions = {}): Body {
  const order = reachable([root]);
  const uses = new Map<Node, number>();
  for (const node of order) for (const arg of node.args) uses.set(arg, (uses.get(arg) ?? 0) + 1);
  const taken = new Set(order.flatMap((node) => node.leaf?.name ?? []));
  for (const axis of graph.axes.all) taken.add(axis.name);
  const raiser = new Raiser(graph, taken);
  const continuing = new Set(order.flatMap((node) => (isChain(node, uses) ? [node.args[2]!] : [])));
  const lets: Let[] = [];
  /** By how much what is written for a node is shorter, since the writer's names stand for parts of it. */
  const saved = new Map<Node, number>();
  for (const node of order) {
    const spared = node.args.reduce((total, arg) => total + (saved.get(arg) ?? 0), 0);
    // Beyond the largest weight nobody knows how long it is.
    saved.set(node, node.weight < MAX_WEIGHT ? spared : 0);
    if (continuing.has(node)) continue;
    const expr = raiser.make(node);
    const own = options.names?.get(node);
    const isNamed = own !== undefined && !taken.has(own) && node.args.length > 0;
    const isRepeated = printedSize(node, saved.get(node)!, taken) > LONGEST_REPEATED && uses.get(node)! > 1;
    const bound = options.lets === true && node !== root && (isNamed || isRepeated) && !isCondition(node.op);
    if (bound) {
      const given = isNamed ? own : unusedName(lets.length + 1, taken);
      taken.add(given);
      if (isNamed) saved.set(node, node.weight - 1);
      lets.push({ name: { name: given }, value: expr });
      raiser.put(node, name(given), true);
    } else raiser.put(node, expr, false);
  }
  return { lets, result: raiser.get(root) };
}

function unusedName(first: number, taken: TakenNames): string {
  let i = first;
  while (taken.has(`v${i}`)) i++;
  return `v${i}`;
}

/** Whether the `else` of a choice is another one that nothing else uses: both are branches of one `if`, written with the first. */
function isChain({ op, args }: Node, uses: ReadonlyMap<Node, number>): boolean {
  return op === 'select' && args[2]!.op === 'select' && uses.get(args[2]!) === 1;
}

class Raiser {
  readonly #made = new Map<Node, Expr>();
  /** Nodes that have a name: not to be taken apart again. */
  readonly #named = new Set<Node>();

  constructor(
    private readonly graph: Graph,
    private readonly taken: TakenNames,
  ) {}

  put(node: Node, expr: Expr, named: boolean): void {
    this.#made.set(node, expr);
    if (named) this.#named.add(node);
  }

  get(node: Node): Expr {
    return this.#made.get(node) ?? this.make(node);
  }

  #axis(mask: number): Expr {
    return name(this.graph.axes.get(axisIndex(mask)).name.replace(/[^A-Za-z0-9_]/g, '_'));
  }

  #axes(mask: number): Expr[] {
    return axisIndices(mask).map((index) => this.#axis(1 << index));
  }

  make(node: Node): Expr {
    const args = (): Expr[] => node.args.map((arg) => this.get(arg));
    switch (node.op) {
      case 'const':
        return literalNumber(node, this.taken);
      case 'input':
      case 'parameter':
        return name(node.leaf!.name);
      case 'literal':
        return this.#literal(node);
      case 'size':
      case 'index':
        return call(node.op, [this.#axis(node.axis)]);
      case 'add':
        return this.#sum(node);
      case 'mul':
        return this.#product(node.args);
      case 'pow':
        return this.#product([node]);
      case 'select':
        return this.#select(node);
      case 'exp': {
        const inner = node.args[0]!;
        if (inner.op === 'logSoftmax' && !this.#named.has(inner)) {
          return call('softmax', [this.get(inner.args[0]!), this.#axis(inner.axis)]);
        }
        return call('exp', args());
      }
      case 'erfcx':
        return this.#scaledErfc(node.value, node.args[0]!);
      case 'logErfcSlope':
        return binary('/', num(2), binary('*', call('sqrt', [name('pi')]), call('erfcx', args())));
      case 'logI0':
        return this.#logBessel(node.value, node.args[0]!);
      case 'logI0e':
        return this.#logScaledBessel(node.value, node.args[0]!);
      case 'polygamma':
        return node.value === 0 ? call('digamma', args()) : call('polygamma', [num(node.value), ...args()]);
      case 'lt':
      case 'le':
      case 'eq':
      case 'and':
      case 'or':
      case 'not':
        return this.#condition(node.op, node);
      case 'at':
        return call('at', [this.get(node.args[0]!), this.#axis(node.axis), this.get(node.args[1]!)]);
      case 'rename':
        return call('rename', [...args(), this.#axis(node.axis), this.#axis(node.to)]);
      default:
        if (isReduction(node.op)) return this.#reduction(node, node.op, nameOf(node.op));
        return call(nameOf(node.op), isAlong(node.op) ? [...args(), this.#axis(node.axis)] : args());
    }
  }

  /** A derivative of erfcx: y' = 2 * x * y - 2 / sqrt(pi), and from there on y'' = 2 * x * y' + 2 * y, differentiated. */
  #scaledErfc(order: number, arg: Node): Expr {
    const x = this.get(arg);
    if (order === 0) return call('erfcx', [x]);
    const before = this.#scaledErfc(order - 1, arg);
    const product = binary('*', binary('*', num(2), x), before);
    if (order === 1) return binary('-', product, binary('/', num(2), call('sqrt', [name('pi')])));
    return binary('+', product, binary('*', num(2 * (order - 1)), this.#scaledErfc(order - 2, arg)));
  }

  /** A derivative of log_i0: r = i1e(x) / i0e(x), r' = 1 - r / x - r^2, and from there on that, differentiated by Leibniz's rule. */
  #logBessel(order: number, arg: Node): Expr {
    const x = this.get(arg);
    if (order === 0) return call('log_i0', [x]);
    const ratio = binary('/', call('i1e', [x]), call('i0e', [x]));
    if (order === 1) return ratio;
    if (order === 2)
      return binary('-', binary('-', num(1), binary('/', ratio, x)), binary('^', ratio, num(2)));
    const last = order - 2;
    let sum: Expr = num(0);
    let choices = 1;
    let falling = 1;
    for (let k = last; k >= 0; k--) {
      const slope = this.#logBessel(k + 1, arg);
      // (1 / x) differentiated, with the factors of the rule: last! / k!.
      const quotient = binary('/', binary('*', num(falling), slope), binary('^', x, num(last - k + 1)));
      sum = binary((last - k) % 2 === 0 ? '-' : '+', sum, quotient);
      const square = binary('*', slope, this.#logBessel(last - k + 1, arg));
      sum = binary('-', sum, binary('*', num(choices), square));
      choices = (choices * k) / (last - k + 1);
      falling *= k;
    }
    return sum;
  }

  #logScaledBessel(order: number, arg: Node): Expr {
    const x = this.get(arg);
    if (order === 0) return call('log_i0e', [x]);
    if (order > 1) return this.#logBessel(order, arg);
    return binary('-', this.#logBessel(1, arg), call('sign', [x]));
  }

  #literal(node: Node): Expr {
    const indices = axisIndices(node.axes);
    const data = node.data!;
    const row = (depth: number, start: number, length: number): Expr => {
      const axis = indices[depth];
      if (axis === undefined) return literalNumber({ value: data[start]!, exact: undefined }, this.taken);
      const count = this.graph.axes.get(axis).size ?? length;
      const step = length / count;
      const entries = Array.from({ length: count }, (_, i) => row(depth + 1, start + i * step, step));
      const index = call('index', [this.#axis(1 << axis)]);
      const branches = entries.slice(0, -1).map((entry, i) => [binary('==', index, num(i)), entry] as const);
      return branches.length === 0 ? entries[0]! : ifExpr(branches, entries.at(-1)!);
    };
    return row(0, 0, data.length);
  }

  #condition(op: ConditionOp, node: Node): Expr {
    const [x, y] = node.args;
    if (op === 'not') {
      if (x!.op === 'eq') return binary('!=', this.get(x!.args[0]!), this.get(x!.args[1]!));
      return not(this.get(x!));
    }
    if (op === 'and' || op === 'or') return binary(op, this.get(x!), this.get(y!));
    // The number on the right: x > 0, not 0 < x.
    const isFlipped = x!.op === 'const' && y!.op !== 'const';
    if (isFlipped) return binary(COMPARISONS[op].flipped, this.get(y!), this.get(x!));
    return binary(COMPARISONS[op].sign, this.get(x!), this.get(y!));
  }

  #select(node: Node): Expr {
    const branches: [Expr, Expr][] = [];
    let rest = node;
    for (;;) {
      branches.push([this.get(rest.args[0]!), this.get(rest.args[1]!)]);
      const next = rest.args[2]!;
      if (next.op !== 'select' || this.#named.has(next)) return ifExpr(branches, this.get(next));
      rest = next;
    }
  }

  #reduction(node: Node, op: ReduceOp, name: FunctionName): Expr {
    const value = node.args[0]!;
    const { neutral } = reduction(op);
    if (!this.#isMasked(value, neutral)) return call(name, [this.get(value), ...this.#axes(node.axis)]);
    return call(name, [this.get(value.args[1]!), ...this.#axes(node.axis)], {}, this.get(value.args[0]!));
  }

  #isMasked(value: Node, neutral: number): boolean {
    if (value.op !== 'select' || this.#named.has(value)) return false;
    const otherwise = value.args[2]!;
    return otherwise.op === 'const' && otherwise.value === neutral;
  }

  /** Positive terms first, so that a sum rarely begins with a minus. */
  #sum(node: Node): Expr {
    const terms = node.args.map((arg) => ({ arg, negative: this.#isNegative(arg) }));
    const lead = terms.findIndex((term) => !term.negative);
    if (lead > 0) terms.unshift(...terms.splice(lead, 1));
    let sum: Expr | undefined;
    for (const { arg, negative } of terms) {
      const size = negative ? this.#negated(arg) : this.get(arg);
      if (sum === undefined) sum = negative ? minus(size) : size;
      else sum = binary(negative ? '-' : '+', sum, size);
    }
    return sum!;
  }

  #isNegative(node: Node): boolean {
    if (this.#named.has(node)) return false;
    return node.op === 'const'
      ? node.value < 0
      : node.op === 'mul' && node.args[0]!.op === 'const' && node.args[0]!.value < 0;
  }

  #negated(node: Node): Expr {
    if (node.op === 'const')
      return literalNumber({ value: -node.value, exact: negate(node.exact) }, this.taken);
    return this.#product(node.args, true);
  }

  /** A product as a quotient: factors with a negative exponent below the line, sums over sizes as means. */
  #product(factors: readonly Node[], flip = false): Expr {
    const first = factors[0]!;
    let coefficient: Coefficient = first.op === 'const' ? first : { value: 1, exact: { n: 1, d: 1 } };
    if (flip) coefficient = { value: -coefficient.value, exact: negate(coefficient.exact) };
    let rest = first.op === 'const' ? factors.slice(1) : [...factors];
    let negative = coefficient.value < 0;
    const above: Expr[] = [];
    const below: Expr[] = [];
    rest = this.#bessel(rest, above);
    const size = splitNumber(coefficient, this.taken);
    const sum = negative
      ? rest.find((factor) => factor.op === 'add' && !this.#named.has(factor) && this.#turns(factor))
      : undefined;
    if (sum !== undefined) {
      negative = false;
      rest = without(rest, [sum])!;
      above.push(this.#turned(sum));
    }
    for (const factor of this.#means(rest, above)) {
      if (factor.op === 'pow' && !this.#named.has(factor)) this.#power(factor, above, below);
      else above.push(this.get(factor));
    }
    if (size.pi === 'below') below.unshift(name('pi'));
    if (size.below !== 1) below.unshift(num(size.below));
    if (size.pi === 'above') above.unshift(name('pi'));
    if (size.above !== 1 || above.length === 0) above.unshift(numeral(size.above, this.taken));
    const top = above.reduce((x, y) => binary('*', x, y));
    const signed = negative ? minus(top) : top;
    if (below.length === 0) return signed;
    // 1 / 0 / x, for 0 * x would be 0.
    if (below.some((factor) => factor.kind === 'number' && factor.value === 0))
      return below.reduce((x, y) => binary('/', x, y), signed);
    return binary(
      '/',
      signed,
      below.reduce((x, y) => binary('*', x, y)),
    );
  }

  /** i0(x) * (i1(x) / i0(x)) is i1(x). Gives the factors that are left. */
  #bessel(factors: readonly Node[], above: Expr[]): Node[] {
    const left = [...factors];
    for (const ratio of factors) {
      if (ratio.op !== 'logI0' || ratio.value !== 1 || this.#named.has(ratio)) continue;
      const [x] = ratio.args;
      const whole = left.find(({ op, args }) => (op === 'i0' || op === 'i0e') && args[0] === x);
      if (whole === undefined || this.#named.has(whole)) continue;
      left.splice(left.indexOf(ratio), 1);
      left.splice(left.indexOf(whole), 1);
      above.push(call(whole.op === 'i0' ? 'i1' : 'i1e', [this.get(x!)]));
    }
    return left;
  }

  /** sum(e, a) / size(a) is mean(e, a). Gives the factors that are left. */
  #means(factors: readonly Node[], above: Expr[]): readonly Node[] {
    const sizes = factors.filter(
      (f) => f.op === 'pow' && f.args[0]!.op === 'size' && f.args[1]!.value === -1,
    );
    // `mean(e, a where c)` divides by how many are kept, so a masked sum stays a sum.
    const sum = factors.find((f) => f.op === 'sum' && !this.#named.has(f) && !this.#isMasked(f.args[0]!, 0));
    if (sum === undefined || sizes.length === 0) return factors;
    const roots = axisIndices(sum.axis).map((index) => 1 << this.graph.axes.get(index).root);
    const used = roots.map((root) => sizes.find((size) => size.args[0]!.axis === root));
    if (used.some((size) => size === undefined) || new Set(used).size !== roots.length) return factors;
    above.push(this.#reduction(sum, 'sum', 'mean'));
    return without(factors, [sum, ...(used as Node[])])!;
  }

  #power(node: Node, above: Expr[], below: Expr[]): void {
    const [base, exponent] = [this.get(node.args[0]!), node.args[1]!];
    if (exponent.op !== 'const') {
      above.push(binary('^', base, this.get(exponent)));
      return;
    }
    const size = Math.abs(exponent.value);
    const power =
      size === 1
        ? base
        : size === 0.5
          ? call('sqrt', [base])
          : binary('^', base, literalNumber({ value: size, exact: undefined }, this.taken));
    (exponent.value < 0 ? below : above).push(power);
  }

  /** Whether turning the sign of a sum leaves no minus in front. */
  #turns(sum: Node): boolean {
    return sum.args.some((arg) => this.#isNegative(arg));
  }

  #turned(sum: Node): Expr {
    const terms = sum.args.map((arg) => ({ arg, negative: !this.#isNegative(arg) }));
    const lead = terms.findIndex((term) => !term.negative);
    terms.unshift(...terms.splice(lead, 1));
    return terms
      .slice(1)
      .reduce<Expr>(
        (whole, { arg, negative }) =>
          binary(negative ? '-' : '+', whole, negative ? this.get(arg) : this.#negated(arg)),
        this.#negated(terms[0]!.arg),
      );
  }
}
