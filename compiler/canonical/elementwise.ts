import type { ElementwiseOp } from '../graph/elementwise.js';
import { constantOf } from '../graph/exact.js';
import type { Node } from '../graph/graph.js';
import { factorsOf } from '../graph/node-range.js';
import {
  addPrints,
  constantPrint,
  evenPrint,
  type Fingerprint,
  mixPrints,
  multiplyPrints,
  negatePrint,
  ONE,
  oddPrint,
  powerPrint,
  subtractPrints,
  ZERO,
} from './fingerprint.js';

export const HALF = constantPrint(constantOf(0.5));
const TWO = constantPrint(constantOf(2));
export const exponential = (x: Fingerprint): Fingerprint => mixPrints('exp', [x]);
const logarithm = (x: Fingerprint): Fingerprint => mixPrints('log', [x]);
export const logSoftmaxPrint = (label: string, x: Fingerprint): Fingerprint =>
  subtractPrints(x, mixPrints(label.replace('logSoftmax', 'logsumexp'), [x]));
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
    return whole ? powerPrint(args[0]!, exponent.value) : mixPrints('pow', args);
  },
  max: largest,
  min: (args) => negatePrint(largest(args.map(negatePrint))),
  exp: (terms, node) => exponentialOf(termsOf(node.args[0]!), terms),
  log: ([x]) => logarithm(x!),
  log1p: ([x]) => logarithm(addPrints(ONE, x!)),
  expm1: ([x]) => subtractPrints(exponential(x!), ONE),
  log1mexp: ([x]) => logarithm(subtractPrints(ONE, exponential(x!))),
  abs: even('abs'),
  sign: odd('sign'),
  sin: odd('sin'),
  cos: even('cos'),
  acos: mixed('acos'),
  atan: odd('atan'),
  erf: odd('erf'),
  lgamma: mixed('lgamma'),
  polygamma: (args, node) => mixPrints(`polygamma ${node.value}`, args),
  sigmoid: ([x]) => addPrints(HALF, sigmoidOdd(x!)),
  softplus: ([x]) => addPrints(multiplyPrints(HALF, x!), evenPrint('softplus', x!)),
  tanh: ([x]) => multiplyPrints(TWO, sigmoidOdd(multiplyPrints(TWO, x!))),
  relu: ([x]) => largest([x!, ZERO]),
  xlogy: ([x, y]) => multiplyPrints(x!, logarithm(y!)),
  stop: mixed('stop'),
  lt: ([x, y]) => mixPrints('lt', [subtractPrints(y!, x!)]),
  le: ([x, y]) => subtractPrints(ONE, mixPrints('lt', [subtractPrints(x!, y!)])),
  eq: ([x, y]) => evenPrint('eq', subtractPrints(x!, y!)),
  and: ([x, y]) => multiplyPrints(x!, y!),
  or: ([x, y]) => subtractPrints(addPrints(x!, y!), multiplyPrints(x!, y!)),
  not: ([x]) => subtractPrints(ONE, x!),
  select: ([c, x, y]) => addPrints(y!, multiplyPrints(c!, subtractPrints(x!, y!))),
};

/** The terms of a sum; any other node is its own only term. */
export const termsOf = (node: Node): readonly Node[] => (node.op === 'add' ? node.args : [node]);

/** exp of a sum is a product, and exp(2 * x) the square of exp(x): one power for each term. */
function exponentialOf(terms: readonly Node[], prints: readonly Fingerprint[]): Fingerprint {
  return terms
    .map((term, i) => {
      const number = factorsOf(term)[0]!;
      if (number.op !== 'const' || !Number.isInteger(number.value) || number.value === 0)
        return exponential(prints[i]!);
      const rest = multiplyPrints(prints[i]!, powerPrint(constantPrint(number), -1));
      return powerPrint(exponential(rest), number.value);
    })
    .reduce(multiplyPrints);
}
