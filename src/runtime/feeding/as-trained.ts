/** A loss in the form in which a network is trained with it: of one target and one prediction. */
import type { CompiledLoss } from '../../../compiler/compile.js';
import { type NumericLoss, numericOf } from '../../../compiler/loss/numeric.js';
import type { ParameterValue } from '../../../compiler/lower/lowered.js';
import type { LossDecl, SketchDecl } from '../../../grammar/tree/ast.js';
import type { TaskKind } from '../tasks/learning.js';
import { ofOneOutput } from './moments.js';
import { PROGRESS, takesProgress, withProgressAsParameter } from './progress.js';

/** Mean and variance as parts of one output, and the progress as a parameter. Throws a RunError for what cannot be had. */
export const asTrained = <D extends LossDecl | SketchDecl>(decl: D, task: TaskKind): D =>
  ofOneOutput(withProgressAsParameter(decl), task);

/** Shares of a training at which a loss is looked at that takes the progress. */
const SHARES = [0, 0.5, 1] as const;

/**
 * A loss in float64, compiled in its trained form. One that takes the progress is looked at through a whole training: the first third
 * of a batch at its beginning, the second in the middle, the last at the end.
 */
export function numericTrained(
  decl: LossDecl | SketchDecl,
  compiled: CompiledLoss,
  parameters: Readonly<Record<string, ParameterValue>> = {},
): NumericLoss {
  if (!takesProgress(decl)) return numericOf(compiled, parameters);
  const stages = SHARES.map((progress) => numericOf(compiled, { ...parameters, [PROGRESS]: progress }));
  return {
    evaluate(target, output, batch, classes) {
      const found = stages.map((stage) => stage.evaluate(target, output, batch, classes));
      const composed = (of: (stage: (typeof found)[number]) => Float64Array): Float64Array =>
        of(found[0]!).map((_, i, { length }) => of(found[Math.floor((SHARES.length * i) / length)]!)[i]!);
      return { values: composed(({ values }) => values), gradient: composed(({ gradient }) => gradient) };
    },
  };
}
