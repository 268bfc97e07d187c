import { type AxisSet, axisCount } from '../../graph/axes.js';
import type { Node } from '../../graph/graph.js';
import { isOne, isSign, negated, ONE, type Scale, sameScale, times } from '../print/infix.js';
import { numberText } from '../print/literals.js';
import type { ArithmeticCode, Scaled } from './body-code.js';
import type { Call } from './calls.js';

/** One factor of a product; `below` the line it divides. */
interface Factor {
  readonly call: Call;
  readonly below: boolean;
  readonly axes: AxisSet;
}

/** A sum as additions and differences, with the factor that all terms share taken out. */
export function emitSum(node: Node, code: ArithmeticCode): Scaled {
  const numbers = node.args.filter((arg) => code.isHost(arg));
  const terms = node.args
    .filter((arg) => !code.isHost(arg))
    .map((arg) => ({ ...code.value(arg), axes: arg.axes }));
  const first = terms[0]!;
  // All with one factor: it is taken out.
  const size = (scale: Scale): Scale => (scale.value < 0 ? negated(scale) : scale);
  const common =
    numbers.length === 0 &&
    terms.length > 1 &&
    !isSign(first.scale) &&
    terms.every((term) => sameScale(size(term.scale), size(first.scale)))
      ? size(first.scale)
      : ONE;
  const signed = terms.map((term) => {
    const negative = term.scale.value < 0;
    const rest = common === ONE ? size(term.scale) : ONE;
    return { negative, call: code.materialise({ scale: rest, call: term.call }) as Call, axes: term.axes };
  });
  // What lacks axes first: it is added before it is spread.
  signed.sort((a, b) => axisCount(a.axes) - axisCount(b.axes));
  if (signed.every((term) => term.negative) && numbers.length === 0) {
    const call = addUp(
      signed.map((term) => ({ ...term, negative: false })),
      '',
      code,
    );
    return { scale: negated(common), call };
  }
  const number = numbers.length === 0 ? '' : code.host.sum(numbers);
  return { scale: common, call: addUp(signed, number, code) };
}

function addUp(
  terms: readonly { readonly negative: boolean; readonly call: Call }[],
  number: string,
  code: ArithmeticCode,
): Call {
  const rest = [...terms];
  const lead = rest.findIndex((term) => !term.negative);
  let sum: Call;
  let left = number;
  if (lead >= 0) sum = rest.splice(lead, 1)[0]!.call;
  else {
    sum = code.make('difference', 'tf.sub', [number, rest.shift()!.call]);
    left = '';
  }
  for (const term of rest)
    sum = term.negative
      ? code.make('difference', 'tf.sub', [sum, term.call])
      : code.make('sum', 'tf.add', [sum, term.call]);
  if (left === '') return sum;
  return left.startsWith('-') && !/ [+-] /.test(left)
    ? code.make('difference', 'tf.sub', [sum, left.slice(1)])
    : code.make('sum', 'tf.add', [sum, left]);
}

/** A product with its constant factors and signs carried along, divisors below the line. */
export function emitProduct(nodes: readonly Node[], code: ArithmeticCode): Scaled {
  let scale: Scale = ONE;
  const factors: Factor[] = [];
  for (const node of nodes) {
    const below = divisor(node, code);
    if (below !== undefined) {
      factors.push({ call: below, below: true, axes: node.axes });
      continue;
    }
    const value = code.value(node);
    scale = times(scale, value.scale);
    if (value.call !== undefined) factors.push({ call: value.call, below: false, axes: node.axes });
  }
  if (factors.length === 0) return { scale, call: undefined };
  return quotientOf(scale, factors, code);
}

/** Numerators over denominators; the smaller tensors first, so that what lacks an axis is multiplied before it is spread. */
function quotientOf(scale: Scale, factors: readonly Factor[], code: ArithmeticCode): Scaled {
  const sorted = [...factors].sort((a, b) => axisCount(a.axes) - axisCount(b.axes));
  let top: Call | undefined;
  // One division after the other: the product of two guarded divisors could underflow to 0.
  const divisors: Call[] = [];
  const divide = (call: Call): Call => {
    let quotient = call;
    for (const divisor of divisors.splice(0)) quotient = code.make('quotient', 'tf.div', [quotient, divisor]);
    return quotient;
  };
  for (const { call, below } of sorted) {
    if (below) divisors.push(call);
    else top = top === undefined ? call : code.make('product', 'tf.mul', [top, call]);
    if (top !== undefined) top = divide(top);
  }
  if (top !== undefined) return { scale, call: top };
  const first = divisors.shift()!;
  if (isSign(scale)) return { scale, call: divide(code.make('inverse', 'tf.reciprocal', [first])) };
  const quotient = code.make('quotient', 'tf.div', [code.host.scale(scale), first]);
  return { scale: ONE, call: divide(quotient) };
}

/** What a factor divides by, if it is better written below the line. */
function divisor(node: Node, code: ArithmeticCode): Call | undefined {
  if (node.op !== 'pow' || code.isHost(node)) return undefined;
  const [base, exponent] = [node.args[0]!, node.args[1]!];
  if (exponent.op !== 'const') return undefined;
  if (exponent.value === -1) {
    const value = code.value(base);
    return isOne(value.scale) ? value.call : (code.materialise(value) as Call);
  }
  if (exponent.value === -2) return squareOf(base, code);
  return undefined;
}

function squareOf(base: Node, code: ArithmeticCode): Call {
  const value = code.value(base);
  const inside = isSign(value.scale) ? value.call! : code.materialise(value);
  return code.make('square', 'tf.square', [inside]);
}

/** A power by the cheapest operator: square, root, reciprocal, repeated multiplication, or `tf.pow`. */
export function emitPower(node: Node, code: ArithmeticCode): Scaled {
  const [base, exponent] = [node.args[0]!, node.args[1]!];
  const plain = (call: Call): Scaled => ({ scale: ONE, call });
  if (code.isHost(exponent) && exponent.op !== 'const')
    return plain(code.make('raised', 'tf.pow', [code.get(base), code.host.text(exponent)]));
  if (exponent.op !== 'const')
    return plain(code.make('raised', 'powerOf', [code.get(base), code.get(exponent)], ['powerOf']));
  const { value } = exponent;
  switch (value) {
    case 2:
      return plain(squareOf(base, code));
    case 0.5:
      return plain(code.make('root', 'tf.sqrt', [code.get(base)]));
    case -0.5:
      return plain(code.make('inverseRoot', 'tf.rsqrt', [code.get(base)]));
    case -1: {
      const inner = code.value(base);
      if (isSign(inner.scale))
        return { scale: inner.scale, call: code.make('inverse', 'tf.reciprocal', [inner.call!]) };
      return plain(code.make('inverse', 'tf.reciprocal', [code.materialise(inner)]));
    }
    case -2:
      return plain(code.make('inverse', 'tf.reciprocal', [squareOf(base, code)]));
    default:
      if (!Number.isInteger(value) || Math.abs(value) > 64)
        return plain(code.make('raised', 'tf.pow', [code.get(base), numberText(value)]));
  }
  const raised = code.make('raised', 'power', [code.get(base), String(Math.abs(value))], ['power']);
  return plain(value > 0 ? raised : code.make('inverse', 'tf.reciprocal', [raised]));
}
