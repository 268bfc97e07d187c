import type { Node } from '../graph/graph.js';
import type { LoweredLoss } from '../lower/lowered.js';
import { freeTerms, isNormalising, madeOf, termsWithout } from './free-terms.js';

/** Terms with the target alone that make a swap of target and prediction likely; one may be there to complete a square. */
const SUSPICIOUS = 2;

/** Names of two inputs that look as if each stood in the other's place. */
export interface Swapped {
  readonly target: string;
  readonly prediction: string;
  /** How many terms hold the target alone; none holds the prediction alone. */
  readonly terms: number;
}

/**
 * Published re-implementations of TaylorGLO put the target where the prediction belongs: powers of the target alone remain, and
 * no power of the prediction alone. Read from the loss as it is written, before what is known of the target changes its terms.
 * `felt` is all that the gradients are made of: a target that is not among it is a mistake of another kind.
 */
export function swappedInputs({ inputs, value }: LoweredLoss, felt: ReadonlySet<Node>): Swapped | undefined {
  const target = inputs.find((input) => input.role === 'target');
  const [prediction, ...others] = inputs.filter((input) => !input.data);
  if (target === undefined || prediction === undefined || others.length > 0) return undefined;
  if (!felt.has(target.node)) return undefined;
  const holdsTarget = madeOf(value, (node) => node === target.node);
  const normalising = madeOf(value, isNormalising);
  const alone = freeTerms(value, [prediction.node]).filter(
    ({ node }) => holdsTarget.has(node) && !normalising.has(node),
  );
  if (alone.length < SUSPICIOUS) return undefined;
  const holdsPrediction = madeOf(value, (node) => node === prediction.node);
  if (termsWithout(value, [target.node]).some(({ node }) => holdsPrediction.has(node))) return undefined;
  return { target: target.name, prediction: prediction.name, terms: alone.length };
}
