/** An ask-and-tell search: the caller evaluates each loss. */

import type { CompiledLoss, CompileOptions } from '../../compiler/compile.js';
import { sizeOf } from '../evolve/gp/tree.js';
import { type PresetName, populationOf } from '../evolve/model/settings.js';
import { type AskedSearch, askedSearch, STEPS } from '../evolve/run/asked-search.js';
import { type FoundLoss, foundLoss } from '../evolve/run/found-losses.js';
import { paretoFront } from '../evolve/search/pareto.js';
import type { Question } from '../evolve/search/question-loop.js';
import { lossFileText } from '../evolve/store/loss-file.js';
import { type Learning, TASK_KINDS } from '../runtime/tasks/learning.js';
import { type Answer, demandAnswers, reportOf } from './answers.js';
import { demandOptions, hasFields, oneOf, wholeFrom } from './demand.js';
import { type LossSource, lossesIn, SEARCH_EXPECTATIONS, sketchOf } from './evolving.js';
import { compileLoss } from './losses.js';
import { loadProgram, lossesOf } from './programs.js';

/** Options of `createSearch`. All of them are optional. */
export interface CreateSearchOptions {
  /** A sketch with the holes that the search fills. Without one, the search space follows from `losses`, or is that of the preset. */
  readonly sketch?: LossSource;
  /** Losses that the search starts from. */
  readonly losses?: readonly LossSource[];
  /**
   * What a network learns with the losses: losses that could not train it are then rejected without asking. Without it, only losses
   * that could train nothing are rejected, such as those without a gradient.
   */
  readonly learning?: Learning;
  /** `glo` for the published search, or `default`, which is the default. */
  readonly preset?: PresetName;
  /** Individuals, over all islands: 64 by default, 80 with `glo`. */
  readonly population?: number;
  /** How often the best losses are evaluated, each time with another seed; 1 by default, which is right for a fitness without noise. */
  readonly repeats?: number;
  /** Seed for everything random: equal seeds and answers give equal requests. '1' by default. */
  readonly seed?: string | number;
}

/** A loss to be evaluated for a search. */
export interface AskedLoss {
  /** Identifies it in `tell`. */
  readonly id: number;
  /** The generation that it was proposed for, from 0. */
  readonly generation: number;
  /** 0 for the first evaluation of a loss, 1 for the second; see `repeats`. */
  readonly repeat: number;
  /** Seed for the evaluation: different for each loss and repeat, the same whenever the search is repeated. */
  readonly seed: string;
  /** The expression in each hole of the sketch, in the order of the text. */
  readonly genome: readonly string[];
  /** Total number of nodes of these expressions. */
  readonly size: number;
  /** A `.loss` file, written when it is first read: `lossFunction(asked.text)` makes a function of TensorFlow.js of it. */
  readonly text: string;
  /** Compiles it: for `evaluateLoss` and `emitTarget`, without TensorFlow.js. */
  compile(options?: CompileOptions): CompiledLoss;
}

/** A search whose losses are evaluated by the caller. */
export interface Search {
  /**
   * The losses whose fitness the search is waiting for: a part of a generation. A second call returns those that have no answer
   * yet. An empty list means that three generations in a row brought nothing new: there is nothing left to find.
   */
  ask(): Promise<readonly AskedLoss[]>;
  /**
   * Takes the fitness of all or some of the requested losses. When it resolves, `generations`, `best` and `front` are up to
   * date. Rejects with a TypeError, and takes none of the answers, if one is wrong: an id that is not open or occurs twice, or
   * a fitness outside 0 to 1.
   */
  tell(answers: readonly Answer[]): Promise<void>;
  /** Number of finished generations. */
  readonly generations: number;
  /** Number of answers so far. */
  readonly evaluations: number;
  /** The loss with the highest fitness after the last finished generation; undefined before the first. */
  best(): FoundLoss | undefined;
  /** Losses that beat everything smaller, smallest first. */
  front(): readonly FoundLoss[];
}

