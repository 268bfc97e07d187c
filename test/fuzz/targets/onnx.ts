import { loadOnnx, onnxRuntime, runOnnx } from '../../helpers/onnx.js';
import type { Answer } from '../comparison.js';
import { parametersOf } from '../trial.js';
import type { Job, Target } from './target.js';

/** One weight for each item, where those of the first axes alone are given. */
function weightsOf({ compiled, trial: { given, weights } }: Job): readonly number[] | undefined {
  if (weights === undefined) return undefined;
  const { items, axes, labelAxis, name } = compiled.inputs[0]!;
  const { shape } = given.inputs.get(name)!;
  const own = given.labels.has(name) && labelAxis !== undefined ? axes.length - 1 : axes.length;
  const of =
    items === 'any' ? shape : items === 'exact' ? shape.slice(0, 1) : shape.slice(0, shape.length - own);
  const each = of.slice(weights.shape.length).reduce((a, b) => a * b, 1);
  return [...weights.data].flatMap((weight) => Array<number>(each).fill(weight));
}

/** Exponentials of parameters up to this stay far within float32. */
const LARGEST = 40;

/** Emitted models in ONNX Runtime, which computes in float32. Undefined where its package is not installed. */
export async function onnx(every: number): Promise<Target | undefined> {
  const runtime = await onnxRuntime();
  if (runtime === undefined) return undefined;
  const answer = async (job: Job): Promise<Answer> => {
    const { compiled, trial } = job;
    const model = await loadOnnx(runtime, compiled);
    try {
      const weights = weightsOf(job);
      return await runOnnx(model, {
        inputs: trial.given.inputs,
        parameters: parametersOf(trial),
        reduction: trial.reduction,
        ...(weights !== undefined && { weights }),
      });
    } finally {
      await model.session.release();
    }
  };
  return {
    name: 'onnx',
    precision: 'single',
    floor: 3e-6,
    every,
    batch: 50,
    tries: 500,
    // Parameters are float32 in a model, and so is what follows from them: exp(85) times one of these is infinite.
    takes: ({ trial }) =>
      [...trial.given.parameters.values()].every(({ data }) => data.every((x) => Math.abs(x) <= LARGEST)),
    run: async (jobs) => {
      const answers: (Answer | Error)[] = [];
      for (const job of jobs) answers.push(await answer(job).catch((error: Error) => error));
      return answers;
    },
    close: async () => {},
  };
}
