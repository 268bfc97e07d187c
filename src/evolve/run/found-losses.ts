/** Losses that a search has found, as a program wants them: text, formula, fitness, learning curves. */
import { GENOME_CODEC } from '../gp/genome.js';
import { sizeOf } from '../gp/tree.js';
import { readSketch } from '../losses/subject.js';
import type { CurvePoint } from '../model/evaluator.js';
import { fitnessOf, type Individual } from '../model/individual.js';
import type { Spent } from '../model/search-state.js';
import { evolvedName, formulaText, type LossText, lossFileText } from '../store/loss-file.js';
import type { FinalResult } from './finals.js';
import { finalsOf } from './finals-phase.js';
import { frontOf, withRun } from './inspect.js';

/** A loss that a search has found. */
export interface FoundLoss {
  /** Number of the candidate in the search, in the order of proposal. */
  readonly id: number;
  /** What it is called in its text. */
  readonly name: string;
  /** A `.loss` file with the loss and everything that it calls: for `lossFunction`, `loadProgram`, or a file of one's own. */
  readonly text: string;
  /** Its expression in one line, with its lets before it. */
  readonly formula: string;
  /** The expression in each hole of the sketch, in their order in the text. */
  readonly genome: readonly string[];
  /** Nodes of these expressions together. */
  readonly size: number;
  /** Mean of the scores, from 0 to 1; higher is better. */
  readonly fitness: number;
  /** Validation score of each of its trainings, or what `tell` was told, one for each evaluation. */
  readonly scores: readonly number[];
}

/** A loss that was trained, with how its trainings went. */
export interface EvolvedLoss extends FoundLoss {
  /** The learning curve of each training that the search has kept: at its gates in the search, at forty steps in the finals. */
  readonly curves: readonly (readonly CurvePoint[])[];
}

/** Best and median fitness of the population after a generation. */
export interface FinishedGeneration {
  /** From 0. */
  readonly generation: number;
  readonly best: number;
  readonly median: number;
  readonly seconds: number;
}

/** All that a search has found. */
export interface Found {
  /** Losses that beat everything smaller, smallest first. */
  readonly front: readonly EvolvedLoss[];
  /** The best of the front, and what tuning made of them, trained anew with fresh seeds, best first; empty before the finals. */
  readonly finals: readonly EvolvedLoss[];
  /** One entry for each generation. */
  readonly history: readonly FinishedGeneration[];
  /** Candidates, trainings and steps that it took. */
  readonly spent: Spent;
}

/** An individual of a search as a loss. */
export function foundLoss(text: LossText, { id, genome, size, scores }: Individual): FoundLoss {
  return { ...written(text, genome, evolvedName(id)), id, size, fitness: fitnessOf({ scores }), scores };
}

/** What the run in a folder has found so far. */
export function foundIn(directory: string, spent: Spent): Found {
  return withRun(directory, ({ ledger, settings }) => {
    const text = { ...readSketch(settings.sketch.sources, settings.sketch.name), codec: GENOME_CODEC };
    const trainings = ledger.trainings();
    const curvesOf = (genome: string) =>
      trainings.filter((training) => JSON.stringify(training.genome) === genome).map(({ curve }) => curve);
    return {
      front: frontOf(ledger).map((individual) => ({
        ...foundLoss(text, individual),
        curves: curvesOf(JSON.stringify(individual.genome)),
      })),
      finals: finalsOf(ledger).map((result) => finalist(text, result)),
      history: ledger.generations().map(({ number: generation, best, median, seconds }) => ({
        ...{ generation, best, median, seconds },
      })),
      spent,
    };
  });
}

function finalist(text: LossText, { id, name, genome, score, scores, curves }: FinalResult): EvolvedLoss {
  const size = GENOME_CODEC.parse(genome).reduce((sum, tree) => sum + sizeOf(tree), 0);
  return { ...written(text, genome, name), id, size, fitness: score, scores, curves };
}

const written = (text: LossText, genome: readonly string[], name: string) => ({
  name,
  text: lossFileText(text, genome, name, []),
  formula: formulaText(text, genome),
  genome,
});
