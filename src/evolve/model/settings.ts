/**
 * Settings of a search: plain data, stored with the run. Every number says where it comes from. "As we understand the
 * paper" marks settings of GLO (Gonzalez and Miikkulainen, arXiv:1905.11528) that its public code does not confirm.
 */

import type { DrawWeights, Limits, MutationName, PassRates } from './variation.js';

export type Selection =
  /** Probability proportional to fitness. */
  | { readonly kind: 'roulette' }
  /** The best of `size` drawn with replacement. */
  | { readonly kind: 'tournament'; readonly size: number };

/** The stages of the cascade before training, cheapest first. */
export const SCREENING_STAGES = [
  'static',
  'canonical',
  'gradient',
  'null-epoch',
  'shape',
  'neighbours',
  'prediction',
] as const;
export type ScreeningStage = (typeof SCREENING_STAGES)[number];

export interface Gate {
  /** When, as a share of the steps of a short training. */
  readonly at: number;
  /** The share of recent candidates that got this far which may go on. */
  readonly keep: number;
}

/** How the stage `neighbours` makes the search selective, once it can tell what a candidate promises. */
interface Selectivity {
  /** The share of the places of a generation that are filled; the others stay with their old members. */
  readonly places: number;
  /** Candidates proposed for such a place; the one that promises most is trained. */
  readonly candidates: number;
}

/** Every number of the search itself; `PRESETS` says for each where it comes from. */
export interface SearchSettings {
  readonly islands: number;
  /** Individuals per island. */
  readonly population: number;
  /** The best of an island that live on unchanged. */
  readonly elites: number;
  readonly selection: Selection;
  /** `generational`: children replace all but the elites. `oldest`: children replace those born first. */
  readonly replacement: 'generational' | 'oldest';
  /** Probability that a child comes from two parents. */
  readonly crossover: number;
  readonly mutation: /** One pass over the tree after crossover or copying, each edit with its rate per node. */
    | { readonly kind: 'pass'; readonly rates: PassRates }
    /** Exactly one edit where no crossover took place, drawn by weight; `adapt` moves weights towards what succeeds. */
    | {
        readonly kind: 'one';
        readonly weights: Readonly<Record<MutationName, number>>;
        readonly adapt: boolean;
      };
  readonly initial:
    | { readonly kind: 'grow'; readonly depth: number }
    | { readonly kind: 'ramped'; readonly least: number; readonly greatest: number };
  /** Depth of trees that the mutation `subtree` grows. */
  readonly subtreeDepth: number;
  readonly limits: Limits;
  readonly drawWeights: DrawWeights;
  /** Every so many generations each island sends copies of its best to the next one; 0 is never. */
  readonly migration: { readonly every: number; readonly count: number };
  /** Fitness that a node costs in selection; the Pareto front is kept apart from it. */
  readonly parsimony: number;
  /** `retry`: a place whose candidates are rejected or known gets others, up to `attempts`. `take`: it enters with its fitness, 0 if rejected. */
  readonly places: { readonly kind: 'take' } | { readonly kind: 'retry'; readonly attempts: number };
  readonly stages: Readonly<Record<ScreeningStage, boolean>>;
  readonly selectivity: Selectivity;
  readonly gates: readonly Gate[];
  /** Trainings, each with another seed, of those that would be elites, and of the best loss of all. */
  readonly racing: { readonly most: number; readonly best: number };
  /** Share of the rejected, known and stopped that is trained all the same, to measure false rejections. */
  readonly audit: number;
  /** A generation is bred from the results of those before it but for so many: they may be in flight together. */
  readonly lag: number;
}

const ALL_STAGES = Object.fromEntries(SCREENING_STAGES.map((stage) => [stage, true])) as Record<
  ScreeningStage,
  boolean
>;
const NO_STAGES = Object.fromEntries(SCREENING_STAGES.map((stage) => [stage, false])) as Record<
  ScreeningStage,
  boolean
>;

/** Deeper or larger trees than this only exist to be simplified; well above every loss that was found by search so far. */
const GENEROUS: Limits = { nodes: 200, depth: 30 };

/** GLO as published, as we understand the paper: all of it recalled but for what is marked as seen. */
export const GLO: SearchSettings = {
  islands: 1,
  population: 80,
  elites: 6,
  selection: { kind: 'roulette' },
  replacement: 'generational',
  crossover: 0.8,
  mutation: {
    kind: 'pass',
    // 5 % for the scalar step and the change of type; 5 % x 50 % for deletion and addition. The same structure is in
    // the author's library SwiftGenetics (seen).
    rates: { 'integer-step': 0.05, 'same-arity': 0.05, collapse: 0.025, expand: 0.025 },
  },
  initial: { kind: 'grow', depth: 2 },
  subtreeDepth: 2,
  // "Trees of arbitrary depth": the limit only keeps a runaway tree from stopping the run.
  limits: GENEROUS,
  drawWeights: { log: 3, target: 3, prediction: 3, sqrt: 2 },
  migration: { every: 0, count: 0 },
  parsimony: 0,
  places: { kind: 'take' },
  // Only the cache of canonical forms, and fitness 0 where an input is missing.
  stages: { ...NO_STAGES, static: true, canonical: true },
  selectivity: { places: 1, candidates: 1 },
  gates: [],
  racing: { most: 1, best: 1 },
  audit: 0,
  lag: 0,
};

