import { nested } from '../../../compiler/evaluate/bind.js';
import { pythonWith } from '../../helpers/programs.js';
import { type PythonJob, type PythonOutcome, runPython } from '../../helpers/python.js';
import type { Answer } from '../comparison.js';
import { parametersOf } from '../trial.js';
import { numbers } from './pytorch.js';
import type { Job, Target } from './target.js';

function described({ compiled, trial }: Job): PythonJob {
  const { given, reduction, weights } = trial;
  return {
    compiled,
    inputs: given.inputs,
    parameters: new Map(
      compiled.parameters.map(({ name, default: initial }) => [
        name,
        parametersOf(trial).get(name) ?? initial!,
      ]),
    ),
    whole: [...given.labels],
    learnt: compiled.parameters.map(({ name }) => name),
    options: {
      ...(!compiled.scalar && { reduction }),
      ...(weights !== undefined && { sample_weight: nested(weights) }),
    },
  };
}

/** Emitted JAX or Keras, run by the stand-in that is made of NumPy. Undefined where no Python has it. */
export function standIn(name: 'jax' | 'keras', every: number): Target | undefined {
  const interpreter = pythonWith('numpy');
  if (interpreter === undefined) return undefined;
  return {
    name,
    precision: 'double',
    floor: 1e-8,
    every,
    batch: 200,
    tries: 100,
    takes: () => true,
    run: async (jobs) => (await runPython(interpreter, name, jobs.map(described))).map(answered),
    close: async () => {},
  };
}

function answered({ error, value, gradients }: PythonOutcome): Answer | Error {
  if (error !== undefined) return new Error(error);
  const found = Object.entries(gradients).map(([name, words]) => [name, numbers(words)] as const);
  return { value: numbers(value), gradients: new Map(found) };
}
