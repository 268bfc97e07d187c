import { invariant } from '../../../grammar/invariant.js';
import type { Node } from '../../graph/graph.js';
import { isReduction } from '../../operators/axis.js';
import { elementwise, isCondition, isElementwise } from '../../operators/elementwise.js';
import { LOWEST_LOG_PROBABILITY } from '../../operators/special.js';
import { softmaxForm } from '../fused/softmax-forms.js';
import { isCall } from '../tfjs/ops.js';
import {
  vAdd,
  vAnd,
  vChoose,
  vDiv,
  vEqual,
  vLarger,
  vMin,
  vMul,
  vNegate,
  vNotEqual,
  vSub,
} from '../wasm/instructions.js';
import { type ArithmeticCode, product, raised, sum } from './arithmetic.js';
import { SIMD } from './operators.js';
import { SAME_FOR_ALL } from './reductions.js';
import { type Vector, v, type Writer } from './writer.js';

/** What the loops keep of a softmax: the largest entry, the sum of the others, and 1 / (1 + others) and log(1 + others). */
export interface SoftmaxValues {
  readonly largest: Vector;
  readonly others: Vector;
  readonly share: Vector;
  readonly log: Vector;
}

/** What the loops have worked out so far. */
export interface ValueCode extends Writer {
  /** The variable of a node that has one; of a condition it is a mask. */
  readonly bound: (node: Node) => Vector | undefined;
  /** A number that is known when the kernel is made. */
  readonly known: (node: Node) => number | undefined;
  readonly constant: (value: number) => Vector;
  /** A number that the kernel is given; a condition, too, is one. */
  readonly given: (node: Node) => Vector | undefined;
  readonly leaf: (node: Node) => Vector | undefined;
  /** The position of the class that a loop has reached. */
  readonly position: () => Vector;
  readonly classes: () => Vector;
  /** Of a softmax whose exponentials are known: its values, and the exponential of the class that the loop has reached. */
  readonly softmaxes: ReadonlyMap<Node, SoftmaxValues>;
  readonly exponential: (node: Node) => Vector;
}

/** Nodes as instructions at the place that the loops have reached. */
export class Values {
  readonly #arithmetic: ArithmeticCode;

  constructor(private readonly code: ValueCode) {
    this.#arithmetic = {
      keep: code.keep,
      known: code.known,
      constant: code.constant,
      get: (node) => this.number(node),
      isBound: (node) => code.bound(node) !== undefined || code.given(node) !== undefined,
    };
  }

  /** Numbers; a condition is 0 and 1. */
  number(node: Node): Vector {
    const known = this.code.known(node);
    if (known !== undefined) return this.code.constant(known);
    const given = this.code.given(node);
    if (given !== undefined) return given;
    const value = this.#get(node);
    return isCondition(node.op) ? vAnd(value, v(1)) : value;
  }

  /** A mask of where the node is not 0. */
  truth(node: Node): Vector {
    const { known, given } = this.code;
    const isMask = isCondition(node.op) && known(node) === undefined && given(node) === undefined;
    return isMask ? this.#get(node) : vNotEqual(this.number(node), v(0));
  }

  #get(node: Node): Vector {
    return this.code.bound(node) ?? this.make(node);
  }

  /** The instructions themselves, not the variable. */
  make(node: Node): Vector {
    const { code } = this;
    const leaf = code.leaf(node);
    if (leaf !== undefined) return leaf;
    const special = this.#ofSoftmax(node);
    if (special !== undefined) return special;
    switch (node.op) {
      case 'index':
        return code.position();
      case 'add':
        return sum(node.args, this.#arithmetic);
      case 'mul':
        return product(node.args, this.#arithmetic);
      case 'pow':
        return raised(node.args[0]!, node.args[1]!, this.#arithmetic);
      case 'select': {
        const [condition, yes, no] = node.args as [Node, Node, Node];
        return vChoose(this.truth(condition), this.number(yes), this.number(no));
      }
      case 'at':
        // Of what is the same for all classes.
        return this.number(node.args[0]!);
      default:
        return this.#operator(node);
    }
  }

  #operator(node: Node): Vector {
    const { code } = this;
    if (isReduction(node.op)) {
      const of = node.args[0]!;
      const same = SAME_FOR_ALL[node.op];
      invariant(same !== undefined, `${node.op} has a form for four numbers`);
      return same(code.keep(this.number(of)), code.keep(code.classes()), of, code);
    }
    invariant(isCall(node.op) && isElementwise(node.op), `${node.op} in a loop`);
    const row = SIMD[node.op];
    invariant(row !== undefined, `${node.op} has a form for four numbers`);
    const truths: readonly number[] = elementwise(node.op).conditions;
    return row(
      node.args.map((arg, i) => (truths.includes(i) ? this.truth(arg) : this.number(arg))),
      code,
    );
  }

  #ofSoftmax(node: Node): Vector | undefined {
    const { softmaxes, exponential, constant } = this.code;
    const own = softmaxes.get(node);
    if (own !== undefined && node.op === 'logSoftmax')
      // As it is defined: of a class that cannot be, times the 0 of a target it is 0.
      return vLarger(
        vSub(vSub(this.number(node.args[0]!), own.largest), own.log),
        constant(LOWEST_LOG_PROBABILITY),
      );
    if (own !== undefined) return vMul(exponential(node), own.share);
    const form = softmaxForm(node, (inner) => softmaxes.has(inner));
    if (form === undefined) return undefined;
    const { largest, others, share } = softmaxes.get(form.of)!;
    const p = vMul(exponential(form.of), share);
    switch (form.kind) {
      case 'share':
        return p;
      case 'share minus 1':
        // Of several that are the largest others is at least 1, and both are the same.
        return vChoose(
          vEqual(this.number(form.of.args[0]!), largest),
          vMul(vNegate(others), share),
          vSub(p, v(1)),
        );
      case 'inverse share':
        return vMin(vDiv(vAdd(v(1), others), exponential(form.of)), constant(form.bound));
    }
  }
}
