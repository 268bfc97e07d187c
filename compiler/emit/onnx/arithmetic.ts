import { axisCount } from '../../graph/axes.js';
import type { Node } from '../../graph/graph.js';
import type { LossScope } from './operators.js';
import type { Value } from './scope.js';

/** What the arithmetic of tensors is written with. */
export interface ArithmeticCode {
  readonly scope: LossScope;
  /** The value of a node as a tensor of numbers. */
  readonly get: (node: Node) => Value;
  /** The number that a node is, if no tensor takes part in it. */
  readonly number: (node: Node) => number | undefined;
}

/** A number times factors over divisors. */
interface Fraction {
  readonly value: number;
  readonly above: readonly Node[];
  readonly below: readonly { readonly base: Node; readonly exponent: number }[];
}

const byAxes = (a: Node, b: Node): number => axisCount(a.axes) - axisCount(b.axes);

/** Beyond this a power is not multiplied out. */
const MOST_FACTORS = 64;

function fractionOf(nodes: readonly Node[], { number }: ArithmeticCode): Fraction {
  let value = 1;
  const above: Node[] = [];
  const below: { base: Node; exponent: number }[] = [];
  for (const node of nodes) {
    const known = number(node);
    const exponent = node.op === 'pow' ? number(node.args[1]!) : undefined;
    if (known !== undefined) value *= known;
    else if (exponent !== undefined && exponent < 0) below.push({ base: node.args[0]!, exponent: -exponent });
    else above.push(node);
  }
  return { value, above: above.sort(byAxes), below: below.sort((a, b) => byAxes(a.base, b.base)) };
}

/** A product as a quotient. What lacks axes comes first: it is multiplied before it is spread. */
export const product = (nodes: readonly Node[], code: ArithmeticCode): Value =>
  quotient(fractionOf(nodes, code), code);

function quotient({ value, above, below }: Fraction, code: ArithmeticCode): Value {
  const { scope } = code;
  if (value === -1 && above.length + below.length > 0)
    return scope.op('Neg', [quotient({ value: 1, above, below }, code)]);
  const factors = above.map(code.get);
  const top =
    factors.length === 0
      ? scope.number(value)
      : factors.reduce((a, b) => scope.mul(a, b), value === 1 ? factors.shift()! : scope.number(value));
  // One after the other: the product of two guarded divisors could underflow to 0.
  return below.reduce((a, { base, exponent }) => scope.div(a, raised(code.get(base), exponent, scope)), top);
}

/** A sum, what lacks axes first; terms with a factor of -1 are subtracted. */
export function sum(nodes: readonly Node[], code: ArithmeticCode): Value {
  const { scope } = code;
  const terms = nodes.toSorted(byAxes).map((node) => {
    const fraction =
      node.op === 'mul' && code.number(node) === undefined ? fractionOf(node.args, code) : undefined;
    return fraction?.value === -1
      ? { minus: true, value: quotient({ ...fraction, value: 1 }, code) }
      : { minus: false, value: code.get(node) };
  });
  const lead = terms.findIndex(({ minus }) => !minus);
  if (lead < 0) return scope.op('Neg', [terms.map(({ value }) => value).reduce((a, b) => scope.add(a, b))]);
  const [first] = terms.splice(lead, 1);
  return terms.reduce(
    (total, { minus, value }) => (minus ? scope.sub(total, value) : scope.add(total, value)),
    first!.value,
  );
}

/** A power by the cheapest operator. */
export function power(base: Node, exponent: Node, code: ArithmeticCode): Value {
  const { scope } = code;
  const known = code.number(exponent);
  const x = code.get(base);
  if (known === undefined) return scope.call('power', [x, code.get(exponent)]);
  return known < 0 ? scope.div(1, raised(x, -known, scope)) : raised(x, known, scope);
}

/** x to the power of a number that is not negative. */
function raised(x: Value, exponent: number, scope: LossScope): Value {
  if (exponent === 1) return x;
  if (exponent === 0.5) return scope.op('Sqrt', [x]);
  if (!Number.isInteger(exponent) || exponent < 1 || exponent > MOST_FACTORS)
    return scope.op('Pow', [x, scope.number(exponent)]);
  const half = exponent % 2 === 0 ? raised(x, exponent / 2, scope) : undefined;
  return half === undefined ? scope.mul(x, raised(x, exponent - 1, scope)) : scope.mul(half, half);
}
