import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvaluationRow } from '../../src/evolve/model/evaluation.js';
import type { TrainingJob, TrainingReport } from '../../src/evolve/model/evaluator.js';
import { failedReport } from '../../src/evolve/model/evaluator.js';
import type { Individual } from '../../src/evolve/model/individual.js';
import type { RunSettings } from '../../src/evolve/model/run-settings.js';
import { INITIAL_STATE, type SearchState } from '../../src/evolve/model/search-state.js';
import { BETTER } from '../../src/evolve/model/settings.js';
import { readTask } from '../../src/evolve/model/task.js';
import { defaultSketch } from '../../src/evolve/run/default-sketch.js';
import { createLedger } from '../../src/evolve/store/ledger.js';
import { writeSettings } from '../../src/evolve/store/run-settings.js';
import { classification } from '../../src/runtime/tasks/learning.js';

/** A run of three generations and eleven candidates, small enough that every number about it can be worked out by hand. */

const SETTINGS: RunSettings = {
  ...{ format: 2, command: 'lossc evolve', asked: {}, seed: '7', preset: 'default' },
  task: readTask({
    cases: [{ dataset: 'digits', trainExamples: 1500, labelNoise: 0.25 }],
    steps: 1200,
  }),
  sketch: { sources: defaultSketch('default', 'classification') },
  ...{
    seedLosses: [],
    search: BETTER,
    budget: { generations: 3 },
    knownRuns: [],
    learning: classification(10),
  },
  tuning: { losses: 1, evaluations: 40, sigma: 1, mostEvaluations: 1 },
  finals: { losses: 2, replicates: 2, steps: 20 },
  comparison: { seeds: 2, against: [] },
  limits: { taskSeconds: 1, memoryMiB: 1 },
  environment: { lossc: '0', node: '20', tensorflow: '4', backend: 'cpu' },
  machine: { processor: 'p', cores: 1, memoryGiB: 1, platform: 'x', device: 'd' },
};

const PLAIN: Omit<EvaluationRow, 'id' | 'generation' | 'genome' | 'size' | 'outcome'> = {
  ...{ island: 0, parents: [], operator: 'random', canonical: '', gradient: '', fingerprint: '' },
  ...{ features: [], flipped: false, scores: [], complete: false, steps: 0, milliseconds: {} },
};
const GENOME = 'target * log(prediction)';

export const ROWS: readonly EvaluationRow[] = [
  // Generation 0: two trained, one of them twice; two rejected, one of them audited; one known.
  {
    ...PLAIN,
    ...{ id: 0, generation: 0, genome: [GENOME], size: 3, outcome: 'trained', scores: [0.8], complete: true },
    milliseconds: { static: 1000, gradient: 500, training: 4000 },
  },
  {
    ...PLAIN,
    ...{ id: 1, generation: 0, genome: ['target'], size: 5, outcome: 'trained', scores: [0.6, 0.7] },
    complete: true,
  },
  {
    ...PLAIN,
    ...{ id: 2, generation: 0, genome: ['1'], size: 1, outcome: 'rejected', stage: 'static' },
    ...{ reason: 'the gradient is zero', milliseconds: { static: 500 } },
  },
  {
    ...PLAIN,
    ...{ id: 3, generation: 0, genome: ['-1'], size: 1, outcome: 'rejected', stage: 'shape' },
    ...{ reason: 'it turns 3 times', audited: true, auditScore: 0.5 },
  },
  {
    ...PLAIN,
    ...{ id: 4, generation: 0, genome: [GENOME], size: 3, outcome: 'known', stage: 'canonical', sameAs: 0 },
    ...{ reason: 'canonical form', scores: [0.8], complete: true },
  },
  // Generation 1: one stopped, one failed, two rejected.
  {
    ...PLAIN,
    ...{ id: 5, generation: 1, genome: ['prediction'], size: 2, outcome: 'stopped', reason: 'hopeless' },
    ...{ scores: [0.3], steps: 10 },
  },
  {
    ...PLAIN,
    ...{ id: 6, generation: 1, genome: ['1'], size: 1, outcome: 'failed', reason: 'crashed: why' },
  },
  {
    ...PLAIN,
    ...{ id: 7, generation: 1, genome: ['1'], size: 1, outcome: 'rejected', stage: 'static' },
    reason: 'the gradient is zero',
  },
  {
    ...PLAIN,
    ...{ id: 8, generation: 1, genome: ['-1'], size: 1, outcome: 'rejected', stage: 'shape' },
    reason: 'it turns 4 times',
  },
  // Generation 2: the best, a child of the first two, and one that is no better than smaller ones.
  {
    ...PLAIN,
    ...{ id: 9, generation: 2, genome: ['square(prediction)'], size: 7, outcome: 'trained', scores: [0.9] },
    ...{ complete: true, parents: [0, 1], operator: 'crossover' },
  },
  {
    ...PLAIN,
    ...{ id: 10, generation: 2, genome: ['tanh(target)'], size: 8, outcome: 'trained', scores: [0.85] },
    complete: true,
  },
];

