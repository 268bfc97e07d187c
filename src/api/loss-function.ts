/** A loss as a function of tensors, in one call. */
import * as tf from '@tensorflow/tfjs-core';
import type { GuardPolicy } from '../../compiler/guard/guard.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { LossError, type Source } from '../../grammar/diagnostics/diagnostic.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import { emittedFunctions } from '../runtime/load.js';
import { demand, type Expectation, isRecord, TEXT } from './demand.js';
import { importResolver, readLossFile } from './files.js';
import { SOURCE } from './kinds.js';
import { compileLoss } from './losses.js';
import { checkProgram, loadProgram, lossesOf } from './programs.js';

/** What `lossFunction` takes. All of it may be left out. */
export interface LossFunctionOptions {
  /** Which loss, where the text has several. */
  readonly loss?: string;
  /** Predictions on `probability` or `unit` are given as logits: `true` for all, or their names. */
  readonly fromLogits?: boolean | readonly string[];
  /** What happens outside of a function's domain; `protected` unless told. */
  readonly guards?: GuardPolicy;
}

/** What a call may say after the inputs; parameters of the loss too, by name. */
export interface LossCallOptions {
  /** How the items become one number; `mean` unless told. */
  readonly reduction?: 'mean' | 'sum' | 'none' | 'weightedMean';
  /** A weight per item, in the items' shape or that of its first axes. */
  readonly sampleWeight?: tf.Tensor;
  /** A label that leaves its item out; -100 unless told. */
  readonly ignoreLabel?: number;
  /** Check the values of the inputs too. Reads the tensors back, so for debugging only. */
  readonly checkInputs?: boolean;
  readonly [parameter: string]: ParameterValue | tf.Tensor | string | boolean | undefined;
}

/** The inputs in the order in which the loss names them, then options. */
export type LossArguments = readonly tf.Tensor[] | readonly [...tf.Tensor[], LossCallOptions];

/** A loss for TensorFlow.js. `tf.grad` and optimizers find its symbolic gradient. */
export interface LossFunction {
  (...given: LossArguments): tf.Tensor;
  /** What it takes, in order. */
  readonly inputs: readonly string[];
  /** What may be given by name among the options of a call. */
  readonly parameters: readonly string[];
  /**
   * One number per example of the batch: for `model.compile({ loss })` of TensorFlow.js layers, where sample and class weights then
   * count as they should. Not there for a loss that reduces the batch itself.
   */
  readonly perExample?: (...given: LossArguments) => tf.Tensor;
  /** The reduced value and its derivative by every prediction and parameter, without a tape. The tensors belong to the caller. */
  readonly gradients: (...given: LossArguments) => {
    readonly value: tf.Tensor;
    readonly gradients: Readonly<Record<string, tf.Tensor>>;
  };
}

/**
 * Compiles a loss to a function for TensorFlow.js: a text, `std/NAME` for a standard loss, or what `readLossFile` gives. Throws
 * `LossError` with all diagnostics when the text has mistakes. Nothing is written, and nothing of a text runs but what the
 * compiler makes of it.
 *
 * @example
 * import * as tf from '@tensorflow/tfjs-core';
 * import { lossFunction, openBackend } from 'lossc/training';
 *
 * await openBackend({ name: 'cpu' });
 * const focal = lossFunction('std/focal', { fromLogits: true });
 * const labels = tf.tensor1d([0, 2], 'int32');
 * const logits = tf.tensor2d([[2, 0, 0], [0, 0, 0]]);
 * console.log(focal(labels, logits, { gamma: 0, alpha: 1 }).dataSync()[0]!.toFixed(4)); // 0.6691
 * console.log(tf.grad((x) => focal(labels, x))(logits).shape.join(' by ')); // 2 by 3
 */
export function lossFunction(source: string | Source, options: LossFunctionOptions = {}): LossFunction {
  demand('lossFunction', [['source', source, TEXT_OR_SOURCE]]);
  const { loss: wanted, ...compiling } = options;
  if (wanted !== undefined) demand('lossFunction', [['the option loss', wanted, TEXT]]);
  const known =
    typeof source !== 'string' ? source : isStandard(source) ? readLossFile(source) : textSource(source);
  const program = loadProgram(known, importResolver(known.name));
  const errors = checkProgram(program).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new LossError(errors, program.module.source);
  const compiled = compileLoss(program, theLoss(lossesOf(program), wanted), compiling);
  const functions = emittedFunctions(tf, compiled);
  return Object.assign((...given: LossArguments) => functions.value(...given), {
    inputs: compiled.inputs.map(({ name }) => name),
    parameters: [...functions.parameters],
    ...(functions.perExample !== undefined && { perExample: functions.perExample }),
    gradients: functions.gradients,
  });
}

const isStandard = (text: string): boolean => /^std\/\w+$/.test(text);

/** It imports what lies beside the working directory. */
const textSource = (text: string): Source => ({ name: 'loss.loss', text });

const TEXT_OR_SOURCE: Expectation = {
  what: 'the text of a loss, "std/NAME" or { name, text }',
  holds: (value) => (typeof value === 'string' ? !isPath(value) : SOURCE.holds(value)),
  cure: (value) => {
    if (typeof value === 'string') return `lossFunction(readLossFile(${JSON.stringify(value)})) takes a file`;
    return isRecord(value) && 'lowered' in value ? 'give the text that it was compiled from' : undefined;
  },
};

/** A path where a text was expected: a loss has blanks in it. */
const isPath = (text: string): boolean => /^\S+\.loss$/.test(text);

function theLoss(losses: readonly LossDecl[], wanted: string | undefined): LossDecl {
  const names = losses.map(({ name }) => name.name);
  const [first, second] = losses;
  if (first === undefined)
    throw new TypeError('lossFunction: the text declares no loss: "loss NAME(…) = …" does');
  if (wanted === undefined && second !== undefined)
    throw new TypeError(
      `lossFunction: the text has several losses: say which with { loss }, one of ${names.join(', ')}`,
    );
  const found = wanted === undefined ? first : losses.find(({ name }) => name.name === wanted);
  if (found === undefined)
    throw new TypeError(`lossFunction: the text has no loss "${wanted}"; it has ${names.join(', ')}`);
  return found;
}
