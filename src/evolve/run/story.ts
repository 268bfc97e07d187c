/** How a candidate came about: from where its line begins to itself, step by step, with what changed in its formula. */
import { printExpr } from '../../../grammar/print/print.js';
import { RunError } from '../../errors.js';
import { type MarkedFormula, markedDifference, plain } from '../gp/difference.js';
import { GENOME_CODEC } from '../gp/genome.js';
import { speller } from '../gp/spell.js';
import { readSketch } from '../losses/subject.js';
import type { EvaluationRow } from '../model/evaluation.js';
import { fitnessOf } from '../model/individual.js';
import type { RunSettings } from '../model/run-settings.js';
import { SEED } from '../search/verdict.js';
import type { LedgerReader } from '../store/ledger.js';
import { tunedLoss } from '../tuning/schemas.js';
import { finalsOf } from './finals-phase.js';
import { bestId, type OpenRun, withRun } from './inspect.js';
import { tunedKey } from './tuning-phase.js';

/** A step on the way to a candidate: what it was made of, how, and what changed. */
export interface StoryStep {
  readonly id: number;
  readonly generation: number;
  /** `seed`, `random`, a mutation, `crossover`, or `tuning`. */
  readonly operator: string;
  /** The loss that the search was told to begin with here. */
  readonly seed?: string;
  /** The candidate that it was made from, and with a crossover the one that gave a part. */
  readonly parent?: number;
  readonly donor?: number;
  /** The trees of the holes of the parent and of the step, with what is other in each; `before` is empty where a line begins. */
  readonly before: readonly MarkedFormula[];
  readonly after: readonly MarkedFormula[];
  /** Mean validation score; absent where it was not trained. */
  readonly scoreBefore?: number;
  readonly score?: number;
}

/** The story of a candidate. Without an id: of the winner, or of the best so far. */
export function story(directory: string, id?: number): StoryStep[] {
  return withRun(directory, (run) => storyOf(run, id));
}

export function storyOf({ ledger, settings }: Omit<OpenRun, 'directory'>, id?: number): StoryStep[] {
  const rows = new Map(ledger.evaluations().map((row) => [row.id, row]));
  const last = rows.get(id ?? bestId(ledger));
  if (last === undefined) throw new RunError(`the run has no candidate ${id}`);
  const line: EvaluationRow[] = [];
  for (let row: EvaluationRow | undefined = last; row !== undefined; row = rows.get(row.parents[0] ?? -1))
    line.push(row);
  line.reverse();
  const { library } = readSketch(settings.sketch.sources, settings.sketch.name);
  const spell = speller(library);
  const formulas = (genome: readonly string[]) => GENOME_CODEC.parse(genome).map(spell);
  const steps = line.map((row, i): StoryStep => {
    const { id: own, generation, operator, parents, genome } = row;
    const parent = line[i - 1];
    const seed = operator === SEED ? seedName(settings, genome) : undefined;
    return {
      id: own,
      generation,
      operator,
      ...(seed !== undefined && { seed }),
      ...(parents[0] !== undefined && { parent: parents[0] }),
      ...(parents[1] !== undefined && { donor: parents[1] }),
      ...compared(parent && formulas(parent.genome), formulas(genome)),
      ...(parent !== undefined && scored(parent, 'scoreBefore')),
      ...scored(row, 'score'),
    };
  });
  const tuning = id === undefined ? tuningStep(ledger, last, formulas) : undefined;
  return tuning === undefined ? steps : [...steps, tuning];
}

type Formulas = ReturnType<typeof GENOME_CODEC.parse>;

function compared(before: Formulas | undefined, after: Formulas): Pick<StoryStep, 'before' | 'after'> {
  if (before === undefined) return { before: [], after: after.map(plain) };
  const pairs = after.map((tree, i) => markedDifference(before[i] ?? tree, tree));
  return { before: pairs.map(([one]) => one), after: pairs.map(([, other]) => other) };
}

const scored = <K extends string>(row: EvaluationRow, key: K): Partial<Record<K, number>> =>
  row.scores.length === 0 ? {} : ({ [key]: fitnessOf(row) } as Record<K, number>);

/** The winner with tuned coefficients, where that is what won. */
function tuningStep(
  ledger: LedgerReader,
  row: EvaluationRow,
  formulas: (genome: readonly string[]) => Formulas,
): StoryStep | undefined {
  if (finalsOf(ledger)[0]?.tuned !== true) return undefined;
  const tuned = ledger.result(tunedKey(row.id), tunedLoss);
  if (tuned === undefined) return undefined;
  return {
    id: row.id,
    generation: row.generation,
    operator: 'tuning',
    parent: row.id,
    ...compared(formulas(tuned.from), formulas(tuned.genome)),
    scoreBefore: tuned.result.start.score,
    score: tuned.result.best.score,
  };
}

function seedName(
  { seedLosses, seedGenomes = [] }: RunSettings,
  genome: readonly string[],
): string | undefined {
  const text = GENOME_CODEC.parse(genome).map(printExpr).join();
  const index = seedGenomes.findIndex((one) => GENOME_CODEC.parse(one).map(printExpr).join() === text);
  const found = seedLosses[index];
  return found && (found.name ?? found.sources.source.name);
}
