/** Data and models of a task in memory, ready to train any loss. Lives in the workers. */
import { programOf } from '../../../compiler/resolve/program.js';
import { messageOf, RunError } from '../../errors.js';
import { compileForTraining, liveTensors } from '../../runtime/compile-for-training.js';
import { type Dataset, type SearchData, splitDataset } from '../../runtime/data/dataset.js';
import { loadDataset } from '../../runtime/data/load-dataset.js';
import { valueOfNothing } from '../../runtime/evaluate.js';
import { createModel } from '../../runtime/models/create-model.js';
import type { Model } from '../../runtime/models/model.js';
import { matchingFactor, scaledLoss } from '../../runtime/scaled-loss.js';
import type { Learning } from '../../runtime/tasks/learning.js';
import { METRICS, type MetricName } from '../../runtime/tasks/metrics.js';
import { metricFor } from '../../runtime/tasks/tasks.js';
import { checkModel, type TrainingResult, trainModel } from '../../runtime/train.js';
import type { TrainingLoss } from '../../runtime/training-loss.js';
import type { Candidate } from '../model/candidate.js';
import type { CurvePoint, TrainedEnd, TrainedReport, TrainingJob } from '../model/evaluator.js';
import type { Task, TrainingCase } from '../model/task.js';
import { combineScores, scoreOfCurve } from './fitness.js';

export interface Trainer {
  /** Of the case with the fewest outputs: what screening works with. */
  readonly learning: Learning;
  /** Trains on every case. Throws where that cannot be done; nothing of it stays in memory. */
  train(candidate: Candidate, job: TrainingJob): Promise<TrainedReport>;
  liveTensors(): number;
}

interface LoadedCase {
  readonly settings: TrainingCase;
  readonly data: SearchData;
  readonly metric: MetricName;
  /** Of the metric where a network has learnt nothing. */
  readonly nothing: number;
}

/**
 * Loads the data of all cases and makes each model once; throws a RunError for what is missing or does not fit. The test split is
 * dropped at once.
 */
export async function createTrainer(task: Task): Promise<Trainer> {
  const cases: LoadedCase[] = [];
  const datasets = new Map<string, Dataset>();
  for (const settings of task.cases) {
    const { dataset: name, data: folder, predict, learn } = settings;
    const key = JSON.stringify([name, folder, predict, learn]);
    const dataset =
      datasets.get(key) ?? (await loadDataset(settings.dataset, { ...settings, folder: settings.data }));
    datasets.set(key, dataset);
    const { search } = splitDataset(dataset, task.dataSeed, settings);
    await tryModel(settings, search);
    const metric = metricFor(search.task, task.metric);
    cases.push({
      settings,
      data: search,
      metric,
      nothing: valueOfNothing(search.validation, search, metric),
    });
  }
  return {
    learning: learningOf(cases),
    liveTensors,
    async train(candidate, job) {
      const start = performance.now();
      const reports: CaseReport[] = [];
      for (const [index, one] of cases.entries()) {
        // Gates are about the first case: what fails there need not be tried on the others.
        const report = await trainCase(task, one, candidate, index === 0 ? job : { ...job, gates: [] });
        reports.push(report);
        if (report.end !== 'finished') break;
      }
      return combine(task, reports, performance.now() - start);
    },
  };
}

/** One loss is to do well on all of them, so that they have to be alike. */
function learningOf(cases: readonly LoadedCase[]): Learning {
  const [first, ...others] = cases.map(({ data: { task, outputs } }) => ({ task, outputs }));
  const other = others.find(({ task }) => task !== first!.task);
  if (other !== undefined)
    throw new RunError(
      `all cases of a task need the same kind of task, and these are ${first!.task} and ${other.task}`,
    );
  return others.reduce((least, one) => (one.outputs < least.outputs ? one : least), first!);
}

