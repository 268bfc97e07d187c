/** What a loss is called: which standard losses, or mixtures of two, have a gradient that is nearly its own. */

import { lossHash } from '../../../compiler/canonical/canonical.js';
import { BindError, type NumberArray } from '../../../compiler/evaluate/binding.js';
import type { LoweredLoss } from '../../../compiler/lower/lowered.js';
import { printDecl } from '../../../grammar/print/print.js';
import { num } from '../../../grammar/tree/build.js';
import { lowered, type Side } from '../../diff/signatures.js';
import type { ParameterValues } from '../model/candidate.js';
import { identityOf } from '../seeds/identity.js';
import { parametersAt, type Variable, variablesOf } from '../tuning/tunable.js';
import { type StandardLoss, standardLossesLike } from './candidates.js';
import { type Direction, directionOf, distance, nearestBlend } from './direction.js';
import { everydayInputs } from './everyday.js';
import { coarseFit, fineFit, isFittable } from './fit.js';
import { Gradients } from './gradients.js';

/** A standard loss beside another one. */
export interface Near {
  readonly loss: string;
  /** Those that were fitted, or matter at their defaults; the others have their defaults. */
  readonly parameters: ParameterValues;
  /** What is left of the gradient when the nearest positive multiple of this loss's is taken away, as a share of its length. */
  readonly distance: number;
}

/** A weighted sum of two standard losses at their defaults. */
interface Mixture {
  /** Weights add up to 1. */
  readonly parts: readonly { readonly loss: string; readonly weight: number }[];
  readonly distance: number;
}

export interface LossName {
  /** The standard loss that it is at its defaults; `exact` is false where they differ by a positive factor. */
  readonly is?: { readonly name: string; readonly exact: boolean };
  /** The nearest few, nearest first. Empty where it is one, or cannot be compared. */
  readonly nearest: readonly Near[];
  /** Where a mixture says more than the nearest loss alone. */
  readonly mixture?: Mixture;
  /** Nothing is near. */
  readonly isNew: boolean;
  /** Why it could not be compared with any, as the rest of a sentence. */
  readonly why?: string;
  /** Standard losses of these inputs that could not be evaluated at them. */
  readonly notCompared: readonly string[];
}

/** Up to here a loss has the name of another: cross-entropy and GCE at 0.7 are 0.6 apart, GCE at 0.64 and at 0.7 0.05. */
export const NEAR = 0.2;
/** What a loss has to be nearer by for each number that was fitted. */
const PRICE = 0.002;
/** A mixture that leaves less than this share of what the nearest loss leaves is worth telling of, if that leaves more than a little. */
const WORTH = 0.6;
const LITTLE = 0.01;
/** A smaller part of a mixture is none. */
const LEAST_WEIGHT = 0.02;
/** Most losses of one and of several parameters that are fitted to the last digit, none after one as near as this. */
const FINE = 4;
const NEAREST = 1e-3;
/** How many are told of. */
const TOLD = 3;
/** What rounding leaves of a difference. */
const ROUNDING = 1e-6;

let last: { readonly key: string; readonly name: LossName } | undefined;

/**
 * The name of a loss at its defaults; a positive multiple of it has the same. The last answer is remembered: the end of a run and a page
 * that is kept up to date ask again.
 */
export function nameLoss(found: Side): LossName {
  const loss = lowered(found);
  const signature = printDecl({ ...found.decl, name: { name: 'named' }, body: { lets: [], result: num(0) } });
  const key = `${signature} ${lossHash(loss)}`;
  if (last?.key !== key) last = { key, name: nameOf(found, loss) };
  return last.name;
}

/** A candidate at its defaults, and its gradients at other parameters. */
interface Standing {
  readonly standard: StandardLoss;
  readonly gradients: Gradients;
  readonly variables: readonly Variable[];
  readonly direction: Direction;
  readonly distance: number;
}

function nameOf(found: Side, loss: LoweredLoss): LossName {
  const gradients = new Gradients(loss);
  const inputs = everydayInputs(loss, gradients.inputs);
  const direction = directionAt(gradients, inputs);
  const candidates = standardLossesLike(found);
  const standings =
    direction === undefined ? [] : candidates.flatMap((standard) => standingOf(standard, inputs, direction));
  const compared = new Set(standings.map(({ standard }) => standard));
  const left = candidates.filter((standard) => !compared.has(standard));
  const same = standings.filter((one) => one.distance < ROUNDING).map(({ standard }) => standard);
  const identity = identityOf(
    { program: found.program, loss: found.decl },
    [...same, ...left].map(({ program, original, name }) => ({ program, loss: original, name })),
  );
  const none = { nearest: [], isNew: false, notCompared: left.map(({ name }) => name) };
  if (identity !== undefined) return { is: { name: identity.loss.name, exact: identity.exact }, ...none };
  if (direction === undefined)
    return { ...none, why: 'its gradient at everyday inputs is 0 or not a number' };
  if (candidates.length === 0) return { ...none, why: 'none of them takes its inputs' };
  if (standings.length === 0) return { ...none, why: 'those that take its inputs have no gradient there' };
  const nearest = nearestOf(standings, inputs, direction);
  const [first] = nearest;
  const mixture = mixtureOf(standings, direction, first!);
  return {
    ...none,
    nearest: nearest.slice(0, TOLD).map(({ loss, parameters, distance }) => ({ loss, parameters, distance })),
    ...(mixture !== undefined && { mixture }),
    isNew: mixture === undefined && first!.distance > NEAR,
  };
}

