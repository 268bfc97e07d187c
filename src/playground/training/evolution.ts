/** A small search in the page: that of `lossc evolve`, without a folder, one training after the other. */
import { messageOf } from '../../errors.js';
import { sizeOf } from '../../evolve/gp/tree.js';
import { collectSources, readLoss, readSketch, requireFed } from '../../evolve/losses/subject.js';
import {
  type Evaluator,
  failedReport,
  type TrainingJob,
  type TrainingReport,
} from '../../evolve/model/evaluator.js';
import { fitnessOf, type Individual } from '../../evolve/model/individual.js';
import { INITIAL_STATE } from '../../evolve/model/search-state.js';
import { PRESETS, type SearchSettings } from '../../evolve/model/settings.js';
import type { Task } from '../../evolve/model/task.js';
import { createWorld } from '../../evolve/run/create-world.js';
import { analyseGenome, type CascadeContext, probeGenome } from '../../evolve/screening/cascade.js';
import { breed } from '../../evolve/search/breed.js';
import { commit } from '../../evolve/search/commit.js';
import { createMemory } from '../../evolve/search/memory.js';
import { paretoFront } from '../../evolve/search/pareto.js';
import type { SearchWorld } from '../../evolve/search/search-world.js';
import { evolvedName, type LossText, lossFileText } from '../../evolve/store/loss-file.js';
import { candidatesOf } from '../../evolve/training/job-candidate.js';
import { createTrainer } from '../../evolve/training/trainer.js';
import { importResolver, readLossFile } from '../instead/stdlib.js';
import { TEXT_NAME } from '../worker/text.js';
import type { EvolutionNews, EvolutionSettings, FrontLoss, SketchRef } from './messages.js';

/** What a candidate learns: so little that a generation takes seconds. */
const TASK: Omit<Task, 'steps'> = {
  cases: [
    {
      dataset: 'digits',
      trainExamples: 600,
      validationExamples: 400,
      labelNoise: 0,
      model: 'mlp',
      hidden: [32],
      batchSize: 50,
      optimizer: { kind: 'sgd', learningRate: 0.2 },
    },
  ],
  over: 'mean',
  fitness: { kind: 'score' },
  scale: 'matched',
  dataSeed: '0',
};

/** Few enough for a page that is watched, and no training for the record alone. */
const SETTINGS: SearchSettings = { ...PRESETS.default, islands: 1, population: 12, audit: 0 };

const REFERENCE = 'std/cross_entropy';

type Tell = (news: EvolutionNews) => void;

/** Throws an error that says why a sketch cannot be searched. */
export async function evolve(sketch: SketchRef, asked: EvolutionSettings, tell: Tell): Promise<void> {
  const { generations, steps, seed } = asked;
  const sources = collectSources({ name: TEXT_NAME, text: sketch.text }, importResolver());
  const subject = readSketch(sources, sketch.name);
  const trainer = await createTrainer({ ...TASK, steps });
  requireFed(subject, trainer.learning);
  const bred = createWorld(subject, { settings: SETTINGS, seed, steps, genomes: [] });
  const screening: CascadeContext = {
    ...subject,
    space: bred.variation.space,
    learning: trainer.learning,
    scaleMatters: false,
    repairSign: true,
  };
  const reference = await trainer.train(readLoss({ source: readLossFile(REFERENCE), imports: [] }), {
    genome: [],
    replicate: 0,
    seed: `${seed}/reference`,
    steps,
    gates: [],
  });
  tell({ kind: 'reference', accuracy: reference.score });
  const candidates = candidatesOf({ kind: 'sketch', sources, name: sketch.name });
  const train = async (job: TrainingJob): Promise<TrainingReport> => {
    const report = await trainer
      .train(candidates(job), job)
      .catch((thrown: unknown) => failedReport('failed', messageOf(thrown)));
    if (report.score !== null) tell({ kind: 'tried', size: sizeOfAll(bred, job), accuracy: report.score });
    return report;
  };
  const world: SearchWorld = { ...bred, memory: createMemory(), evaluator: oneByOne(screening, train, tell) };
  const lossOf = frontLosses({ ...subject, codec: bred.codec });
  let state = INITIAL_STATE;
  for (let generation = 1; generation <= generations; generation++) {
    state = (await commit(world, state, await breed(world, state, generation - 1))).state;
    tell({ kind: 'generation', generation, front: paretoFront(state.archive).map(lossOf) });
  }
}

const sizeOfAll = ({ codec }: Pick<SearchWorld, 'codec'>, { genome }: TrainingJob): number =>
  codec.parse(genome).reduce((sum, tree) => sum + sizeOf(tree), 0);

/** Answers in the worker itself. */
function oneByOne(
  screening: CascadeContext,
  train: (job: TrainingJob) => Promise<TrainingReport>,
  tell: Tell,
): Evaluator {
  let candidates = 0;
  return {
    async analyse(genomes) {
      return genomes.map((genome) => {
        candidates += 1;
        tell({ kind: 'screened', candidates });
        return analyseGenome(genome, screening);
      });
    },
    probe: async (genomes) => genomes.map((genome) => probeGenome(genome, screening)),
    async train(jobs) {
      const reports: TrainingReport[] = [];
      for (const job of jobs) reports.push(await train(job));
      return reports;
    },
  };
}

/** Texts are written once for each loss. */
function frontLosses(subject: LossText): (individual: Individual) => FrontLoss {
  const texts = new Map<number, string>();
  return (individual) => {
    const { id, genome, size } = individual;
    const name = evolvedName(id);
    const text = texts.get(id) ?? lossFileText(subject, genome, name, []);
    texts.set(id, text);
    return { id, name, size, accuracy: fitnessOf(individual), text };
  };
}