const individual = (id: number): Individual => {
  const {
    genome,
    size,
    generation: born,
    island,
    parents,
    operator,
    canonical,
    scores,
    complete,
  } = ROWS[id]!;
  return { id, genome, size, born, island, parents, operator, canonical, scores, complete };
};

const STATE: SearchState = {
  ...INITIAL_STATE,
  generation: 2,
  nextId: 11,
  archive: [0, 1, 9, 10].map(individual),
  spent: { candidates: 11, evaluations: 6, trainings: 9, steps: 3456, auditSteps: 100 },
  rejected: { static: 2, shape: 2, canonical: 1 },
  audits: { shape: { trained: 8, wrong: 2 }, gate: { trained: 3, wrong: 1 } },
};

/** Steps and milliseconds of the trainings of each generation. One training failed. */
const TRAININGS: readonly (readonly TrainingReport[])[] = [
  [
    { end: 'finished', score: 0.8, steps: 100, curve: [], milliseconds: 4000 },
    { end: 'finished', score: 0.6, steps: 100, curve: [], milliseconds: 3000 },
  ],
  [
    { end: 'hopeless', score: 0.3, steps: 10, curve: [], milliseconds: 500 },
    failedReport('crashed', 'why', 250),
  ],
  [{ end: 'finished', score: 0.9, steps: 190, curve: [], milliseconds: 250 }],
];

const curve = (...scores: number[]) => scores.map((score, i) => ({ step: 10 * i, score, loss: null }));

const FINALS = [
  {
    ...{ name: 'evolved_9', id: 9, genome: ['square(prediction)'], tuned: false, score: 0.5, steps: 40 },
    ...{ scores: [0.4, 0.6], curves: [curve(0, 0.2, 0.4), curve(0.2, 0.6, 0.6)] },
  },
];

/** Writes the folder of the run; `found: false` for one that has not finished a generation. */
export function handMadeRun(directory: string, { found = true } = {}): void {
  mkdirSync(directory, { recursive: true });
  writeSettings(directory, SETTINGS);
  const ledger = createLedger(join(directory, 'ledger.sqlite'), { settings: JSON.stringify(SETTINGS) });
  const times = [60, 30, 150];
  const best = [0.8, 0.8, 0.9];
  const medians = [0.5, 0.55, 0.7];
  if (found) {
    for (const [generation, reports] of TRAININGS.entries()) {
      for (const [i, report] of reports.entries()) {
        const job: TrainingJob = { genome: ['x'], replicate: 0, seed: 's', steps: 100, gates: [] };
        ledger.addTraining(generation, `${generation}/${i}`, job, report);
      }
      const rows = ROWS.filter((row) => row.generation === generation);
      const report = { generation, best: best[generation]!, median: medians[generation]!, rows };
      ledger.addGeneration({ ...STATE, generation }, report, times[generation]!);
    }
    ledger.setResult('finals', { generation: 2, results: FINALS });
  }
  ledger.close();
}

const summary = (mean: number, half: number) => ({
  ...{ count: 2, mean, standardDeviation: 0.01, low: mean - half, high: mean + half },
});
const compared = (name: string, mean: number, more: object) => ({
  ...{
    name,
    learningRate: 0.3,
    scale: 1,
    runs: [],
    test: summary(mean, 0.02),
    validation: summary(mean, 0.02),
  },
  ...{ stepsTo: [], curve: [], ...more },
});

/** The comparison on the test split, as `lossc evolve` leaves it beside the ledger. */
export function addComparison(directory: string): void {
  const report = {
    metric: { label: 'accuracy', goal: 'higher', isShare: true },
    ...{ dataset: 'digits', model: 'mlp', split: { seed: '7' }, trainExamples: 1500, testExamples: 2000 },
    ...{ steps: 1200, batchSize: 100, optimizer: { kind: 'sgd', learningRate: 0.1 }, scale: 'matched' },
    losses: [
      compared('cross_entropy', 0.9, { tuning: { rates: [], atEdge: false } }),
      compared('better', 0.9321, {
        versusFirst: { difference: 0.0321, t: 1, degreesOfFreedom: 1, p: 0.0123, holm: 0.0246 },
      }),
      compared('worse', 0.8, {
        versusFirst: { difference: -0.1, t: 1, degreesOfFreedom: 1, p: 1e-6, holm: 2e-6 },
      }),
    ],
    interrupted: true,
  };
  writeFileSync(join(directory, 'comparison.json'), JSON.stringify(report));
}
