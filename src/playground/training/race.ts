/** Losses that train the same network on the same digits, side by side. */
import { compileForTraining } from '../../runtime/compile-for-training.js';
import { type SearchData, splitDataset } from '../../runtime/data/dataset.js';
import { drawDigits } from '../../runtime/data/digits.js';
import { createMlp } from '../../runtime/models/mlp.js';
import { trainModel } from '../../runtime/train.js';
import type { LossRef } from '../messages.js';
import { lossOf } from '../worker/losses.js';
import type { RaceNews, RaceSettings } from './messages.js';

const SEED = '1';
const VALIDATION = 500;
const BATCH = 50;
/** Looks at the validation examples: the points of a learning curve. */
const LOOKS = 40;
const HIDDEN = [32];

export async function race(
  losses: readonly LossRef[],
  settings: RaceSettings,
  tell: (news: RaceNews) => void,
): Promise<void> {
  const data = digits(settings.examples);
  // Compiled before any of them trains: a mistake in the last one is told at once.
  const compiled = losses.map((ref) => {
    const { program, decl } = lossOf(ref);
    return compileForTraining(program, decl, data);
  });
  await Promise.all(
    compiled.map(async (loss, i) => {
      const model = createMlp({ ...data, seed: SEED }, HIDDEN);
      try {
        const { stepsPerSecond, stoppedAt } = await trainModel({
          model,
          loss,
          data,
          steps: settings.steps,
          batchSize: Math.min(BATCH, data.train.count),
          optimizer: { kind: 'sgd', learningRate: settings.learningRate },
          seed: SEED,
          evaluateEvery: Math.max(1, Math.ceil(settings.steps / LOOKS)),
          continueAfter: ({ step, value }) => {
            tell({ kind: 'look', loss: i, step, accuracy: value });
            return true;
          },
          onProgress: ({ step, steps, validationValue }) => {
            if (step === steps && validationValue !== undefined)
              tell({ kind: 'look', loss: i, step, accuracy: validationValue });
          },
        });
        const broke = stoppedAt && `the loss was ${stoppedAt.reason} at step ${stoppedAt.step}`;
        tell({ kind: 'trained', loss: i, stepsPerSecond, ...(broke !== undefined && { broke }) });
      } finally {
        model.dispose();
        loss.dispose();
      }
    }),
  );
}

function digits(examples: number): SearchData {
  const dataset = drawDigits({ train: examples + VALIDATION, test: 1 });
  return splitDataset(dataset, SEED, { validationExamples: VALIDATION, trainExamples: examples }).search;
}
