/** A search that asks: whoever calls it says how good each loss is. */

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

/** What `createSearch` takes. All of it may be left out. */
export interface CreateSearchOptions {
  /** With the holes that the search fills. Without one the space follows from `losses`, or is that of the preset. */
  readonly sketch?: LossSource;
  /** Losses that the search begins with. */
  readonly losses?: readonly LossSource[];
  /**
   * What a network learns with the losses: then a loss that could not train it is left out without asking. Without it only losses
   * that could train nothing are, those without a gradient for instance.
   */
  readonly learning?: Learning;
  /** `glo` for the published search; `default` unless told. */
  readonly preset?: PresetName;
  /** Individuals, over all islands: 64 unless told, 80 with `glo`. */
  readonly population?: number;
  /** How often the best are evaluated, each time with another seed; 1 unless told, which is right for a fitness without noise. */
  readonly repeats?: number;
  /** Decides everything random: with equal seeds and answers, equal questions. '1' unless told. */
  readonly seed?: string | number;
}

/** A loss whose fitness a search wants to know. */
export interface AskedLoss {
  /** Names it in `tell`. */
  readonly id: number;
  /** The generation that it was proposed for, from 0. */
  readonly generation: number;
  /** 0 for the first evaluation of a loss, 1 for the second; see `repeats`. */
  readonly repeat: number;
  /** For what is random in its evaluation: another one for each loss and repeat, the same whenever the search is made again. */
  readonly seed: string;
  /** The expression in each hole of the sketch, in their order in the text. */
  readonly genome: readonly string[];
  /** Nodes of these expressions together. */
  readonly size: number;
  /** A `.loss` file, written when it is first read: `lossFunction(asked.text)` makes a function of TensorFlow.js of it. */
  readonly text: string;
  /** Compiles it: for `evaluateLoss` and `emitTarget`, without TensorFlow.js. */
  compile(options?: CompileOptions): CompiledLoss;
}

/** A search whose losses are evaluated by whoever asks for them. */
export interface Search {
  /**
   * The losses whose fitness the search waits for: a part of a generation. Asked again before they are told, it gives those that are
   * not told yet. An empty list where three generations in a row brought nothing new: there is nothing left to find.
   */
  ask(): Promise<readonly AskedLoss[]>;
  /**
   * Takes fitness for losses that were asked about, all of them or some. When it resolves, `generations`, `best` and `front` are up to
   * date. Rejects with a TypeError, and takes none of the answers, where one is wrong: an id that is not open, one that is told twice,
   * a fitness that is not from 0 to 1.
   */
  tell(answers: readonly Answer[]): Promise<void>;
  /** Generations that are finished. */
  readonly generations: number;
  /** Answers that were told. */
  readonly evaluations: number;
  /** The loss of the highest fitness after the last finished generation; undefined before the first. */
  best(): FoundLoss | undefined;
  /** Losses that beat everything smaller, smallest first. */
  front(): readonly FoundLoss[];
}

/**
 * Begins a search that asks: `ask` gives losses, `tell` takes how good they are, however that is found out. Nothing is trained,
 * written or started by the search itself. Throws a TypeError for a wrong option, a LossError for mistakes in a text, a RunError where
 * a text has no sketch or the search cannot begin with one of the losses.
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
