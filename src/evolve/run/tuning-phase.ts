/** Coefficients of the best losses of a search, tuned by CMA-ES (the second phase of GLO). */

import { printDecl } from '../../../grammar/print/print.js';
import { num } from '../../../grammar/tree/build.js';
import type { Learning } from '../../runtime/tasks/learning.js';
import { fillSketch } from '../gp/genome.js';
import { numericCandidate } from '../losses/compiler.js';
import type { Evaluator } from '../model/evaluator.js';
import { fitnessOf, type Individual } from '../model/individual.js';
import { fillCoefficients, independentCoefficients, type WithCoefficients } from '../tuning/coefficients.js';
import { tunedLoss, tuneState } from '../tuning/schemas.js';
import { type TunedLoss, tune } from '../tuning/tune.js';
import type { RunContext } from './run-context.js';

export const tunedKey = (id: number): string => `tuned/${id}`;
const stateKey = (id: number): string => `tuning/${id}`;

/** Undefined when interrupted. */
export async function tunePhase(
  context: RunContext,
  front: readonly Individual[],
  evaluator: Evaluator,
): Promise<readonly TunedLoss[] | undefined> {
  const { settings, ledger } = context;
  // Where it is not known what is learnt nothing says which coefficients matter.
  const { learning } = settings;
  if (learning === undefined) return [];
  const best = front.toSorted((a, b) => fitnessOf(b) - fitnessOf(a)).slice(0, settings.tuning.losses);
  const tuned: TunedLoss[] = [];
  for (const individual of best) {
    const done = ledger.result(tunedKey(individual.id), tunedLoss);
    const made = done ?? (await tuneIndividual(context, individual, learning, evaluator));
    if (made === undefined) return undefined;
    if (done === undefined) ledger.setResult(tunedKey(individual.id), made);
    tuned.push(made);
  }
  return tuned;
}

async function tuneIndividual(
  { settings, subject, world, ledger, running }: RunContext,
  individual: Individual,
  learning: Learning,
  evaluator: Evaluator,
): Promise<TunedLoss | undefined> {
  const scaleMatters = settings.task.scale === 'raw';
  const trees = world.codec.parse(individual.genome);
  const candidateOf = (coefficients: WithCoefficients) => ({
    loss: withParameters(fillSketch(subject.sketch, coefficients.trees, 'tuned'), coefficients),
    library: subject.library,
  });
  const kept = independentCoefficients(trees, learning, scaleMatters, (coefficients, values) => {
    const named = coefficients.coefficients.map(({ name }, i) => [name, values[i]!] as const);
    const loss = numericCandidate(candidateOf(coefficients), learning.task, Object.fromEntries(named));
    return (...batch) => loss.evaluate(...batch).gradient;
  });
  const text = printDecl(candidateOf(kept).loss);
  const result = await tune({
    label: `tuning/${individual.id}`,
    seed: settings.seed,
    variables: kept.coefficients.map(({ name, start }) => ({
      parameter: name,
      start,
      lower: Number.NEGATIVE_INFINITY,
      upper: Number.POSITIVE_INFINITY,
      scale: Math.max(Math.abs(start), 0.1),
    })),
    settings: settings.tuning,
    job: (parameters, seed, replicate) => ({
      genome: individual.genome,
      loss: text,
      parameters,
      seed,
      replicate,
      steps: settings.task.steps,
      gates: [],
    }),
    evaluator,
    saved: ledger.result(stateKey(individual.id), tuneState),
    save: (state) => ledger.setResult(stateKey(individual.id), state),
    signal: running.signal,
  });
  if (result === undefined) return undefined;
  const values = kept.coefficients.map(({ name }) => result.best.parameters[name] as number);
  return {
    id: individual.id,
    genome: world.codec.print(fillCoefficients(kept, values)),
    from: individual.genome,
    coefficients: kept.coefficients.map(({ name }) => name),
    result,
  };
}

/** The loss with its coefficients declared as parameters. */
function withParameters(
  loss: ReturnType<typeof fillSketch>,
  { coefficients }: WithCoefficients,
): ReturnType<typeof fillSketch> {
  const own = coefficients.map(({ name, start }) => ({ name: { name }, default: num(start) }));
  return { ...loss, parameters: [...loss.parameters, ...own] };
}
