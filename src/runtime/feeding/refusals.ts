/** Why a loss cannot be trained on class labels, in one sentence each: what the loss takes, what a task gives, and the cure. */

import type { LoweredInput, LoweredParameter } from '../../../compiler/lower/lowered.js';
import type { Range } from '../../../compiler/operators/range.js';
import type { DomainName } from '../../../compiler/resolve/domains.js';
import { RunError } from '../../errors.js';

const PLENTY = 'training takes losses of one target and one prediction, such as std/cross_entropy';

const list = (inputs: readonly LoweredInput[]): string => inputs.map(({ name }) => `"${name}"`).join(', ');

/** A domain as it is written. */
const domainText = (domain: DomainName, { lo, hi }: Range): string =>
  domain === 'between' ? `between(${lo}, ${hi})` : domain;

function refusal(loss: string, takes: string, gives: string, hint: string = PLENTY): RunError {
  return new RunError(`the loss "${loss}" cannot be trained here: ${takes}, and ${gives}`, hint);
}

export const REFUSALS = {
  'no target': (loss: string) => refusal(loss, 'it takes no target', 'the data gives it labels to learn'),
  'several predictions': (loss: string, inputs: readonly LoweredInput[]) =>
    refusal(
      loss,
      `it takes ${inputs.length} predictions (${list(inputs)})`,
      'a network gives one',
      'mark an input that no network gives with "data", as in "data NAME: real"',
    ),
  'several data': (loss: string, inputs: readonly LoweredInput[]) =>
    refusal(
      loss,
      `it takes ${inputs.length} inputs of data (${list(inputs)})`,
      'the data gives one, the labels',
    ),
  'prediction domain': (loss: string, { name, domain, node }: LoweredInput) =>
    refusal(
      loss,
      `its prediction "${name}" is ${domainText(domain, node.range)}`,
      'the output of a network is any number',
      'declare it as probability, unit, logits or real, and bring it into its domain in the body, as exp(prediction) does',
    ),
  'target domain': (loss: string, { name, domain, node }: LoweredInput) =>
    refusal(
      loss,
      `its target "${name}" is ${domainText(domain, node.range)}`,
      'labels become rows of 0 and 1',
      'declare it as onehot, probability, unit, binary, sign, integer or real',
    ),
  'axes of the prediction': (loss: string, { name }: LoweredInput, axes: readonly string[]) =>
    refusal(
      loss,
      `its prediction "${name}" has the axes ${axes.join(', ')}`,
      'a network gives one number for each class',
    ),
  'axes of the target': (loss: string, target: LoweredInput, prediction: LoweredInput) =>
    refusal(
      loss,
      `its target "${target.name}" and its prediction "${prediction.name}" have different axes`,
      'the data gives both one number for each class',
      `give both the same axis, as in [class], or declare "${target.name}: integer" for the number of the class`,
    ),
  'fixed size': (loss: string, axis: string, size: number, classes: number) =>
    refusal(
      loss,
      `its axis "${axis}" has ${size} entries`,
      `the data has ${classes} classes`,
      `leave the size out, or use data of ${size} classes`,
    ),
  'size of a parameter': (loss: string, name: string, axis: string, size: number, classes: number) =>
    refusal(
      loss,
      `its parameter "${name}" has ${size} entries along "${axis}"`,
      `the data has ${classes} classes`,
      `give ${classes} values with --param ${name}=…, or one number for all`,
    ),
  'shape of a parameter': (loss: string, name: string, problem: string) =>
    new RunError(
      `the loss "${loss}" cannot be trained here: its parameter "${name}" does not fit: ${problem}`,
    ),
  'missing parameter': (loss: string, name: string) =>
    refusal(
      loss,
      `its parameter "${name}" has no default`,
      'no value is given',
      `give one with --param ${name}=VALUE, or a default in the file`,
    ),
  'unknown parameter': (loss: string, name: string, known: readonly string[]) =>
    new RunError(
      `the loss "${loss}" has no parameter "${name}"`,
      known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`,
    ),
  'parameter domain': (loss: string, value: number, { name, domain, range }: LoweredParameter) =>
    new RunError(`${loss}: ${name} = ${value} is not ${domainText(domain, range)}`),
  'no gradient': (loss: string, { name }: LoweredInput) =>
    refusal(
      loss,
      `its derivative by "${name}" is 0`,
      'training follows the derivative',
      'give its parameters other values with --param; "lossc explain" says more',
    ),
  'no class': (loss: string, prediction: LoweredInput) =>
    refusal(
      loss,
      `it does not say which number of "${prediction.name}" belongs to which class`,
      'accuracy counts the largest as the answer',
      'losses of embeddings are trained with your own loop, with what "lossc compile" writes',
    ),
} as const;

export type Refusal = keyof typeof REFUSALS;
