/** The task module of a search: analyses, probes and trains candidates in a worker process. */
import { invariant } from '../../../grammar/invariant.js';
import { messageOf, RunError } from '../../errors.js';
import { validated } from '../../read-json.js';
import type { Backend } from '../../runtime/backend.js';
import { searchSpace } from '../gp/space.js';
import { spaceContext } from '../losses/compiler.js';
import { readSketch } from '../losses/subject.js';
import type { Candidate } from '../model/candidate.js';
import { failedReport, type TrainingJob, type TrainingReport } from '../model/evaluator.js';
import { analyseGenome, type CascadeContext, probeGenome } from '../screening/cascade.js';
import { candidatesOf } from '../training/job-candidate.js';
import {
  type ScreeningSetup,
  type TrainerDescription,
  type WorkerSetup,
  workerSetup,
  workerTask,
} from '../training/protocol.js';
import type { Trainer } from '../training/trainer.js';
import type { TaskRunner } from './pool/protocol.js';

export async function createTaskRunner(given: unknown): Promise<TaskRunner> {
  const setup = validated(given, workerSetup, 'the setup of a worker is wrong');
  const training = await createTraining(setup);
  const screening = createScreening(setup, training?.screening);
  const candidates = candidatesOf(setup.subject);
  return {
    async run(given) {
      const task = validated(given, workerTask, 'the task of a worker is wrong');
      switch (task.kind) {
        case 'describe':
          invariant(training !== undefined, 'a worker that only screens was asked what it trains on');
          return training.describe();
        case 'analyse':
          return task.genomes.map((genome) => analyseGenome(genome, screening()));
        case 'probe':
          return task.genomes.map((genome) => probeGenome(genome, screening()));
        case 'train':
          invariant(training !== undefined, 'a worker that only screens was asked to train');
          return train(training.trainer, () => candidates(task.job), task.job);
      }
    },
    dispose: () => training?.backend.release(),
  };
}

interface Training {
  readonly backend: Backend;
  readonly trainer: Trainer;
  readonly screening: ScreeningSetup;
  describe(): TrainerDescription;
}

async function createTraining({ work, backend: name }: WorkerSetup): Promise<Training | undefined> {
  if (work.kind === 'screen') return undefined;
  // A worker that only screens needs no TensorFlow.js.
  const [{ openBackend }, { trainedBy }, { createTrainer }] = await Promise.all([
    import('../../runtime/backend.js'),
    import('../../runtime/compile-for-training.js'),
    import('../training/trainer.js'),
  ]);
  const backend = await openBackend({ name });
  const trainer = await createTrainer(work.task);
  const { learning } = trainer;
  return {
    backend,
    trainer,
    screening: { learning, scaleMatters: work.task.scale === 'raw' },
    describe: () => ({
      backend: backend.name,
      device: backend.device,
      ...trainedBy(),
      learning,
      liveTensors: trainer.liveTensors(),
    }),
  };
}

/** Mistakes in a candidate are the end of its training, not of the worker. Whether they are all alike is seen elsewhere. */
async function train(
  trainer: Trainer,
  candidate: () => Candidate,
  job: TrainingJob,
): Promise<TrainingReport> {
  const start = performance.now();
  try {
    return await trainer.train(candidate(), job);
  } catch (thrown) {
    return failedReport('failed', messageOf(thrown), performance.now() - start);
  }
}

function createScreening({ subject, work, repairSign }: WorkerSetup, found: ScreeningSetup | undefined) {
  if (subject.kind === 'loss') {
    return (): CascadeContext => {
      throw new RunError('a loss has no genomes to analyse');
    };
  }
  const { sketch, library } = readSketch(subject.sources, subject.name);
  const setup = found ?? work;
  invariant('scaleMatters' in setup, 'a worker that trains knows what screening has to know');
  const context: CascadeContext = {
    sketch,
    library,
    // Weights only matter where genomes are drawn, and that is not here.
    space: searchSpace(sketch, spaceContext({ sketch, library })),
    learning: setup.learning,
    scaleMatters: setup.scaleMatters,
    repairSign: repairSign === true,
  };
  return () => context;
}
