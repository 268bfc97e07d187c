/** Running emitted Python: every module of a test in one process. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import type { CompiledLoss } from '../../compiler/compile.js';
import { emitTarget, type Target } from '../../compiler/emit/targets.js';
import type { NumberArray } from '../../compiler/evaluate/bind.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';

/** A loss and what it is called with. */
export interface PythonJob {
  readonly compiled: CompiledLoss;
  readonly inputs: ReadonlyMap<string, NumberArray>;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  /** Inputs that are given as tensors of whole numbers. */
  readonly whole?: readonly string[];
  /** Parameters that are given as tensors which require a gradient. */
  readonly learnt?: readonly string[];
  /** `reduction`, `sample_weight`, `ignore_index`. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** A number; one that is not finite is a word. */
export type PythonNumber = number | 'nan' | 'inf' | '-inf';

export const asNumber = (x: PythonNumber): number =>
  typeof x === 'number' ? x : Number(x.replace('inf', 'Infinity'));

/** What Python found. */
export interface PythonOutcome {
  readonly error?: string;
  /** One number, or one per item where nothing is reduced. */
  readonly value: readonly PythonNumber[];
  /** Of the sum of the values. */
  readonly gradients: Readonly<Record<string, readonly PythonNumber[]>>;
  /** The type of the value. */
  readonly type: string;
}

const DRIVERS = {
  pytorch: 'pytorch-driver.py',
  jax: 'numpy-driver.py',
  keras: 'numpy-driver.py',
} as const satisfies { readonly [T in Target]?: string };
export type PythonTarget = keyof typeof DRIVERS;
export type FloatType = 'float64' | 'float32' | 'float16' | 'bfloat16';

const ORIGIN = { version: '0.0.0', file: 'test.loss' };

/** An emitted module: where it lies, and what it calls the loss and its arguments, by their names in the language. */
export interface PythonModule {
  readonly path: string;
  readonly name: string;
  readonly argument: (name: string) => string;
}

/** The modules of some losses in a folder, for as long as `use` runs; gives what it gives. Each loss is emitted once. */
export async function withModules<T>(
  target: PythonTarget,
  losses: readonly CompiledLoss[],
  use: (modules: ReadonlyMap<CompiledLoss, PythonModule>, folder: string) => T,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'lossc-python-'));
  try {
    const modules = new Map<CompiledLoss, PythonModule>();
    for (const compiled of new Set(losses)) {
      const [emitted] = await emitTarget(target, compiled, ORIGIN);
      const path = join(folder, `loss_${modules.size}.py`);
      writeFileSync(path, emitted!.text);
      modules.set(compiled, { path, ...signatureOf(compiled, emitted!.text) });
    }
    return use(modules, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The names of the first function: inputs, then parameters without a default, then those with one. */
function signatureOf({ inputs, parameters }: CompiledLoss, text: string): Omit<PythonModule, 'path'> {
  const [, name, list] = /^def (\w+)\(\s*(?:\*given,\s*)?([^*]*?)(?:\*|\):)/m.exec(text)!;
  const given = list!.split(/,(?![^(]*\))/).map((part) => part.split('=')[0]!.trim());
  const optional = parameters.filter((entry) => entry.default !== undefined);
  const required = parameters.filter((entry) => entry.default === undefined);
  const order = [...inputs, ...required, ...optional].map((entry) => entry.name);
  return { name: name!, argument: (wanted) => given[order.indexOf(wanted)]! };
}

/** Runs a script that stands beside the tests of emitted code, and gives what it prints. */
export function pythonScript(interpreter: string, script: string, ...args: readonly string[]): string {
  const path = fileURLToPath(new URL(`../compiler/emit/python/${script}`, import.meta.url));
  const result = spawnSync(interpreter, [path, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  assert.is(result.status, 0, result.stderr);
  return result.stdout;
}

/** Emits each loss, loads it and calls its function. */
export function runPython(
  interpreter: string,
  target: PythonTarget,
  jobs: readonly PythonJob[],
  type: FloatType = 'float64',
): Promise<readonly PythonOutcome[]> {
  return withModules(
    target,
    jobs.map(({ compiled }) => compiled),
    (modules, folder) => {
      const described = jobs.map(({ compiled, inputs, parameters, whole, learnt, options }) => {
        const { path, name, argument } = modules.get(compiled)!;
        return {
          path,
          type,
          function: name,
          learnt: (learnt ?? []).map(argument),
          order: compiled.parameters.map((parameter) => argument(parameter.name)),
          options: { ...(!compiled.scalar && { reduction: 'mean' }), ...options },
          inputs: compiled.inputs.map((input) => ({
            name: argument(input.name),
            isData: input.data,
            whole: whole?.includes(input.name) === true,
            shape: inputs.get(input.name)!.shape,
            data: [...inputs.get(input.name)!.data].map(spoken),
          })),
          parameters: Object.fromEntries([...parameters].map(([given, value]) => [argument(given), value])),
        };
      });
      const file = join(folder, 'jobs.json');
      writeFileSync(file, JSON.stringify(described));
      const outcomes = JSON.parse(
        pythonScript(interpreter, DRIVERS[target], file),
      ) as readonly PythonOutcome[];
      return outcomes.map((outcome, i) => named(outcome, jobs[i]!.compiled, modules.get(jobs[i]!.compiled)!));
    },
  );
}

/** The gradients by their names in the language. */
function named(
  outcome: PythonOutcome,
  { inputs, parameters }: CompiledLoss,
  { argument }: PythonModule,
): PythonOutcome {
  if (outcome.error !== undefined) return outcome;
  const names = new Map([...inputs, ...parameters].map(({ name }) => [argument(name), name]));
  const gradients = Object.entries(outcome.gradients).map(([name, gradient]) => [names.get(name)!, gradient]);
  return { ...outcome, gradients: Object.fromEntries(gradients) };
}

/** JSON has no words for these numbers; Python reads the words. */
const spoken = (x: number): number | string =>
  Number.isNaN(x) ? 'nan' : Number.isFinite(x) ? x : x > 0 ? 'inf' : '-inf';
