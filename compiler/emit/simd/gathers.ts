import { invariant } from '../../../grammar/invariant.js';
import type { Node } from '../../graph/graph.js';
import type { Gathering } from '../fused/loops.js';
import { isTiled } from '../plan/tiles.js';
import {
  nSub,
  set,
  vAdd,
  vAnd,
  vAndNot,
  vChoose,
  vDiv,
  vEqual,
  vFromN,
  vLarger,
  vLessThan,
  vSub,
} from '../wasm/instructions.js';
import { share } from './exponentials.js';
import { log1p } from './logarithms.js';
import { GATHERS, gatherWide, narrow, startWide, type WideRow } from './reductions.js';
import type { Scope, Variable } from './scope.js';
import type { SoftmaxValues, Values } from './values.js';
import { type Vector, v } from './writer.js';

/** What gathering needs of the loops around. */
export interface LoopCode {
  readonly scope: Scope;
  readonly values: Values;
  /** The position of the class that the loop has reached. */
  readonly position: () => Vector;
  readonly bind: (node: Node, value: Vector) => void;
  readonly softmaxes: Map<Node, SoftmaxValues>;
  /** Keeps the exponential of a class for later loops, if one needs it. */
  readonly storeExponential: (node: Node, value: Vector) => void;
}

/** What is gathered, as it is written: `take` for each class, `join` after several, `end` after the loop. */
interface Gatherer {
  readonly take: () => void;
  readonly join: () => void;
  readonly end: () => void;
}

const NOTHING = (): void => undefined;

/** Writes what a loop gathers from its entries, and what follows when it has ended. */
export class Gathers {
  readonly #largest = new Map<Node, Variable>();

  constructor(private readonly code: LoopCode) {}

  begin({ node, kind }: Gathering): Gatherer {
    const x = (): Variable => this.code.scope.keep(this.code.values.number(node.args[0]!));
    switch (kind) {
      case 'entry':
        return this.#entry(node, x);
      case 'largest':
        return this.#largestOf(node, x);
      case 'exponentials':
        return this.#exponentials(node, x);
      case 'reduction':
        return this.#reduction(node, x);
    }
  }

  #variable(initial: number): Variable {
    const { scope } = this.code;
    const variable = scope.variable();
    scope.write(set(variable, v(initial)));
    return variable;
  }

  #entry(node: Node, x: () => Variable): Gatherer {
    const { scope, values, position, bind } = this.code;
    const found = this.#variable(0);
    return {
      take: () => {
        const isHere = vEqual(position(), values.number(node.args[1]!));
        scope.write(set(found, vChoose(isHere, x(), found)));
      },
      join: NOTHING,
      end: () => bind(node, found),
    };
  }

  #largestOf(node: Node, x: () => Variable): Gatherer {
    const { scope } = this.code;
    const largest = this.#variable(-Infinity);
    this.#largest.set(node, largest);
    return { take: () => scope.write(set(largest, vLarger(largest, x()))), join: NOTHING, end: NOTHING };
  }

  #reduction(node: Node, x: () => Variable): Gatherer {
    const { scope, bind } = this.code;
    invariant(isTiled(node.op), `${node.op} is gathered entry by entry`);
    const row = GATHERS[node.op];
    invariant(row !== undefined, `${node.op} has a form for four numbers`);
    if (row.wide) {
      const gathered = this.#wide(row);
      return {
        take: () => gathered.take(x()),
        join: gathered.join,
        end: () => bind(node, scope.keep(gathered.result())),
      };
    }
    const gathered = this.#variable(row.initial);
    return {
      take: () => scope.write(set(gathered, row.join(gathered, x()))),
      join: NOTHING,
      end: () => bind(node, gathered),
    };
  }

  /** In float64: what is taken from several classes is joined in float32 first where the row has a way. */
  #wide({ initial, join, first }: WideRow) {
    const { scope } = this.code;
    const wide = scope.wide();
    scope.write(startWide(wide, initial));
    const taken: Variable[] = [];
    return {
      take: (x: Variable) => void taken.push(x),
      join: () => {
        const all = taken.splice(0);
        const joined = first === undefined ? all : [scope.keep(halving(all, first))];
        for (const x of joined) scope.write(gatherWide(wide, x, join));
      },
      result: () => narrow(wide),
    };
  }

  /**
   * One of the largest entries is left out of the sum, so that log1p keeps the digits of a confident prediction. Here all of them are,
   * and their number, but for one, is added at the end.
   */
  #exponentials(node: Node, x: () => Variable): Gatherer {
    const { scope, storeExponential } = this.code;
    const largest = this.#largest.get(node)!;
    const [sum, count] = [this.#wide(GATHERS.sum), this.#variable(0)];
    return {
      take: () => {
        const here = x();
        const own = scope.keep(share(vSub(here, largest), scope));
        storeExponential(node, own);
        const isLargest = scope.keep(vEqual(here, largest));
        // A mask is -1.
        scope.write(set(count, nSub(count, isLargest)));
        sum.take(scope.keep(vAndNot(own, isLargest)));
      },
      join: sum.join,
      end: () => this.#normalise(node, largest, sum.result(), vFromN(count)),
    };
  }

  #normalise(node: Node, largest: Variable, sum: Vector, count: Vector): void {
    const { scope, bind, softmaxes } = this.code;
    const smaller = scope.keep(sum);
    // None is the largest where all are NaN.
    const equals = scope.keep(vSub(vLarger(count, v(1)), v(1)));
    // Infinities do not say which share of them is whose.
    const unknown = vAnd(vSub(largest, largest), vLessThan(v(0), equals));
    const others = scope.keep(vAdd(vAdd(smaller, equals), unknown));
    const log = scope.keep(log1p(others, scope));
    if (node.op === 'logsumexp') {
      // An entry that is not a number is in the sum, and no largest one.
      const isNothing = vAnd(vEqual(largest, v(-Infinity)), vEqual(smaller, smaller));
      bind(node, scope.keep(vChoose(isNothing, largest, vAdd(largest, log))));
      return;
    }
    const inverse = scope.keep(vDiv(v(1), vAdd(v(1), others)));
    softmaxes.set(node, { largest, others, share: inverse, log });
  }
}

/** Joined in pairs, and those in pairs, so that errors do not add up. */
function halving(values: readonly Vector[], join: (a: Vector, b: Vector) => Vector): Vector {
  if (values.length === 1) return values[0]!;
  const half = values.length >> 1;
  return join(halving(values.slice(0, half), join), halving(values.slice(half), join));
}
