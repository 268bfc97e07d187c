/** Whether a loss can train a network at all: asked before data, backend or workers have cost anything. */
import { compileLoss } from '../../../compiler/compile.js';
import type { NumericLoss } from '../../../compiler/loss/numeric.js';
import type { ParameterValue } from '../../../compiler/lower/lowered.js';
import type { Program } from '../../../compiler/resolve/program.js';
import type { LossDecl } from '../../../grammar/tree/ast.js';
import type { Learning } from '../tasks/learning.js';
import { asTrained, numericTrained } from './as-trained.js';
import { feedingOf, signatureOf } from './feeding.js';
import { givenTo } from './progress.js';
import { REFUSALS } from './refusals.js';
import { takingRows } from './targets.js';
import { trialBatch } from './trial-batch.js';

export interface TrainableOptions {
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  /** The parameters are where a tuning begins, so the loss may teach nothing yet. */
  readonly tuned?: boolean;
}

/**
 * The loss on rows of targets and on outputs of a network, in float64. Throws a `LossError` for errors in the loss and a
 * `RunError`, one sentence, for what cannot be trained in learning this.
 */
export function checkTrainable(
  program: Program,
  decl: LossDecl,
  learning: Learning,
  { parameters = {}, tuned = false }: TrainableOptions = {},
): NumericLoss {
  const compiled = compileLoss(program, asTrained(decl, learning.task), {
    fromLogits: true,
    plainMean: true,
  });
  const { form, prediction } = feedingOf(signatureOf(compiled), learning, givenTo(decl, parameters));
  const loss = takingRows(numericTrained(decl, compiled, parameters), form);
  const found = probe(loss, learning);
  if (found === 'flat' && !tuned) throw REFUSALS['no gradient'](compiled.name, prediction);
  if (found === 'any class') throw REFUSALS['no class'](compiled.name, prediction, learning.task);
  return loss;
}

/** More than a rounding error. */
const DIFFERENT = 1e-9;

/**
 * What a loss makes of random outputs: a loss of embeddings is the same when the outputs change places in each row, and one that
 * is flat has no gradient for any of them. What is not a number is left to training, which says at which step.
 */
function probe(loss: NumericLoss, learning: Learning): 'flat' | 'any class' | 'fit' {
  const { target, output, batch, outputs } = trialBatch(learning);
  const moved = output.map((_, i) => output[i - (i % outputs) + ((i + 1) % outputs)]!);
  const [here, there] = [output, moved].map((given) => loss.evaluate(target, given, batch, outputs));
  if (here!.gradient.every((slope) => slope === 0)) return 'flat';
  const [one, other] = [here!, there!].map(({ values }) => values.reduce((a, b) => a + b, 0));
  const same = Math.abs(one! - other!) <= DIFFERENT * Math.max(1, Math.abs(one!));
  return outputs > 1 && same ? 'any class' : 'fit';
}
