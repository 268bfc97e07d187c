import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { emitTarget } from '../../../compiler/emit/targets.js';
import { nested } from '../../../compiler/evaluate/bind.js';
import { pythonWith } from '../../helpers/programs.js';
import type { Answer } from '../comparison.js';
import { parametersOf } from '../trial.js';
import type { Job, Target } from './target.js';

type Word = number | string;
type Reply =
  | { readonly error: string }
  | { readonly value: readonly Word[]; readonly gradients: Readonly<Record<string, readonly Word[]>> };

const WORDS: Readonly<Record<string, number>> = { inf: Infinity, '-inf': -Infinity, nan: Number.NaN };
export const numbers = (words: readonly Word[]): number[] =>
  words.map((word) => (typeof word === 'number' ? word : WORDS[word]!));

async function described({ compiled, trial }: Job): Promise<unknown> {
  const [emitted] = await emitTarget('pytorch', compiled, { version: '0.0.0', file: 'fuzz.loss' });
  const { text } = emitted!;
  const { given, reduction, weights } = trial;
  const parameters = compiled.parameters.map(({ name, default: initial }) => {
    const value = parametersOf(trial).get(name) ?? initial;
    return [name, value] as const;
  });
  return {
    text,
    function: /^def (\w+)\(/m.exec(text)![1]!,
    inputs: compiled.inputs.map(({ name, data: isData }) => ({
      name,
      isData,
      isLabels: given.labels.has(name),
      shape: given.inputs.get(name)!.shape,
      data: [...given.inputs.get(name)!.data],
    })),
    parameters: Object.fromEntries(parameters),
    options: compiled.scalar ? {} : { reduction },
    weights: weights && nested(weights),
  };
}

/** Emitted PyTorch in one Python process, in float64. Undefined where no Python has torch. */
export function pytorch(every: number): Target | undefined {
  const interpreter = pythonWith('torch');
  if (interpreter === undefined) return undefined;
  let worker: ChildProcessWithoutNullStreams | undefined;
  let lines: AsyncIterator<string> | undefined;
  const start = (): ChildProcessWithoutNullStreams => {
    const script = fileURLToPath(new URL('pytorch-worker.py', import.meta.url));
    const child = spawn(interpreter, [script]);
    child.stderr.pipe(process.stderr);
    lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    worker = child;
    return child;
  };
  return {
    name: 'pytorch',
    precision: 'double',
    // Its derivatives of log-gamma have ten digits.
    floor: 1e-8,
    every,
    batch: 100,
    tries: 1500,
    takes: () => true,
    run: async (jobs) => {
      const { stdin } = worker ?? start();
      stdin.write(`${JSON.stringify(await Promise.all(jobs.map(described)))}\n`);
      const { value: line } = await lines!.next();
      if (typeof line !== 'string') throw new Error('Python has ended');
      return (JSON.parse(line) as Reply[]).map(answered);
    },
    close: async () => {
      worker?.stdin.end();
    },
  };
}

function answered(reply: Reply): Answer | Error {
  if ('error' in reply) return new Error(reply.error);
  const gradients = Object.entries(reply.gradients).map(([name, words]) => [name, numbers(words)] as const);
  return { value: numbers(reply.value), gradients: new Map(gradients) };
}
