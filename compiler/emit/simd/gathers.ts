import { invariant } from '../../../grammar/invariant.js';
import type { Node } from '../../graph/graph.js';
import type { Gathering } from '../fused/loops.js';
import { isTiled } from '../plan/tiles.js';
import {
  type Code,
  dAdd,
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
  vZero,
} from '../wasm/instructions.js';
import { share } from './exponentials.js';
import { log1p } from './logarithms.js';
import { GATHERS, gatherWide, narrow, startWide } from './reductions.js';
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

/** Writes what a loop gathers from its entries, and what follows when it has ended. */
export class Gathers {
  readonly #largest = new Map<Node, Variable>();

  constructor(private readonly code: LoopCode) {}

  /** `before` is where variables begin, and `after` what is written when the loop has ended. */
  write({ node, kind }: Gathering, before: Code[], after: (() => void)[]): void {
    const { scope, values } = this.code;
    const x = scope.keep(values.number(node.args[0]!));
    switch (kind) {
      case 'entry':
        this.#entry(node, x, before);
        return;
      case 'largest': {
        const largest = scope.variable();
        before.push(set(largest, v(-Infinity)));
        scope.write(set(largest, vLarger(largest, x)));
        this.#largest.set(node, largest);
        return;
      }
      case 'exponentials':
        this.#exponentials(node, x, before, after);
        return;
      case 'reduction':
        this.#reduction(node, x, before, after);
    }
  }

  #entry(node: Node, x: Variable, before: Code[]): void {
    const { scope, values, position, bind } = this.code;
    const found = scope.variable();
    before.push(set(found, vZero));
    const isHere = vEqual(position(), values.number(node.args[1]!));
    scope.write(set(found, vChoose(isHere, x, found)));
    bind(node, found);
  }

  #reduction(node: Node, x: Variable, before: Code[], after: (() => void)[]): void {
    const { scope, bind } = this.code;
    invariant(isTiled(node.op), `${node.op} is gathered entry by entry`);
    const row = GATHERS[node.op];
    invariant(row !== undefined, `${node.op} has a form for four numbers`);
    const { wide, initial, join } = row;
    if (wide) {
      const gathered = scope.wide();
      before.push(startWide(gathered, initial));
      scope.write(gatherWide(gathered, x, join));
      after.push(() => bind(node, scope.keep(narrow(gathered))));
      return;
    }
    const gathered = scope.variable();
    before.push(set(gathered, v(initial)));
    scope.write(set(gathered, join(gathered, x)));
    bind(node, gathered);
  }

  /**
   * One of the largest entries is left out of the sum, so that log1p keeps the digits of a confident prediction. Here all of them are,
   * and their number, but for one, is added at the end.
   */
  #exponentials(node: Node, x: Variable, before: Code[], after: (() => void)[]): void {
    const { scope, storeExponential } = this.code;
    const largest = this.#largest.get(node)!;
    const [sum, count] = [scope.wide(), scope.variable()];
    before.push(startWide(sum, 0), set(count, vZero));
    const own = scope.keep(share(vSub(x, largest), scope));
    storeExponential(node, own);
    const isLargest = scope.keep(vEqual(x, largest));
    // A mask is -1.
    scope.write(set(count, nSub(count, isLargest)));
    const smaller = scope.keep(vAndNot(own, isLargest));
    scope.write(gatherWide(sum, smaller, dAdd));
    after.push(() => this.#normalise(node, largest, narrow(sum), vFromN(count)));
  }

  #normalise(node: Node, largest: Variable, smaller: Vector, count: Vector): void {
    const { scope, bind, softmaxes } = this.code;
    // None is the largest where all are NaN.
    const equals = scope.keep(vSub(vLarger(count, v(1)), v(1)));
    // Infinities do not say which share of them is whose.
    const unknown = vAnd(vSub(largest, largest), vLessThan(v(0), equals));
    const others = scope.keep(vAdd(vAdd(smaller, equals), unknown));
    const log = scope.keep(log1p(others, scope));
    if (node.op === 'logsumexp') {
      const isNothing = vEqual(largest, v(-Infinity));
      bind(node, scope.keep(vChoose(isNothing, largest, vAdd(largest, log))));
      return;
    }
    const inverse = scope.keep(vDiv(v(1), vAdd(v(1), others)));
    softmaxes.set(node, { largest, others, share: inverse, log });
  }
}
