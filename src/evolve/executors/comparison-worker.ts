/** The task module of comparisons: trains in a worker process as `lossc compare` does in its own, the test split included. */
import { programOf } from '../../../compiler/resolve/program.js';
import { RunError } from '../../errors.js';
import { validated } from '../../read-json.js';
import { openBackend } from '../../runtime/backend.js';
import { createRunner } from '../../runtime/compare-runner.js';
import { compileForTraining, liveTensors, trainedBy } from '../../runtime/compile-for-training.js';
import { splitDataset } from '../../runtime/data/dataset.js';
import { loadDataset } from '../../runtime/data/load-dataset.js';
import { createModel } from '../../runtime/models/create-model.js';
import { readLoss } from '../losses/subject.js';
import { type ComparisonJob, comparisonSetup, comparisonTask } from '../training/comparison-protocol.js';
import type { TrainerDescription } from '../training/protocol.js';
import type { TaskRunner } from './pool/protocol.js';

export async function createTaskRunner(given: unknown): Promise<TaskRunner> {
  const setup = validated(given, comparisonSetup, 'the setup of a worker is wrong');
  const { metric, steps, dataSeed, cases } = setup.task;
  const [one] = cases;
  if (one === undefined || cases.length > 1)
    throw new RunError('a comparison has one data set and one model');
  const backend = await openBackend({ name: setup.backend });
  const dataset = await loadDataset(one.dataset, { ...one, folder: one.data });
  const data = splitDataset(dataset, dataSeed, one);
  const { task, outputs } = data.search;

  function train({ sources, name, factor, learningRate, seed, phase, evaluateEvery }: ComparisonJob) {
    const { loss, library } = readLoss(sources, name);
    const compared = {
      name: loss.name.name,
      loss: () => compileForTraining(programOf([loss], library), loss, dataset),
    };
    const runner = createRunner(
      {
        ...{ losses: [compared], runs: 1, steps, metric, evaluateEvery },
        model: (request) => createModel(one!.model, request, { hidden: one!.hidden }),
        batchSize: one!.batchSize,
        optimizer: one!.optimizer,
        augmentation: one!.augmentation,
      },
      data,
    );
    return runner.train({ compared, learningRate, factor, seed, phase });
  }

  return {
    async run(given) {
      const asked = validated(given, comparisonTask, 'the task of a worker is wrong');
      if (asked.kind === 'compare') return train(asked.job);
      return {
        backend: backend.name,
        device: backend.device,
        ...trainedBy(),
        learning: { task, outputs },
        liveTensors: liveTensors(),
      } satisfies TrainerDescription;
    },
    dispose: () => backend.release(),
  };
}
