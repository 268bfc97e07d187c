import type { ElementwiseOp } from '../../operators/elementwise.js';
import type { HelperName } from '../helpers/helpers.js';

/** A call with the arguments of an operator. */
interface TensorCall {
  /** What is called. */
  readonly head: string;
  /** What stands before the arguments. */
  readonly first?: string;
  /** Whether the order of a derivative does. */
  readonly takesOrder?: boolean;
  /** The function that the module must hold for it. */
  readonly helper?: HelperName;
}

/** One operator in TensorFlow.js: on tensors, and on plain numbers. */
interface TfjsRow {
  /** Undefined for an operator that is its argument. */
  readonly tensor: TensorCall | undefined;
  /** How it is written where no argument is a number, if that differs. */
  readonly tensors?: TensorCall;
  readonly number: (args: readonly string[], order: number) => string;
  readonly numberHelper?: HelperName;
  /** How it is written between numbers, where it is not a call. */
  readonly infix?: { readonly sign: string; readonly level: 'comparison' | 'and' | 'or' };
}

const numberCall =
  (name: string) =>
  (args: readonly string[]): string =>
    `${name}(${args.join(', ')})`;

const both = (tensor: string, number: string): TfjsRow => ({
  tensor: { head: `tf.${tensor}` },
  number: numberCall(number),
});
const extreme = (tensor: string, number: string): TfjsRow => ({
  ...both(tensor, number),
  tensors: { head: 'extreme', first: `tf.${tensor}`, helper: 'extreme' },
});
const helped = (helper: HelperName, numberHelper: HelperName): TfjsRow => ({
  tensor: { head: helper, helper },
  number: numberCall(numberHelper),
  numberHelper,
});
/** The order of a derivative comes before the argument. */
const withOrder = (helper: HelperName, numberHelper: HelperName): TfjsRow => ({
  tensor: { head: helper, takesOrder: true, helper },
  number: ([x], order) => `${numberHelper}(${order}, ${x})`,
  numberHelper,
});
/** A helper of ours on tensors, where TensorFlow.js loses digits; JavaScript's own function on numbers. */
const ownOnTensors = (helper: HelperName, number: string): TfjsRow => ({
  tensor: { head: helper, helper },
  number: numberCall(number),
});
const condition = (tensor: string): TensorCall => ({
  head: 'condition',
  first: `tf.${tensor}`,
  helper: 'condition',
});
const infix = (tensor: string, sign: string, level: 'comparison' | 'and' | 'or'): TfjsRow => ({
  tensor: condition(tensor),
  number: (args) => args.join(` ${sign} `),
  infix: { sign, level },
});

/** Sums, products, powers and choices need more than a call: the emitter writes them. */
export type CallOp = Exclude<ElementwiseOp, 'add' | 'mul' | 'pow' | 'select'>;

export const TFJS: { readonly [K in CallOp]: TfjsRow } = {
  max: extreme('maximum', 'Math.max'),
  min: extreme('minimum', 'Math.min'),
  exp: both('exp', 'Math.exp'),
  log: both('log', 'Math.log'),
  log1p: ownOnTensors('log1p', 'Math.log1p'),
  expm1: both('expm1', 'Math.expm1'),
  log1mexp: helped('log1mexp', 'log1mexpOf'),
  abs: both('abs', 'Math.abs'),
  sign: ownOnTensors('signs', 'Math.sign'),
  floor: both('floor', 'Math.floor'),
  round: {
    tensor: { head: 'tf.round' },
    number: numberCall('roundHalfEvenOf'),
    numberHelper: 'roundHalfEvenOf',
  },
  sin: ownOnTensors('sine', 'Math.sin'),
  cos: ownOnTensors('cosine', 'Math.cos'),
  acos: both('acos', 'Math.acos'),
  atan: both('atan', 'Math.atan'),
  erf: helped('erf', 'erfOf'),
  erfc: helped('erfc', 'erfcOf'),
  erfcx: withOrder('erfcx', 'erfcxOf'),
  logErfc: helped('logErfc', 'logErfcOf'),
  logErfcSlope: helped('logErfcSlope', 'logErfcSlopeOf'),
  i0: helped('i0', 'i0Of'),
  i0e: helped('i0e', 'i0eOf'),
  logI0: withOrder('logI0', 'logI0Of'),
  logI0e: withOrder('logI0e', 'logI0eOf'),
  lgamma: helped('lgamma', 'lgammaOf'),
  polygamma: withOrder('polygamma', 'polygammaOf'),
  sigmoid: {
    tensor: { head: 'tf.sigmoid' },
    number: ([x]) => `(1 / (1 + Math.exp(-(${x}))))`,
  },
  softplus: helped('softplus', 'softplusOf'),
  tanh: both('tanh', 'Math.tanh'),
  relu: { tensor: { head: 'tf.relu' }, number: ([x]) => `Math.max(${x}, 0)` },
  xlogy: helped('xlogy', 'xlogyOf'),
  stop: { tensor: undefined, number: ([x]) => x! },
  lt: infix('less', '<', 'comparison'),
  le: infix('lessEqual', '<=', 'comparison'),
  eq: infix('equal', '===', 'comparison'),
  and: infix('logicalAnd', '&&', 'and'),
  or: infix('logicalOr', '||', 'or'),
  not: { tensor: condition('logicalNot'), number: ([x]) => `!(${x})` },
};

export const isCall = (op: string): op is CallOp => Object.hasOwn(TFJS, op);