/** A model that cannot be made is told before the first training, not by each of them. */
async function tryModel({ model, hidden }: TrainingCase, data: SearchData): Promise<void> {
  try {
    const made = await createModel(model, { ...data, seed: 'trial' }, { hidden });
    made.dispose();
    checkModel(made);
  } catch (thrown) {
    if (thrown instanceof RunError) throw thrown;
    throw new RunError(`the model ${model} cannot be created: ${messageOf(thrown)}`);
  }
}

interface CaseReport {
  readonly end: TrainedEnd;
  readonly score: number;
  readonly steps: number;
  readonly curve: readonly CurvePoint[];
}

const ENDS: Readonly<Record<NonNullable<TrainingResult['stoppedAt']>['reason'], TrainedEnd>> = {
  'not a number': 'not-finite',
  infinity: 'not-finite',
  'given up': 'hopeless',
  aborted: 'cancelled',
};

/** From this share of the steps on a model must have covered so much of the way from chance to 1 to go on. */
const HOPELESS_FROM = 0.4;
const BETTER_THAN_CHANCE = 0.05;
/** Looks at the validation score for a fitness that asks when it was reached. */
const LOOKS = 40;

async function trainCase(
  task: Task,
  { settings, data, metric, nothing }: LoadedCase,
  candidate: Candidate,
  job: TrainingJob,
): Promise<CaseReport> {
  const seed = `${job.seed}/${data.name}`;
  const model = await createModel(settings.model, { ...data, seed }, { hidden: settings.hidden });
  let loss: TrainingLoss | undefined;
  try {
    loss = await compiled(task, settings, data, model, candidate, job, seed);
    const gates = new Map(job.gates.map((gate) => [gate.step, gate.atLeast]));
    const scored = (value: number): number => METRICS[metric].score(value, nothing);
    const chance = data.task === 'classification' ? 1 / data.outputs : scored(nothing);
    const hopeless = chance + BETTER_THAN_CHANCE * (1 - chance);
    const result = await trainModel({
      model,
      loss,
      data,
      metric,
      seed,
      steps: job.steps,
      batchSize: settings.batchSize,
      optimizer: settings.optimizer,
      augmentation: settings.augmentation,
      evaluateAt: [...gates.keys()],
      evaluateEvery: task.fitness.kind === 'steps' ? Math.ceil(job.steps / LOOKS) : job.looks,
      continueAfter: ({ step, value }) => {
        const least = gates.get(step);
        if (least === undefined) return true;
        const score = scored(value);
        return score >= least && (step < HOPELESS_FROM * job.steps || score >= hopeless);
      },
    });
    const curve = result.curve.map(({ step, value, loss: mean }) => ({
      step,
      score: scored(value),
      loss: Number.isFinite(mean) ? mean : null,
    }));
    const end = result.stoppedAt === undefined ? 'finished' : ENDS[result.stoppedAt.reason];
    const score = end === 'not-finite' ? 0 : scoreOfCurve(task.fitness, curve, job.steps);
    return { end, score, steps: result.steps, curve };
  } finally {
    loss?.dispose();
    model.dispose();
  }
}

async function compiled(
  task: Task,
  settings: TrainingCase,
  data: SearchData,
  model: Model,
  { loss, library }: Candidate,
  job: TrainingJob,
  seed: string,
): Promise<TrainingLoss> {
  const plain = compileForTraining(programOf([loss], library), loss, data, job.parameters);
  if (task.scale === 'raw') return plain;
  return scaledLoss(plain, await matchingFactor(plain, model, data, settings.batchSize, seed));
}

function combine(task: Task, reports: readonly CaseReport[], milliseconds: number): TrainedReport {
  const scores = task.cases.map((_, i) => reports[i]?.score ?? 0);
  return {
    end: reports.at(-1)!.end,
    score: combineScores(task.over, scores),
    steps: reports.reduce((sum, report) => sum + report.steps, 0),
    curve: reports[0]!.curve,
    milliseconds,
  };
}
