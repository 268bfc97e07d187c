/** A task in words, for the head of a page. */
import type { CommonSettings } from '../../evolve/model/run-settings.js';
import type { TrainingCase } from '../../evolve/model/task.js';
import { METRICS } from '../../runtime/tasks/metrics.js';
import { metricFor } from '../../runtime/tasks/tasks.js';
import { percent, whole } from '../html.js';

function caseText({ model, dataset, trainExamples, labelNoise }: TrainingCase): string {
  const examples = trainExamples === undefined ? '' : `, ${whole(trainExamples)} training examples`;
  const noise = labelNoise > 0 ? `, ${percent(labelNoise, 0)} of the labels wrong` : '';
  return `${model} on ${dataset}${examples}${noise}`;
}

/** What trains: models on data of ours, or somebody's script. */
export const trainerText = ({ task, evaluator }: Pick<CommonSettings, 'task' | 'evaluator'>): string =>
  evaluator === undefined
    ? task.cases.map(caseText).join('; ')
    : 'command' in evaluator
      ? `trained by ${evaluator.command}`
      : 'trained by hand (--ask)';

export function fitnessText({
  task: { fitness, metric },
  learning,
  evaluator,
}: Pick<CommonSettings, 'task' | 'learning' | 'evaluator'>): string {
  if (evaluator !== undefined) return 'what the evaluator measures';
  const { scoreText } = METRICS[metricFor(learning?.task ?? 'classification', metric)];
  return fitness.kind === 'score'
    ? `validation ${scoreText}`
    : `how early the validation ${scoreText} reaches ${percent(fitness.score, 0)}`;
}
