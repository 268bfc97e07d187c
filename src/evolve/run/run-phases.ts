/** The phases of a run in their order: search, tuning of coefficients, finals. Each is durable and goes on where it was. */

import { join } from 'node:path';
import { programOf } from '../../../compiler/resolve/program.js';
import { writeFileSafely } from '../../files.js';
import { Interrupted, untilAborted } from '../executors/executor.js';
import { fillSketch } from '../gp/genome.js';
import { fitnessOf, type Individual } from '../model/individual.js';

import type { SearchState } from '../model/search-state.js';
import { nameLoss } from '../naming/name-loss.js';
import { nameSentences } from '../naming/sentences.js';
import { paretoFront } from '../search/pareto.js';
import { rejectedShares, type SearchProgress } from '../search/progress.js';
import { searchLoop } from '../search/search-loop.js';
import { type LossText, lossFileText } from '../store/loss-file.js';
import { recordingEvaluators } from '../store/recording-evaluator.js';
import type { TunedLoss } from '../tuning/tune.js';
import { writeBestLosses } from './best-losses.js';
import type { FinalResult } from './finals.js';
import { finalsPhase } from './finals-phase.js';
import type { RunContext } from './run-context.js';
import { tunePhase } from './tuning-phase.js';

/** How a sitting of a search ended. */
export interface RunOutcome {
  /** The folder of the run. */
  readonly directory: string;
  /** `interrupted` where a signal ended it; `resumeSearch` goes on. */
  readonly stopped: 'finished' | 'interrupted';
  /** After the last finished generation. */
  readonly state: SearchState;
  /** Losses that beat everything smaller, smallest first. */
  readonly front: readonly Individual[];
  /** Losses whose coefficients were tuned. */
  readonly tuned: readonly TunedLoss[];
  /** Best first; empty when interrupted before. */
  readonly finals: readonly FinalResult[];
  /** File of the winner, or of the best so far. */
  readonly bestFile: string | undefined;
}

export async function runPhases(context: RunContext): Promise<RunOutcome> {
  const { directory, settings, subject, world, ledger, executor, running } = context;
  const text = { ...subject, codec: world.codec };
  let written = new Map<string, string>();
  const saveBest = (state: SearchState): void => {
    written = writeBestLosses(directory, text, state.archive, settings.command, written);
  };
  const { state, stopped } = await searchLoop({
    world,
    ledger,
    executor,
    budget: settings.budget,
    onTraining: (report, generation, job) =>
      running.onTraining?.({ phase: 'search', generation, job, report }),
    onGeneration: (state, report) => {
      saveBest(state);
      running.onGeneration?.(state, report);
    },
    ...(running.onProgress && { onProgress: running.onProgress }),
    ...(running.signal && { signal: running.signal }),
  });
  saveBest(state);
  const front = paretoFront(state.archive);
  const bestFile = front.length === 0 ? undefined : join(directory, 'losses', 'best.loss');
  const sofar = { directory, state, front, tuned: [], finals: [], bestFile };
  if (stopped === 'interrupted') return { ...sofar, stopped };

  let phase: SearchProgress['phase'] = 'tuning';
  const report = phaseReporter(context, state);
  const evaluators = recordingEvaluators(
    untilAborted(executor, running.signal),
    ledger,
    (ended, generation, job) => {
      running.onTraining?.({ phase, generation, job, report: ended });
      report(phase);
    },
  );
  const evaluator = evaluators(state.generation + 1);
  try {
    const tuned = await tunePhase(context, front, evaluator);
    if (tuned === undefined) return { ...sofar, stopped: 'interrupted' };
    phase = 'finals';
    const finals = await finalsPhase(context, front, tuned, evaluator);
    const winner = finals[0];
    if (winner === undefined) return { ...sofar, tuned, stopped: 'finished' };
    const file = join(directory, 'losses', 'winner.loss');
    writeFileSafely(
      file,
      lossFileText(text, winner.genome, winner.name, [
        ...winnerNotes(winner, settings.command),
        ...nameNotes(text, winner),
      ]),
    );
    return { ...sofar, tuned, finals, stopped: 'finished', bestFile: file };
  } catch (thrown) {
    if (thrown instanceof Interrupted) return { ...sofar, stopped: 'interrupted' };
    throw thrown;
  }
}

function winnerNotes({ id, tuned, score, scores }: FinalResult, command: string): string[] {
  return [
    `Evolved by lossc: ${command}`,
    `Winner of the finals: candidate ${id}${tuned ? ' with tuned coefficients' : ''}.`,
    `Validation score ${score.toFixed(4)} (mean of ${scores.length} full trainings: ${scores.map((one) => one.toFixed(4)).join(', ')}).`,
  ];
}

/** What the winner is called. */
function nameNotes({ sketch, library, codec }: LossText, { genome, name }: FinalResult): string[] {
  const decl = fillSketch(sketch, codec.parse(genome), name);
  const called = nameLoss({ program: programOf([decl], library), decl });
  return nameSentences(name, called).map((sentence) => `${sentence}.`);
}

/** After the search the state stands still and only the number of trainings moves. */
function phaseReporter(
  { ledger, running }: RunContext,
  state: SearchState,
): (phase: SearchProgress['phase']) => void {
  const generations = ledger.generations();
  const before = generations.reduce((sum, generation) => sum + generation.seconds, 0);
  const bestIndividual = paretoFront(state.archive).at(-1);
  const begun = performance.now();
  let trainings = 0;
  return (phase) => {
    trainings++;
    const seconds = (performance.now() - begun) / 1000;
    running.onProgress?.({
      phase,
      generation: state.generation,
      best: bestIndividual === undefined ? 0 : fitnessOf(bestIndividual),
      median: generations.at(-1)?.median ?? 0,
      bestIndividual,
      evaluations: state.spent.evaluations,
      evaluationsPerMinute: (60 * trainings) / Math.max(1, seconds),
      rejected: rejectedShares(state),
      secondsLeft: undefined,
      seconds: before + seconds,
      trainingsRunning: trainings,
    });
  };
}
