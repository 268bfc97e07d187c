/** An ask-and-tell tuning: the caller evaluates each point. */
import { createMinimiser } from '../evolve/cmaes/ipop.js';
import { readLoss } from '../evolve/losses/subject.js';
import type { Candidate, ParameterValues } from '../evolve/model/candidate.js';
import { FIRST_STEP, requireTunable } from '../evolve/run/run-tuning.js';
import { parametersAt } from '../evolve/tuning/tunable.js';
import { minimiserOptions, pointOf } from '../evolve/tuning/tune.js';
import { tunedText } from '../evolve/tuning/tuned-text.js';
import { type Answer, demandAnswers } from './answers.js';
import { demand, demandOptions, isRecord, oneOf } from './demand.js';
import { type LossSource, lossesIn, TUNING_EXPECTATIONS } from './evolving.js';

/** Options of `createTuning`; all but the loss are optional. */
export interface CreateTuningOptions {
  /** The loss whose parameters are tuned. */
  readonly loss: LossSource;
  /** Which loss, if the text has several. */
  readonly name?: string;
  /** Starting values of parameters that should not start at their defaults. */
  readonly start?: ParameterValues;
  /** The first step, as a multiple of each parameter's start or half the width of its domain; 0.5 by default. */
  readonly sigma?: number;
  /** Points of a generation; 4 + 3 ln n for n numbers by default. */
  readonly population?: number;
  /** Seed for everything random: equal seeds and answers give equal points. '1' by default. */
  readonly seed?: string | number;
}

/** Values of the parameters to be evaluated for a tuning. */
export interface AskedParameters {
  /** Identifies them in `tell`. */
  readonly id: number;
  /** Their generation, from 0. */
  readonly generation: number;
  /** By the names of the parameters, for the options of a function from `lossFunction`. Parameters that cannot be tuned are not included. */
  readonly parameters: ParameterValues;
}

/** Values of the parameters with the loss that has them as its defaults. */
export interface FoundParameters {
  readonly parameters: ParameterValues;
  /** The fitness as it was passed to `tell`. */
  readonly fitness: number;
  /** A `.loss` file in which these are the defaults, with six digits. */
  readonly text: string;
}

/** A tuning whose points are evaluated by the caller. */
export interface ParameterTuning {
  /** The points of a generation that have no answer yet. */
  ask(): readonly AskedParameters[];
  /**
   * Takes the fitness of all or some of the points; the generation ends with the last. Throws a TypeError, and takes none of the
   * answers, if one is wrong. A point whose evaluation failed counts as no better than the others, and a generation in which all
   * failed is asked again.
   */
  tell(answers: readonly Answer[]): void;
  /** Number of finished generations. */
  readonly generations: number;
  /** Number of answers so far. */
  readonly evaluations: number;
  /** The point with the highest fitness; undefined before the first answer. With a noisy fitness this is a lucky one: use `mean` instead. */
  best(): FoundParameters | undefined;
  /** The mean of the distribution that points are drawn from. */
  mean(): ParameterValues;
}

/**
 * Creates an ask-and-tell tuning of the parameters of a loss: `ask` returns points of CMA-ES with restarts, `tell` takes their fitness. It
 * continues as long as it is asked. Throws a TypeError for a wrong option, a LossError for mistakes in the text, a RunError for a loss without a
 * parameter that can be tuned.
 *
 * @example
 * import { createTuning } from 'lossc/evolve';
 *
 * const tuning = createTuning({ loss: 'std/focal', seed: 1 });
 * while (tuning.evaluations < 150)
 *   tuning.tell(
 *     tuning.ask().map(({ id, parameters }) => ({ id, fitness: 1 / (1 + Math.abs(Number(parameters['gamma']) - 3)) })),
 *   );
 * console.log(Number(tuning.best()!.parameters['gamma']).toFixed(1)); // 3.0
 */
export function createTuning(options: CreateTuningOptions): ParameterTuning {
  const loss = { ...TUNING_EXPECTATIONS.loss, cure: () => 'createTuning({ loss: "std/focal" })' };
  demand('createTuning', [['options', options, { what: 'an object', holds: isRecord }]]);
  demandOptions('createTuning', options, TUNING_EXPECTATIONS);
  demand('createTuning', [['the option loss', options.loss, loss]]);
  const { start = {}, sigma = FIRST_STEP, population, seed = '1' } = options;
  const candidate = candidateOf(options);
  const names = candidate.loss.parameters.map(({ name }) => name.name);
  for (const name of Object.keys(start))
    demand('createTuning', [['a name in the option start', name, oneOf(names)]]);
  const variables = requireTunable(candidate, start);
  const minimiser = createMinimiser(
    {
      ...minimiserOptions(variables, { sigma, mostEvaluations: 1 }),
      ...(population !== undefined && { lambda: population }),
    },
    String(seed),
  );
  const valuesAt = (local: readonly number[]): ParameterValues => ({
    ...start,
    ...parametersAt(variables, pointOf(variables, local)),
  });
  let generations = 0;
  let evaluations = 0;
  let asked = 0;
  let generation = nextGeneration();

  /** Its points under their ids, and what was told of them; undefined for one that failed. */
  function nextGeneration() {
    const open = new Map(minimiser.ask().map((point) => [asked++, point] as const));
    return { ids: [...open.keys()], open, told: new Map<number, number | undefined>() };
  }

  function endGeneration({ ids, told }: typeof generation): void {
    const known = [...told.values()].filter((fitness) => fitness !== undefined);
    if (known.length > 0) {
      const worst = Math.min(...known);
      minimiser.tell(ids.map((id) => -(told.get(id) ?? worst)));
      generations++;
    }
    generation = nextGeneration();
  }

  return {
    ask: () =>
      [...generation.open].map(([id, point]) => ({
        ...{ id, generation: generations, parameters: valuesAt(point) },
      })),
    tell(answers) {
      demandAnswers(answers, { open: generation.open, asked });
      evaluations += answers.length;
      for (const { id, fitness } of answers) {
        generation.open.delete(id);
        generation.told.set(id, fitness);
      }
      if (generation.open.size === 0) endGeneration(generation);
    },
    get generations() {
      return generations;
    },
    get evaluations() {
      return evaluations;
    },
    best() {
      const best = minimiser.best();
      if (best === undefined) return undefined;
      const parameters = valuesAt(best.point);
      return { parameters, fitness: -best.value, text: tunedText(candidate, parameters, []) };
    },
    mean: () => valuesAt(minimiser.mean()),
  };
}

function candidateOf({ loss, name }: CreateTuningOptions): Candidate {
  const losses = lossesIn('createTuning', loss);
  const names = losses.map((one) => one.name);
  if (name !== undefined) demand('createTuning', [['the option name', name, oneOf(names)]]);
  else if (names.length > 1)
    throw new TypeError(
      `createTuning: the text has several losses: say which with { name }, one of ${names.join(', ')}`,
    );
  return readLoss(losses[0]!.sources, name ?? names[0]!);
}
