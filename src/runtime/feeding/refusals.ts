/** Why a loss cannot be trained in a task, in one sentence each: what the loss takes, what a task gives, and the cure. */

import type { LoweredInput, LoweredParameter } from '../../../compiler/lower/lowered.js';
import type { Range } from '../../../compiler/operators/range.js';
import type { DomainName } from '../../../compiler/resolve/domains.js';
import { printDomain } from '../../../grammar/print/print.js';
import type { Input } from '../../../grammar/tree/ast.js';
import { RunError } from '../../errors.js';
import { type Learning, outputsOfDistribution, type TaskKind } from '../tasks/learning.js';
import { TASKS } from '../tasks/tasks.js';

const plenty = (task: TaskKind): string =>
  `training takes losses with one target and one prediction, such as std/${TASKS[task].baseline}`;

const list = (inputs: readonly LoweredInput[]): string => inputs.map(({ name }) => `"${name}"`).join(', ');

const inputText = ({ name, domain }: Input): string =>
  domain === undefined ? name.name : `${name.name}: ${printDomain(domain)}`;

/** A domain as it is written. */
const domainText = (domain: DomainName, { lo, hi }: Range): string =>
  domain === 'between' ? `between(${lo}, ${hi})` : domain;

function refusal(loss: string, takes: string, gives: string, hint: string): RunError {
  return new RunError(`the loss "${loss}" cannot be trained here: ${takes}, but ${gives}`, hint);
}

/** What the data holds, as "5 classes". */
const amount = ({ task, outputs }: Learning): string => `${outputs} ${TASKS[task].outputs}`;

export const REFUSALS = {
  'no target': (loss: string, task: TaskKind) =>
    refusal(loss, 'it takes no target', 'the data gives it labels to learn', plenty(task)),
  'several predictions': (loss: string, inputs: readonly LoweredInput[], task: TaskKind) =>
    refusal(
      loss,
      `it takes ${inputs.length} predictions (${list(inputs)})`,
      'a network gives one',
      task === 'regression' && inputs.length === 2
        ? 'use --learn mean-and-variance to learn a mean and a variance'
        : 'mark an input that no network gives with "data", as in "data NAME: real"',
    ),
  'no mean and variance': (loss: string, predictions: readonly Input[]) =>
    refusal(
      loss,
      `its predictions are ${predictions.map(inputText).join(', ')}`,
      'a network gives a mean and a variance',
      'declare them as "center: real" and "variance: positive", or "scale: positive" for the root of it',
    ),
  'no progress': (loss: string, input: Input) =>
    refusal(
      loss,
      `its input of data is ${inputText(input)}`,
      'training gives it the share that is done, one number from 0 to 1',
      'declare it as "data progress: unit", or give it another name if it is something else',
    ),
  'unknown progress': (loss: string) =>
    new RunError(
      `the loss "${loss}" takes the share of the training that is done, and it is not given`,
      'give valueAndGradient a number from 0 to 1 as its third argument',
    ),
  'given progress': (loss: string) =>
    new RunError(
      `"progress" is an input of the loss "${loss}" and no parameter: training gives it the share that is done`,
      'leave --param progress out',
    ),
  'several data': (loss: string, inputs: readonly LoweredInput[], task: TaskKind) =>
    refusal(
      loss,
      `it takes ${inputs.length} inputs of data (${list(inputs)})`,
      'the data gives one, the labels',
      plenty(task),
    ),
  'prediction domain': (loss: string, { name, domain, node }: LoweredInput, task: TaskKind) =>
    refusal(
      loss,
      `its prediction "${name}" is ${domainText(domain, node.range)}`,
      `the output of a network ${task === 'classification' ? '' : `in ${task} `}is any number`,
      `declare it as ${TASKS[task].predictions.join(' or ')}, and bring it into its domain in the body, as exp(prediction) does`,
    ),
  'target domain': (loss: string, { name, domain, node }: LoweredInput, task: TaskKind) =>
    refusal(
      loss,
      `its target "${name}" is ${domainText(domain, node.range)}`,
      TASKS[task].given,
      `declare it as ${TASKS[task].domains}`,
    ),
  'axes of the prediction': (loss: string, { name }: LoweredInput, axes: readonly string[], task: TaskKind) =>
    refusal(
      loss,
      `its prediction "${name}" has the axes ${axes.join(', ')}`,
      `a network gives one number for each ${TASKS[task].output}`,
      plenty(task),
    ),
  'axes of the target': (loss: string, target: LoweredInput, prediction: LoweredInput, task: TaskKind) =>
    refusal(
      loss,
      `its target "${target.name}" and its prediction "${prediction.name}" have different axes`,
      outputsOfDistribution(task) === undefined
        ? `the data gives both one number for each ${TASKS[task].output}`
        : `the data gives one number, and a network one for each ${TASKS[task].output}`,
      outputsOfDistribution(task) !== undefined
        ? `declare "${target.name}: real" without an axis`
        : `give both the same axis, as in [${TASKS[task].output}]${task === 'classification' ? `, or declare "${target.name}: integer" for the number of the class` : ''}`,
    ),
  'fixed size': (loss: string, axis: string, size: number, learning: Learning) =>
    refusal(
      loss,
      `its axis "${axis}" has ${size} entries`,
      `the data has ${amount(learning)}`,
      `leave the size out, or use data of ${size} ${TASKS[learning.task].outputs}`,
    ),
  'size of a parameter': (loss: string, name: string, axis: string, size: number, learning: Learning) =>
    refusal(
      loss,
      `its parameter "${name}" has ${size} entries along "${axis}"`,
      `the data has ${amount(learning)}`,
      `give ${learning.outputs} values with --param ${name}=…, or one number for all`,
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
      `its derivative with respect to "${name}" is 0`,
      'training needs a gradient',
      'set its parameters to other values with --param; "lossc explain" says more',
    ),
  'no class': (loss: string, prediction: LoweredInput, task: TaskKind) =>
    refusal(
      loss,
      `it does not say which number of "${prediction.name}" belongs to which ${TASKS[task].output}`,
      task === 'classification'
        ? 'accuracy takes the largest as the answer'
        : `each ${TASKS[task].output} is judged by its own number`,
      outputsOfDistribution(task) === undefined
        ? 'losses of embeddings are trained with your own loop, with what "lossc compile" writes'
        : `take the output of a network, as in "${TASKS[task].signature}"`,
    ),
} as const;

export type Refusal = keyof typeof REFUSALS;
