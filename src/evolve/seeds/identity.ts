/** Whether a loss is one that has a name. */
import { analyseLoss } from '../../../compiler/loss/analyse.js';
import type { LossDecl } from '../../../grammar/tree/ast.js';
import { RunError } from '../../errors.js';
import { libraryOf } from '../losses/subject.js';
import { calling, type Seed } from './derive.js';
import { axesOf, joinInputs } from './join-inputs.js';

export interface Identity<N> {
  readonly loss: N;
  /** False where the two differ by a positive factor. */
  readonly exact: boolean;
}

/**
 * The first of some losses, at its defaults, that a loss equals by canonical form; else the first whose gradient is the same up to a
 * positive factor. Losses of inputs that do not go together are different.
 */
export function identityOf<N extends Seed>(found: Seed, known: Iterable<N>): Identity<N> | undefined {
  const mine = analyseLoss(found.loss, libraryOf(found.program));
  let alike: N | undefined;
  for (const other of known) {
    const origin = withInputsOf(found.loss, other);
    if (origin === undefined) continue;
    const theirs = analyseLoss(origin, [...libraryOf(other.program), other.loss]);
    if (theirs.errors.length > 0) continue;
    if (theirs.canonicalHash === mine.canonicalHash) return { loss: other, exact: true };
    if (theirs.gradientHash === mine.gradientHash) alike ??= other;
  }
  return alike && { loss: alike, exact: false };
}

/** A loss of the inputs of another; undefined where it does not take them. */
function withInputsOf(found: LossDecl, { loss }: Seed): LossDecl | undefined {
  if (loss.parameters.some((parameter) => parameter.default === undefined)) return undefined;
  try {
    joinInputs([found, loss]);
  } catch (thrown) {
    if (thrown instanceof RunError) return undefined;
    throw thrown;
  }
  const { inputs } = found;
  const axes = [...new Set(inputs.flatMap(({ domain }) => axesOf(domain)))];
  const result = calling(loss, { inputs, axes }, []);
  return {
    kind: 'loss',
    name: { name: `${loss.name.name}_` },
    inputs,
    parameters: [],
    body: { lets: [], result },
  };
}
