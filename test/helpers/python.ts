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
}

/** What Python found; numbers that are not finite are words. */
export interface PythonOutcome {
  readonly error?: string;
  readonly value: number | string;
  readonly gradients: Readonly<Record<string, readonly (number | string)[]>>;
}

const DRIVERS = {
  pytorch: 'pytorch-driver.py',
  jax: 'numpy-driver.py',
  keras: 'numpy-driver.py',
} as const satisfies { readonly [T in Target]?: string };
export type PythonTarget = keyof typeof DRIVERS;

/** Emits each loss, loads it and calls its last function; with the mean and the default options. */
export async function runPython(
  interpreter: string,
  target: PythonTarget,
  jobs: readonly PythonJob[],
  type: 'float32' | 'float64' = 'float64',
): Promise<readonly PythonOutcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lossc-python-'));
  try {
    const origin = { version: '0.0.0', file: 'test.loss' };
    const emit = ({ compiled }: PythonJob) => emitTarget(target, compiled, origin);
    const modules = await Promise.all(jobs.map(emit));
    const described = jobs.map(({ compiled, inputs, parameters }, i) => {
      const [emitted] = modules[i]!;
      const path = join(folder, `loss_${i}.py`);
      writeFileSync(path, emitted!.text);
      const names = [...emitted!.text.matchAll(/^def (\w+)\(/gm)].map((match) => match[1]!);
      return {
        path,
        type,
        function: names.at(-1),
        inputs: compiled.inputs.map((input) => ({
          name: input.name,
          isData: input.data,
          shape: inputs.get(input.name)!.shape,
          data: [...inputs.get(input.name)!.data],
        })),
        parameters: Object.fromEntries(parameters),
      };
    });
    const file = join(folder, 'jobs.json');
    writeFileSync(file, JSON.stringify(described));
    const script = fileURLToPath(new URL(`../compiler/emit/${DRIVERS[target]}`, import.meta.url));
    const result = spawnSync(interpreter, [script, file], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    assert.is(result.status, 0, result.stderr);
    return JSON.parse(result.stdout) as readonly PythonOutcome[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