/**
 * Creates an ask-and-tell search: `ask` returns losses, `tell` takes their fitness, however it is measured. The search itself trains,
 * writes and starts nothing. Throws a TypeError for a wrong option, a LossError for mistakes in a text, and a RunError if
 * a text has no sketch or the search cannot start from one of the losses.
 *
 * @example
 * import { arrayOf, evaluateLoss } from 'lossc';
 * import { type AskedLoss, createSearch } from 'lossc/evolve';
 *
 * // Which loss finds the centre of numbers of which one is wrong?
 * const numbers = [1.9, 2.2, 2.1, 1.8, 9];
 * function fitnessOf(asked: AskedLoss): number {
 *   const loss = asked.compile();
 *   let centre = 0;
 *   for (let step = 0; step < 60; step++) {
 *     const prediction = arrayOf(numbers.map(() => centre));
 *     const { gradient } = evaluateLoss(loss, new Map([['target', arrayOf(numbers)], ['prediction', prediction]]));
 *     centre -= 0.2 * gradient.get('prediction')!.data.reduce((sum, one) => sum + one);
 *   }
 *   return Number.isFinite(centre) ? 1 / (1 + Math.abs(centre - 2)) : 0;
 * }
 *
 * const search = createSearch({
 *   sketch: `sketch robust(target: real, prediction: real) =
 *     let error = prediction - target
 *     ?
 *     with operators + * / abs square sqrt log1p leaves error, 1`,
 *   population: 16,
 *   seed: 1,
 * });
 * while (search.generations < 3) {
 *   const asked = await search.ask();
 *   await search.tell(asked.map((loss) => ({ id: loss.id, fitness: fitnessOf(loss) })));
 * }
 * console.log(search.best()!.fitness > 0.9); // true
 */
export function createSearch(options: CreateSearchOptions = {}): Search {
  demandOptions('createSearch', options, {
    ...SEARCH_EXPECTATIONS,
    learning: {
      what: '{ task, outputs }',
      holds: (value) => hasFields(value, { task: oneOf(TASK_KINDS), outputs: wholeFrom(1) }),
      cure: () => `the task is one of ${TASK_KINDS.join(', ')}`,
    },
    repeats: wholeFrom(1),
  });
  const { sketch, losses, learning, preset = 'default', population, repeats = 1, seed = '1' } = options;
  const loop = askedSearch({
    ...(sketch !== undefined && { sketch: sketchOf('createSearch', sketch) }),
    ...(losses !== undefined && { seedLosses: losses.flatMap((loss) => lossesIn('createSearch', loss)) }),
    ...(learning !== undefined && { learning }),
    preset,
    settings: populationOf(population, preset),
    repeats,
    seed: String(seed),
  });
  let evaluations = 0;
  const front = (): readonly FoundLoss[] =>
    paretoFront(loop.state().archive).map((individual) => foundLoss(loop.text, individual));
  return {
    ask: async () => (await loop.ask()).map((question) => askedLoss(loop, question)),
    async tell(answers) {
      demandAnswers(answers, { open: loop.open(), asked: loop.asked() });
      evaluations += answers.length;
      await loop.answer(new Map(answers.map((answer) => [answer.id, reportOf(answer, STEPS)])));
    },
    get generations() {
      return loop.state().generation + 1;
    },
    get evaluations() {
      return evaluations;
    },
    best() {
      const best = paretoFront(loop.state().archive).at(-1);
      return best && foundLoss(loop.text, best);
    },
    front,
  };
}

function askedLoss({ text: parts }: AskedSearch, { id, generation, job }: Question): AskedLoss {
  const { genome, seed, replicate: repeat } = job;
  const name = `candidate_${id}`;
  let text: string | undefined;
  const written = (): string => (text ??= lossFileText(parts, genome, name, []));
  return {
    ...{ id, generation, repeat, seed, genome },
    size: parts.codec.parse(genome).reduce((sum, tree) => sum + sizeOf(tree), 0),
    get text() {
      return written();
    },
    compile(compiling) {
      const program = loadProgram({ name: `${name}.loss`, text: written() });
      return compileLoss(program, lossesOf(program).at(-1)!, compiling);
    },
  };
}
