/** Sums and products of four numbers at a time. */
import { type AxisSet, axisCount } from '../../graph/axes.js';
import type { Node } from '../../graph/graph.js';
import { vAdd, vDiv, vMul, vNegate, vSub } from '../wasm/instructions.js';
import { knownPower, power } from './powers.js';
import { type Vector, v, type Writer } from './writer.js';

/** What arithmetic is written with. */
export interface ArithmeticCode extends Writer {
  readonly get: (node: Node) => Vector;
  /** The number that a node is for all items of all batches. */
  readonly known: (node: Node) => number | undefined;
  readonly constant: (value: number) => Vector;
  /** Whether a node has a variable already. */
  readonly isBound: (node: Node) => boolean;
}

/** A number times factors over divisors. */
interface Fraction {
  readonly value: number;
  readonly above: readonly Node[];
  readonly below: readonly { readonly base: Node; readonly exponent: number }[];
}

const byAxes = (a: { readonly axes: AxisSet }, b: { readonly axes: AxisSet }): number =>
  axisCount(a.axes) - axisCount(b.axes);

/** Terms after which a sum gets a variable, so that no instruction is nested deeply. */
const TERMS_AT_ONCE = 16;

function fractionOf(nodes: readonly Node[], { known, isBound }: ArithmeticCode): Fraction {
  let value = 1;
  const above: Node[] = [];
  const below: { base: Node; exponent: number }[] = [];
  for (const node of nodes) {
    const number = known(node);
    const exponent = node.op === 'pow' && !isBound(node) ? known(node.args[1]!) : undefined;
    if (number !== undefined) value *= number;
    else if (exponent !== undefined && exponent < 0) below.push({ base: node.args[0]!, exponent: -exponent });
    else above.push(node);
  }
  return { value, above: above.sort(byAxes), below: below.sort((a, b) => byAxes(a.base, b.base)) };
}

/** A product as a quotient. */
export const product = (nodes: readonly Node[], code: ArithmeticCode): Vector =>
  quotient(fractionOf(nodes, code), code);

function quotient({ value, above, below }: Fraction, code: ArithmeticCode): Vector {
  if (value === -1 && above.length + below.length > 0)
    return vNegate(quotient({ value: 1, above, below }, code));
  const factors = above.map((node) => code.get(node));
  const first = value === 1 ? (factors.shift() ?? v(1)) : code.constant(value);
  const top = together(factors, first, vMul, code);
  // One after the other: the product of two guarded divisors could underflow to 0.
  return below.reduce(
    (a, { base, exponent }) => vDiv(a, knownPower(code.get(base), exponent, isPositive(base), code)),
    top,
  );
}

/** A sum; terms with a negative number are subtracted. */
export function sum(nodes: readonly Node[], code: ArithmeticCode): Vector {
  let number = 0;
  const terms: { readonly minus: boolean; readonly value: Vector }[] = [];
  for (const node of nodes) {
    const known = code.known(node);
    if (known !== undefined) {
      number += known;
      continue;
    }
    const fraction = node.op === 'mul' && !code.isBound(node) ? fractionOf(node.args, code) : undefined;
    const minus = fraction !== undefined && fraction.value < 0;
    const value = minus ? quotient({ ...fraction, value: -fraction.value }, code) : code.get(node);
    terms.push({ minus, value });
  }
  const lead = terms.findIndex(({ minus }) => !minus);
  if (lead < 0) {
    if (terms.length === 0) return code.constant(number);
    const rest = terms.map(({ value }) => value);
    if (number !== 0) return together(rest, code.constant(number), vSub, code);
    return vNegate(together(rest.slice(1), rest[0]!, vAdd, code));
  }
  const [first] = terms.splice(lead, 1);
  let total = first!.value;
  terms.forEach(({ minus, value }, i) => {
    total = (minus ? vSub : vAdd)(total, value);
    if (i % TERMS_AT_ONCE === TERMS_AT_ONCE - 1) total = code.keep(total);
  });
  return number === 0 ? total : vAdd(total, code.constant(number));
}

function together(
  values: readonly Vector[],
  first: Vector,
  join: (a: Vector, b: Vector) => Vector,
  code: Writer,
): Vector {
  return values.reduce((a, b, i) => {
    const joined = join(a, b);
    return i % TERMS_AT_ONCE === TERMS_AT_ONCE - 1 ? code.keep(joined) : joined;
  }, first);
}

/** A power by the cheapest way. */
export function raised(base: Node, exponent: Node, code: ArithmeticCode): Vector {
  const known = code.known(exponent);
  const x = code.get(base);
  if (known === undefined) return power(x, code.get(exponent), isPositive(base), code);
  if (known === 0) return v(1);
  const size = knownPower(x, Math.abs(known), isPositive(base), code);
  return known < 0 ? vDiv(v(1), size) : size;
}

const isPositive = ({ range }: Node): boolean => range.lo >= 0;
