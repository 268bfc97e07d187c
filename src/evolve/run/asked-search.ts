/** A search in this process that trains nothing: it asks. Screening is done here as well, between the turns of the event loop. */
import { setImmediate } from 'node:timers/promises';
import type { Learning } from '../../runtime/tasks/learning.js';
import { requireFed, taskOfLosses } from '../losses/subject.js';
import { analyseGenome, type CascadeContext, probeGenome } from '../screening/cascade.js';
import { createQuestionLoop, type QuestionLoop } from '../search/question-loop.js';
import type { LossText } from '../store/loss-file.js';
import { createWorld } from './create-world.js';
import { type PlanOptions, planSearch } from './search-plan.js';

export interface AskedSearchOptions extends PlanOptions {
  readonly seed: string;
  /** What is learnt with the losses; without it screening looks only at what holds for every loss. */
  readonly learning?: Learning;
  /** How often the best are evaluated, each time with another seed. */
  readonly repeats: number;
}

export interface AskedSearch extends QuestionLoop {
  /** How losses of the search are written. */
  readonly text: LossText;
}

/** One evaluation counts as one step: nobody here knows how long it takes. */
export const STEPS = 1;

/** Throws a RunError or LossError for mistakes in sketch and losses. */
export function askedSearch(options: AskedSearchOptions): AskedSearch {
  const { seed, learning, repeats, seedLosses = [] } = options;
  const settings = {
    ...options.settings,
    // A fitness has no curve that gates could look at, and trainings for statistics are not for others to make.
    ...{ gates: [], audit: 0, lag: 0, racing: { most: repeats, best: repeats } },
  };
  const plan = planSearch({ ...options, settings }, learning?.task ?? taskOfLosses(seedLosses));
  if (learning !== undefined) requireFed(plan.subject, learning);
  const world = createWorld(plan.subject, {
    ...{ settings: plan.search, seed, steps: STEPS, genomes: plan.genomes },
  });
  const context: CascadeContext = {
    ...plan.subject,
    space: world.variation.space,
    learning,
    // Whoever trains gets the loss as it is written.
    scaleMatters: true,
    repairSign: plan.search.stages['null-epoch'],
  };
  const loop = createQuestionLoop(world, {
    analyse: inTurns((genome) => analyseGenome(genome, context)),
    probe: inTurns((genome) => probeGenome(genome, context)),
  });
  return { ...loop, text: { ...plan.subject, codec: world.codec } };
}

/** Asks about one genome after the other, and lets others work in between. */
const inTurns =
  <A>(ask: (genome: readonly string[]) => A) =>
  async (genomes: readonly (readonly string[])[]): Promise<A[]> => {
    const answers: A[] = [];
    for (const genome of genomes) {
      answers.push(ask(genome));
      await setImmediate();
    }
    return answers;
  };
