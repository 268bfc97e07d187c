/** `settings.json` as schemas: of a search, of a tuning, and the parts that both have. */
import * as v from 'valibot';
import { recordOf, type Schema } from '../../read-json.js';
import { FROM_SCRIPT } from '../model/evaluator-messages.js';
import type { Budget, Environment, Machine, RunSettings, TuningSettings } from '../model/run-settings.js';
import { count, genome, named, number, parameterValues } from '../model/schemas.js';
import { SCREENING_STAGES, type SearchSettings } from '../model/settings.js';
import { LEARNING_SCHEMA, TASK_SCHEMA } from '../model/task.js';
import type { Limits } from '../model/variation.js';
import { MUTATION_NAMES } from '../model/variation.js';

const environment: Schema<Environment> = v.strictObject({
  lossc: v.string(),
  node: v.string(),
  tensorflow: v.string(),
  backend: v.string(),
  native: v.exactOptional(v.string()),
  trainer: v.exactOptional(v.string()),
  evaluator: v.exactOptional(v.string()),
});
const machine: Schema<Machine> = v.strictObject({
  processor: v.string(),
  cores: count,
  memoryGiB: count,
  platform: v.string(),
  device: v.string(),
});
const limits = v.strictObject({ taskSeconds: number, memoryMiB: number });
const asked = recordOf(v.unknown());

/** Settings that are one of several kinds keep their other fields as numbers. */
const rates = v.strictObject(
  Object.fromEntries(MUTATION_NAMES.map((name) => [name, v.exactOptional(number)])),
);
const treeLimits: Schema<Limits> = v.strictObject({
  nodes: count,
  depth: count,
  nesting: v.exactOptional(count),
});

const search = v.strictObject({
  islands: count,
  population: count,
  elites: count,
  selection: v.variant('kind', [
    v.strictObject({ kind: v.literal('roulette') }),
    v.strictObject({ kind: v.literal('tournament'), size: count }),
  ]),
  replacement: v.picklist(['generational', 'oldest']),
  crossover: number,
  mutation: v.variant('kind', [
    v.strictObject({ kind: v.literal('pass'), rates }),
    v.strictObject({ kind: v.literal('one'), weights: rates, adapt: v.boolean() }),
  ]),
  initial: v.variant('kind', [
    v.strictObject({ kind: v.literal('grow'), depth: count }),
    v.strictObject({ kind: v.literal('ramped'), least: count, greatest: count }),
  ]),
  subtreeDepth: count,
  limits: treeLimits,
  drawWeights: recordOf(number),
  migration: v.strictObject({ every: count, count }),
  parsimony: number,
  places: v.variant('kind', [
    v.strictObject({ kind: v.literal('take') }),
    v.strictObject({ kind: v.literal('retry'), attempts: count }),
  ]),
  stages: v.strictObject(Object.fromEntries(SCREENING_STAGES.map((stage) => [stage, v.boolean()]))),
  selectivity: v.strictObject({ places: number, candidates: count }),
  gates: v.array(v.strictObject({ at: number, keep: number })),
  racing: v.strictObject({ most: count, best: count }),
  audit: number,
  // Runs of before it had none.
  lag: v.optional(count, 0),
}) as unknown as Schema<SearchSettings>;

const budget: Schema<Budget> = v.strictObject({
  generations: v.exactOptional(count),
  evaluations: v.exactOptional(count),
  steps: v.exactOptional(count),
  seconds: v.exactOptional(number),
});
const tuning = { evaluations: count, sigma: number, mostEvaluations: count };
const both = {
  command: v.string(),
  asked,
  seed: v.string(),
  task: TASK_SCHEMA,
  learning: v.exactOptional(LEARNING_SCHEMA),
  evaluator: v.exactOptional(
    v.union([
      v.strictObject({ command: v.string(), learningRate: v.exactOptional(number) }),
      v.strictObject({ hello: FROM_SCRIPT.hello, learningRate: v.exactOptional(number) }),
    ]),
  ),
  hello: v.exactOptional(FROM_SCRIPT.hello),
  limits,
  environment,
  machine,
};

export const runSettings: Schema<RunSettings> = v.strictObject({
  format: v.literal(2),
  ...both,
  preset: v.picklist(['glo', 'default']),
  sketch: named,
  seedLosses: v.array(named),
  seedGenomes: v.exactOptional(v.array(genome)),
  proposer: v.exactOptional(v.strictObject({ command: v.string() })),
  search,
  budget,
  tuning: v.strictObject({ losses: count, ...tuning }),
  finals: v.strictObject({ losses: count, replicates: count, steps: count }),
  comparison: v.strictObject({
    seeds: count,
    steps: v.exactOptional(count),
    against: v.array(named),
  }),
  knownRuns: v.array(v.string()),
});

export const tuningSettings: Schema<TuningSettings> = v.strictObject({
  format: v.literal('tuning 2'),
  ...both,
  loss: named,
  start: parameterValues,
  tuning: v.strictObject(tuning),
});