/** The default: what the successors of GLO added, and what PySR's users rely on. */
export const BETTER: SearchSettings = {
  // Several small populations keep more kinds of loss alive than one large one (PySR: 31 of 27); trainings are dear, so
  // fewer and smaller here.
  islands: 4,
  population: 16,
  elites: 2,
  // EvoMAL takes 4 of 25, PySR 15 of 27 (seen). Measured here (test/bench/selection.bench.ts, 30 seeds, 500 evaluations
  // with noise): 5 of 16 finds the function exactly in 11 of 30 runs, 3 of 16 in 8; ageing in place of generations makes
  // no difference (10 and 6), nor does crossover at 0.6 (12).
  selection: { kind: 'tournament', size: 5 },
  replacement: 'generational',
  // EvoMAL 0.7, PySR 0.2 (seen): between, since a crossover of two good small trees is mostly a large step.
  crossover: 0.35,
  mutation: {
    kind: 'one',
    // Growth and shrinking balance (insert, expand, subtree against hoist, collapse, simplify); small steps are most frequent.
    weights: {
      'integer-step': 0.5,
      'same-arity': 2,
      collapse: 0.5,
      expand: 0.7,
      subtree: 1,
      insert: 1.5,
      hoist: 1,
      swap: 0.5,
      perturb: 2,
      simplify: 0.5,
    },
    adapt: true,
  },
  // Baikal is of depth 3 with 7 nodes; GLO starts from depth 2, EvoMAL from 2 to 4 (seen).
  initial: { kind: 'ramped', least: 2, greatest: 4 },
  subtreeDepth: 2,
  // PySR's maxsize is 30 (seen); EvoMAL's greatest height 10 (seen).
  limits: { nodes: 30, depth: 10 },
  // Twice the inputs: a constant in half of all leaves makes most random trees degenerate.
  drawWeights: { target: 2, prediction: 2 },
  migration: { every: 5, count: 1 },
  // Ten nodes against 0.2 points of accuracy: below the noise of one training, so that it only breaks near-ties.
  parsimony: 0.0002,
  // More than 99 % of random candidates are rejected before training in AutoLoss-Zero and CSE-AutoLoss (seen).
  places: { kind: 'retry', attempts: 40 },
  stages: ALL_STAGES,
  // One place in three, with the most promising of ten, costs a third of the steps of a generation. Seen in few searches (MNIST, half of the
  // labels wrong, accuracy over fresh seeds): five and ten candidates are level in three searches of 50,000 steps; in one of 120,000 so are
  // twenty, and all places with the best of three are worse.
  selectivity: { places: 0.3, candidates: 10 },
  // Successive halving (Jamieson and Talwalkar 2016) against the recent record instead of against the generation, so that a
  // training need not be interrupted and taken up again. Measured on 120 losses that a search had trained (MNIST, half of
  // the labels wrong, 500 steps): these gates keep nine of the best ten for 0.52 of the steps. Losses that resist wrong
  // labels begin slowly: keeping half at 0.2 loses five of the ten.
  gates: [
    { at: 0.1, keep: 0.7 },
    { at: 0.5, keep: 0.4 },
  ],
  // With three, a loss whose trainings differ widely can lead for good: one led at 0.867 in two of five searches (one seed, five settings,
  // MNIST with wrong labels); its mean over fifteen other seeds was 0.837.
  racing: { most: 3, best: 10 },
  audit: 0.01,
  lag: 0,
};

/**
 * The settings by name: `glo`, the published search (Gonzalez and Miikkulainen 2020, arXiv:1905.11528), and `default`, what measured better.
 */
export const PRESETS = { glo: GLO, default: BETTER } as const;
/** The name of a preset. */
export type PresetName = keyof typeof PRESETS;

/** Without a budget: about six hundred trainings of the default, eight hundred of GLO. */
export const GENERATIONS: Readonly<Record<PresetName, number>> = { default: 30, glo: 10 };

/** A population over fewer islands than the preset's when it is small: islands of fewer than eight only drift. */
export function populationOf(total: number | undefined, preset: PresetName): Partial<SearchSettings> {
  if (total === undefined) return {};
  const islands = Math.max(1, Math.min(PRESETS[preset].islands, Math.floor(total / 8)));
  const population = Math.max(2, Math.round(total / islands));
  return {
    islands,
    population,
    elites: Math.min(PRESETS[preset].elites, Math.max(1, Math.floor(population / 4))),
  };
}
