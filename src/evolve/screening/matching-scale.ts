/** `--scale matched` where there is no model to look at: the gradient at the prediction of a network that knows nothing. */
import { parse } from '../../../grammar/read/parse.js';
import type { LossDecl } from '../../../grammar/tree/ast.js';
import { classification } from '../../runtime/tasks/learning.js';
import { numericCandidate } from '../losses/compiler.js';
import type { Candidate } from '../model/candidate.js';
import { lengthOf, uniformBatch } from './fixed-inputs.js';

const CROSS_ENTROPY: Candidate = {
  loss: parse({
    name: '(cross-entropy)',
    text: 'loss cross_entropy(target: onehot[class], prediction: probability[class]) = -sum(target * log(prediction), class)',
  }).file.declarations[0] as LossDecl,
  library: [],
};

/** Of cross-entropy, by the number of classes. */
const known = new Map<number, number>();

/** Digits of the factor: more are noise, and it is part of the text that scripts are sent. */
const DIGITS = 6;

/**
 * The factor that gives the loss's gradient on the logits the length of cross-entropy's, both at equal logits. 1 where it has no
 * finite gradient there, or none at all.
 */
export function matchingScale(candidate: Candidate, classes: number): number {
  const reference = known.get(classes) ?? gradientLength(CROSS_ENTROPY, classes);
  known.set(classes, reference);
  const factor = reference / gradientLength(candidate, classes);
  return Number.isFinite(factor) && factor > 0 ? Number(factor.toPrecision(DIGITS)) : 1;
}

function gradientLength(candidate: Candidate, classes: number): number {
  const { target, output, batch } = uniformBatch(classification(classes));
  return lengthOf(
    numericCandidate(candidate, 'classification').evaluate(target, output, batch, classes).gradient,
  );
}
