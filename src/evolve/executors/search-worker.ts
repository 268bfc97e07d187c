/** The task module of a search: analyses, probes and trains candidates in a worker process. */
import { parse } from '../../../grammar/read/parse.js';
import { messageOf, RunError } from '../../errors.js';
import { validated } from '../../read-json.js';
import { openBackend } from '../../runtime/backend.js';
import { TENSORFLOW_VERSION } from '../../runtime/compile-for-training.js';
import { GENOME_CODEC } from '../gp/genome.js';
import { searchSpace } from '../gp/space.js';
import { arityWith } from '../losses/compiler.js';
import { readLoss, readSketch } from '../losses/subject.js';
import type { Candidate } from '../model/candidate.js';
import { failedReport, type TrainingJob, type TrainingReport } from '../model/evaluator.js';
import { analyseGenome, type CascadeContext, candidateOf, probeGenome } from '../screening/cascade.js';
import { type WorkerDescription, type WorkerSetup, workerSetup, workerTask } from '../training/protocol.js';
import { createTrainer, type Trainer } from '../training/trainer.js';
import type { TaskRunner } from './pool/protocol.js';

export async function createTaskRunner(given: unknown): Promise<TaskRunner> {
  const setup = validated(given, workerSetup, 'the setup of a worker is wrong');
  const backend = await openBackend({ name: setup.backend });
  const trainer = await createTrainer(setup.task);
  const subject = createSubject(setup, trainer.classes);
  return {
    async run(given) {
      const task = validated(given, workerTask, 'the task of a worker is wrong');
      switch (task.kind) {
        case 'describe':
          return {
            backend: backend.name,
            device: backend.device,
            tensorflow: TENSORFLOW_VERSION,
            classes: trainer.classes,
            liveTensors: trainer.liveTensors(),
          } satisfies WorkerDescription;
        case 'analyse':
          return task.genomes.map((genome) => analyseGenome(genome, subject.context()));
        case 'probe':
          return task.genomes.map((genome) => probeGenome(genome, subject.context()));
        case 'train':
          return train(trainer, () => subject.candidate(task.job), task.job);
      }
    },
    dispose: () => backend.release(),
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

function createSubject({ subject, task, repairSign }: WorkerSetup, classes: number) {
  if (subject.kind === 'loss') {
    const loss = readLoss(subject.sources, subject.name);
    const context = (): CascadeContext => {
      throw new RunError('a loss has no genomes to analyse');
    };
    return { context, candidate: (job: TrainingJob) => withText(job, loss.library) ?? loss };
  }
  const { sketch, library } = readSketch(subject.sources, subject.name);
  const context: CascadeContext = {
    sketch,
    library,
    // Weights only matter where genomes are drawn, and that is not here.
    space: searchSpace(sketch, { arity: arityWith(library), weights: {} }),
    classes,
    scaleMatters: task.scale === 'raw',
    repairSign: repairSign === true,
  };
  return {
    context: () => context,
    candidate: (job: TrainingJob) =>
      withText(job, library) ?? candidateOf(context, GENOME_CODEC.parse(job.genome)),
  };
}

/** A job may bring its own loss as text: a candidate with coefficients to be tuned. */
function withText({ loss: text }: TrainingJob, library: Candidate['library']): Candidate | undefined {
  if (text === undefined) return undefined;
  const loss = parse({ name: '(candidate)', text }).file.declarations.find((decl) => decl.kind === 'loss');
  if (loss === undefined) throw new RunError('the text of the candidate is no loss');
  return { loss, library };
}