type Inputs = readonly (readonly NumberArray[])[];

/** Undefined where it has no gradient there that can be measured by. */
function directionAt(
  gradients: Gradients,
  inputs: Inputs,
  parameters: ParameterValues = {},
): Direction | undefined {
  try {
    return directionOf(inputs.map((arrays) => gradients.at(arrays, parameters)));
  } catch (thrown) {
    if (thrown instanceof BindError) return undefined;
    throw thrown;
  }
}

/** Empty where it cannot be evaluated, be it that a parameter has no default. */
function standingOf(standard: StandardLoss, inputs: Inputs, found: Direction): Standing[] {
  if (standard.decl.parameters.some((parameter) => parameter.default === undefined)) return [];
  const gradients = new Gradients(standard.lowered);
  const direction = directionAt(gradients, inputs);
  if (direction === undefined) return [];
  const variables = variablesOf(standard.decl);
  return [{ standard, gradients, variables, direction, distance: distance(found, direction) }];
}

/** A loss with what the numbers that were fitted for it cost. */
interface Priced extends Near {
  readonly price: number;
}

function nearestOf(standings: readonly Standing[], inputs: Inputs, found: Direction): readonly Priced[] {
  const measured = (group: number | undefined) => {
    const part = (direction: Direction): Direction =>
      group === undefined
        ? direction
        : { units: [direction.units[group]!], lengths: [direction.lengths[group]!] };
    const some = group === undefined ? inputs : [inputs[group]!];
    const wanted = part(found);
    return ({ gradients }: Standing, parameters: ParameterValues): number => {
      const direction = directionAt(gradients, some, parameters);
      return direction === undefined ? Number.POSITIVE_INFINITY : distance(wanted, direction);
    };
  };
  // One group of inputs is enough to see which are worth the rest.
  const roughly = measured(0);
  const exactly = measured(undefined);
  const coarse = standings
    .filter(({ variables }) => isFittable(variables))
    .map((standing) => {
      const fit = coarseFit(standing.variables, (parameters) => roughly(standing, parameters));
      return { standing, fit, distance: roughly(standing, parametersAt(fit.variables, fit.point)) };
    })
    .filter(({ fit }) => fit.variables.length > 0)
    .toSorted((a, b) => a.distance - b.distance);
  const fitted = new Map(coarse.map(({ standing, fit }) => [standing, fit] as const));
  const fine: Priced[] = [];
  const one = coarse.filter(({ fit }) => fit.variables.length === 1).slice(0, FINE);
  // What a coarse fit of several parameters says is no more than a beginning.
  const several = coarse.filter(({ fit }) => fit.variables.length > 1).slice(0, FINE);
  for (const { standing, fit } of [...one, ...several]) {
    const { variables, point } = fineFit(fit, (parameters) =>
      (fit.variables.length === 1 ? exactly : roughly)(standing, parameters),
    );
    const parameters = parametersAt(variables, point);
    const moved = variables.filter(({ start }, i) => point[i] !== start).length;
    const far = exactly(standing, parameters);
    fine.push({ loss: standing.standard.name, parameters, distance: far, price: far + PRICE * moved });
    if (far < NEAREST) break;
  }
  const plain = standings.map((standing): Priced => {
    const { variables = [] } = fitted.get(standing) ?? {};
    const parameters = parametersAt(
      variables,
      variables.map(({ start }) => start),
    );
    return {
      loss: standing.standard.name,
      parameters,
      distance: standing.distance,
      price: standing.distance,
    };
  });
  // The sort is stable, and the simplest stand in front: rounding does not change their order.
  const all = [...plain, ...fine].toSorted((a, b) => rounded(a.price) - rounded(b.price));
  return all.filter(({ loss }, i) => all.findIndex((other) => other.loss === loss) === i);
}

const rounded = (x: number): number => Math.round(x / ROUNDING);

/** The nearest mixture of two standard losses at their defaults, where it says more than the nearest loss does. */
function mixtureOf(standings: readonly Standing[], found: Direction, nearest: Priced): Mixture | undefined {
  let best: Mixture | undefined;
  for (const [i, a] of standings.entries())
    for (const b of standings.slice(i + 1)) {
      const { distance: far, weights } = nearestBlend(found, a.direction, b.direction);
      if (Math.min(...weights) < LEAST_WEIGHT) continue;
      if (best !== undefined && rounded(far) >= rounded(best.distance)) continue;
      const parts = [a, b].map(({ standard }, k) => ({ loss: standard.name, weight: weights[k]! }));
      best = { parts, distance: far };
    }
  if (best === undefined || best.distance > NEAR) return undefined;
  const isAsNear = best.distance + PRICE / 2 < nearest.price;
  const isMuchNearer = nearest.distance > LITTLE && best.distance < WORTH * nearest.distance;
  return isMuchNearer || isAsNear ? best : undefined;
}
