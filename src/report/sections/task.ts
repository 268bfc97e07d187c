/** A task in words, for the head of a page. */
import type { Task, TrainingCase } from '../../evolve/model/task.js';
import { percent, whole } from '../html.js';

export function caseText({ model, dataset, trainExamples, labelNoise }: TrainingCase): string {
  const examples = trainExamples === undefined ? '' : `, ${whole(trainExamples)} training examples`;
  const noise = labelNoise > 0 ? `, ${percent(labelNoise, 0)} of the labels wrong` : '';
  return `${model} on ${dataset}${examples}${noise}`;
}

export const fitnessText = ({ fitness }: Task): string =>
  fitness.kind === 'accuracy' ? 'validation accuracy' : `steps to ${percent(fitness.accuracy, 0)}`;
