import { constantOf } from '../graph/exact.js';
import type { Node } from '../graph/graph.js';
import type { ElementwiseOp } from '../operators/elementwise.js';
import {
  addPrints,
  constantPrint,
  evenPrint,
  type Fingerprint,
  INFINITE,
  isZero,
  mixPrints,
  multiplyPrints,
  negatePrint,
  ONE,
  oddPrint,
  powerPrint,
  samePrint,
  subtractPrints,
  ZERO,
} from './fingerprint.js';

export const HALF = constantPrint(constantOf(0.5));
const TWO = constantPrint(constantOf(2));
export const exponential = (x: Fingerprint): Fingerprint => mixPrints('exp', [x]);
export const logarithm = (x: Fingerprint): Fingerprint => mixPrints('log', [x]);
/** sigmoid(x) - 1/2, which is odd. */
const sigmoidOdd = (x: Fingerprint): Fingerprint => oddPrint('sigmoid', x);

/** The larger of values, from max(a, b) = (a + b + |a - b|) / 2; of three or more, something that does not see their order. */
function largest(args: readonly Fingerprint[]): Fingerprint {
  const [x, y] = [args[0]!, args[1]];
  if (y === undefined) return x;
  if (args.length > 2)
    return mixPrints('max', [args.map((arg) => mixPrints('max', [arg])).reduce(addPrints)]);
  return multiplyPrints(HALF, addPrints(addPrints(x, y), evenPrint('abs', subtractPrints(x, y))));
}

const less = (x: Fingerprint, y: Fingerprint): Fingerprint =>
  samePrint(x, y) ? ZERO : mixPrints('lt', [subtractPrints(y, x)]);

const TWO_BY_ROOT_PI = multiplyPrints(
  TWO,
  mixPrints('pow', [constantPrint(constantOf(Math.PI)), constantPrint(constantOf(-0.5))]),
);
/** 1 - erf(x). */
const complement = (x: Fingerprint): Fingerprint => subtractPrints(ONE, oddPrint('erf', x));

/** Derivatives of y = exp(x^2) * erfc(x): y' = 2 * x * y - 2 / sqrt(pi), and so on. */
function scaledErfc(x: Fingerprint, order: number): Fingerprint {
  const [square, double] = [multiplyPrints(x, x), multiplyPrints(TWO, x)];
  let before = multiplyPrints(exponential(square), complement(x));
  if (order === 0) return before;
  let last = subtractPrints(multiplyPrints(double, before), TWO_BY_ROOT_PI);
  for (let n = 2; n <= order; n++) {
    const twice = multiplyPrints(constantPrint(constantOf(2 * (n - 1))), before);
    [before, last] = [last, addPrints(multiplyPrints(double, last), twice)];
  }
  return last;
}

/** Derivatives of log(i0(x)): r = i1(x) / i0(x), and 1 - r / x - r^2. */
function logBessel(x: Fingerprint, order: number): Fingerprint {
  if (order === 0) return logarithm(evenPrint('i0', x));
  const ratio = oddPrint('i1 / i0', x);
  if (order === 1) return ratio;
  if (order > 2) return order % 2 === 0 ? evenPrint(`i0 ${order}`, x) : oddPrint(`i0 ${order}`, x);
  const quotient = multiplyPrints(ratio, powerPrint(x, -1));
  return subtractPrints(subtractPrints(ONE, quotient), multiplyPrints(ratio, ratio));
}

type ElementwisePrint = (args: readonly Fingerprint[], node: Node) => Fingerprint;
const mixed =
  (label: string): ElementwisePrint =>
  (args) =>
    mixPrints(label, args);
const odd =
  (label: string): ElementwisePrint =>
  ([x]) =>
    oddPrint(label, x!);
const even =
  (label: string): ElementwisePrint =>
  ([x]) =>
    evenPrint(label, x!);

/**
 * Fingerprints of the element-by-element operators. Where an operator is tied to others by an identity (1 - sigmoid(x) is
 * sigmoid(-x)), its fingerprint is built so that the identity holds. Conditions are indicators, so a choice is linear in its branches.
 */
export const ELEMENTWISE_PRINTS: { readonly [K in ElementwiseOp]: ElementwisePrint } = {
  add: (args) => args.reduce(addPrints),
  mul: (args) => args.reduce(multiplyPrints),
  pow: (args, node) => {
    const exponent = node.args[1]!;
    const whole = exponent.op === 'const' && Number.isInteger(exponent.value);
    if (whole && exponent.value < 0 && isZero(args[0]!)) return INFINITE;
    return whole ? powerPrint(args[0]!, exponent.value) : mixPrints('pow', args);
  },
  max: largest,
  min: (args) => negatePrint(largest(args.map(negatePrint))),
  // Of a sum the printer makes a product.
  exp: ([x]) => exponential(x!),
  log: ([x]) => logarithm(x!),
  log1p: ([x]) => logarithm(addPrints(ONE, x!)),
  expm1: ([x]) => subtractPrints(exponential(x!), ONE),
  log1mexp: ([x]) => logarithm(subtractPrints(ONE, exponential(x!))),
  abs: even('abs'),
  sign: odd('sign'),
  floor: mixed('floor'),
  round: odd('round'),
  sin: odd('sin'),
  cos: even('cos'),
  acos: mixed('acos'),
  atan: odd('atan'),
  erf: odd('erf'),
  erfc: ([x]) => complement(x!),
  erfcx: ([x], { value }) => scaledErfc(x!, value),
  logErfc: ([x]) => logarithm(complement(x!)),
  logErfcSlope: ([x]) => multiplyPrints(TWO_BY_ROOT_PI, powerPrint(scaledErfc(x!, 0), -1)),
  i0: even('i0'),
  i0e: ([x]) => multiplyPrints(evenPrint('i0', x!), exponential(negatePrint(evenPrint('abs', x!)))),
  logI0: ([x], { value }) => logBessel(x!, value),
  logI0e: ([x], { value }) =>
    value > 1
      ? logBessel(x!, value)
      : subtractPrints(logBessel(x!, value), value === 0 ? evenPrint('abs', x!) : oddPrint('sign', x!)),
  lgamma: mixed('lgamma'),
  polygamma: (args, node) => mixPrints(`polygamma ${node.value}`, args),
  sigmoid: ([x]) => addPrints(HALF, sigmoidOdd(x!)),
  softplus: ([x]) => addPrints(multiplyPrints(HALF, x!), evenPrint('softplus', x!)),
  tanh: ([x]) => multiplyPrints(TWO, sigmoidOdd(multiplyPrints(TWO, x!))),
  relu: ([x]) => largest([x!, ZERO]),
  xlogy: ([x, y]) => multiplyPrints(x!, logarithm(y!)),
  stop: mixed('stop'),
  lt: ([x, y]) => less(x!, y!),
  le: ([x, y]) => subtractPrints(ONE, less(y!, x!)),
  eq: ([x, y]) => (samePrint(x!, y!) ? ONE : evenPrint('eq', subtractPrints(x!, y!))),
  and: ([x, y]) => multiplyPrints(x!, y!),
  or: ([x, y]) => subtractPrints(addPrints(x!, y!), multiplyPrints(x!, y!)),
  not: ([x]) => subtractPrints(ONE, x!),
  select: ([c, x, y]) => addPrints(y!, multiplyPrints(c!, subtractPrints(x!, y!))),
};

/** The terms of a sum; any other node is its own only term. */
export const termsOf = (node: Node): readonly Node[] => (node.op === 'add' ? node.args : [node]);
