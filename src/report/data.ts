/** Everything the report shows, gathered from the folder of a run. */

import { programOf } from '../../compiler/resolve/program.js';
import type { Look } from '../charts/colours.js';
import { fillSketch, GENOME_CODEC } from '../evolve/gp/genome.js';
import { readSketch } from '../evolve/losses/subject.js';
import type { EvaluationRow } from '../evolve/model/evaluation.js';
import { fitnessOf } from '../evolve/model/individual.js';
import type { RunSettings } from '../evolve/model/run-settings.js';
import type { SearchState } from '../evolve/model/search-state.js';
import type { FinalResult } from '../evolve/run/finals.js';
import { finalsOf } from '../evolve/run/finals-phase.js';
import { type FrontEntry, frontOf, type OpenRun } from '../evolve/run/inspect.js';
import { type StoryStep, storyOf } from '../evolve/run/story.js';
import { tunedKey } from '../evolve/run/tuning-phase.js';
import { pickFromFront } from '../evolve/search/pareto.js';
import type { Seed } from '../evolve/seeds/derive.js';
import { evolvedName, lossFileText } from '../evolve/store/loss-file.js';
import type { TrainingRecord } from '../evolve/store/rows.js';
import type { GenerationRecord } from '../evolve/store/tables.js';
import { tunedLoss } from '../evolve/tuning/schemas.js';
import type { TunedLoss } from '../evolve/tuning/tune.js';
import type { ComparisonReport } from '../runtime/comparison-report.js';
import { TASKS } from '../runtime/tasks/tasks.js';
import { readComparison } from './comparison-file.js';
import { type LossCurve, lossCurves } from './curves.js';
import { type Ending, endingOf } from './ending.js';
import { pageLooks } from './looks.js';

export interface ReportData {
  readonly settings: RunSettings;
  readonly state: SearchState | undefined;
  readonly generations: readonly GenerationRecord[];
  readonly rows: readonly EvaluationRow[];
  readonly trainings: readonly TrainingRecord[];
  readonly front: readonly FrontEntry[];
  /** Sizes and scores of everything that was trained to the end. */
  readonly cloud: readonly { readonly size: number; readonly score: number }[];
  readonly finals: readonly FinalResult[];
  readonly tuned: readonly TunedLoss[];
  readonly winner: Winner | undefined;
  /** From where the line of the winner begins to the winner. */
  readonly story: readonly StoryStep[];
  readonly comparison: ComparisonReport | undefined;
  /** In words; undefined without a winner. */
  readonly ending: Ending | undefined;
  /** How the lines of a loss are drawn, the same in all charts of the page. */
  readonly looks: (name: string) => Look;
}

interface Winner {
  readonly name: string;
  readonly id: number;
  readonly score: number;
  readonly scores: readonly number[];
  readonly loss: Seed;
  /** As a `.loss` file. */
  readonly text: string;
  readonly curves: readonly LossCurve[];
}

export function collect({ directory, settings, ledger }: OpenRun): ReportData {
  const rows = ledger.evaluations();
  const finals = finalsOf(ledger);
  const individuals = frontOf(ledger);
  const picked = pickFromFront(individuals, 'best');
  const front = individuals.map((individual) => ({
    id: individual.id,
    size: individual.size,
    score: fitnessOf(individual),
    scores: individual.scores,
    genome: individual.genome,
    picked: individual === picked,
  }));
  const winner = winnerOf(settings, finals[0], front.at(-1));
  const comparison = readComparison(directory);
  return {
    settings,
    state: ledger.lastState(),
    generations: ledger.generations(),
    rows,
    trainings: ledger.trainings(),
    front,
    cloud: rows
      .filter((row) => row.outcome === 'trained' && row.complete)
      .map((row) => ({ size: row.size, score: fitnessOf(row) })),
    finals,
    tuned: front.flatMap(({ id }) => ledger.result(tunedKey(id), tunedLoss) ?? []),
    winner,
    story: winner === undefined ? [] : storyOf({ settings, ledger }),
    comparison,
    ending: winner && endingOf(winner.loss, comparison),
    looks: pageLooks([
      TASKS[settings.learning?.task ?? 'classification'].baseline,
      ...(comparison?.losses ?? []).map(({ name }) => name),
      ...(winner === undefined ? [] : [winner.name]),
      ...finals.map(({ name }) => name),
    ]),
  };
}

function winnerOf(
  settings: RunSettings,
  final: FinalResult | undefined,
  best: FrontEntry | undefined,
): Winner | undefined {
  const source = final ?? best;
  if (source === undefined) return undefined;
  const subject = readSketch(settings.sketch.sources, settings.sketch.name);
  const name = final?.name ?? evolvedName(source.id);
  const loss = fillSketch(subject.sketch, GENOME_CODEC.parse(source.genome), name);
  return {
    name,
    id: source.id,
    score: source.score,
    scores: source.scores,
    loss: { program: programOf([loss], subject.library), loss },
    text: lossFileText({ ...subject, codec: GENOME_CODEC }, source.genome, name, []),
    curves:
      settings.learning === undefined
        ? []
        : lossCurves(name, { loss, library: subject.library }, settings.learning),
  };
}
