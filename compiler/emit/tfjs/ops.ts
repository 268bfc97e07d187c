import type { ElementwiseOp } from '../../operators/elementwise.js';

/** One operator in TensorFlow.js: on tensors, and on plain numbers. `helper` names a function that the module must hold. */
interface TfjsRow {
  readonly tensor: (args: readonly string[], order: number) => string;
  readonly number: (args: readonly string[], order: number) => string;
  readonly helpers?: readonly string[];
  /** How it is written where no argument is a number, if that differs. */
  readonly tensors?: Pick<TfjsRow, 'tensor' | 'helpers'>;
  /** How it is written between numbers, where it is not a call. */
  readonly infix?: { readonly sign: string; readonly level: 'comparison' | 'and' | 'or' };
}

const both = (tensor: string, number: string): TfjsRow => ({
  tensor: (args) => `tf.${tensor}(${args.join(', ')})`,
  number: (args) => `${number}(${args.join(', ')})`,
});
const extreme = (tensor: string, number: string): TfjsRow => ({
  ...both(tensor, number),
  tensors: { tensor: ([x, y]) => `extreme(tf.${tensor}, ${x}, ${y})`, helpers: ['extreme'] },
});
const helped = (name: string, numberHelper: string): TfjsRow => ({
  tensor: (args, order) => `${name}(${name === 'polygamma' ? `${order}, ` : ''}${args.join(', ')})`,
  number: (args, order) =>
    `${numberHelper}(${numberHelper === 'polygammaOf' ? `${order}, ` : ''}${args.join(', ')})`,
  helpers: [name, numberHelper],
});
/** A helper of ours on tensors, where TensorFlow.js loses digits; JavaScript's own function on numbers. */
const ownOnTensors = (name: string, number: string): TfjsRow => ({
  tensor: (args) => `${name}(${args.join(', ')})`,
  number: (args) => `${number}(${args.join(', ')})`,
  helpers: [name],
});
const comparison = (tensor: string, sign: string): TfjsRow => ({
  tensor: (args) => `condition(tf.${tensor}, ${args.join(', ')})`,
  number: (args) => args.join(` ${sign} `),
  helpers: ['condition'],
  infix: { sign, level: 'comparison' },
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
  sin: ownOnTensors('sine', 'Math.sin'),
  cos: both('cos', 'Math.cos'),
  acos: both('acos', 'Math.acos'),
  atan: both('atan', 'Math.atan'),
  erf: helped('erf', 'erfOf'),
  lgamma: helped('lgamma', 'lgammaOf'),
  polygamma: helped('polygamma', 'polygammaOf'),
  sigmoid: {
    tensor: (args) => `tf.sigmoid(${args[0]})`,
    number: (args) => `(1 / (1 + Math.exp(-(${args[0]}))))`,
  },
  softplus: helped('softplus', 'softplusOf'),
  tanh: both('tanh', 'Math.tanh'),
  relu: { tensor: (args) => `tf.relu(${args[0]})`, number: (args) => `Math.max(${args[0]}, 0)` },
  xlogy: helped('xlogy', 'xlogyOf'),
  stop: { tensor: (args) => args[0]!, number: (args) => args[0]! },
  lt: comparison('less', '<'),
  le: comparison('lessEqual', '<='),
  eq: comparison('equal', '==='),
  and: {
    tensor: (args) => `condition(tf.logicalAnd, ${args.join(', ')})`,
    number: (args) => args.join(' && '),
    helpers: ['condition'],
    infix: { sign: '&&', level: 'and' },
  },
  or: {
    tensor: (args) => `condition(tf.logicalOr, ${args.join(', ')})`,
    number: (args) => args.join(' || '),
    helpers: ['condition'],
    infix: { sign: '||', level: 'or' },
  },
  not: {
    tensor: (args) => `condition(tf.logicalNot, ${args.join(', ')})`,
    number: (args) => `!(${args[0]})`,
    helpers: ['condition'],
  },
};
