import { type CompiledLoss, compileLoss } from '../../../compiler/compile.js';
import { type LoopPlan, planLoops } from '../../../compiler/emit/fused/loops.js';
import { programOf } from '../../../compiler/resolve/program.js';
import { byKernel, byLoops } from '../../helpers/simd.js';
import type { Answer } from '../comparison.js';
import { lossOf, parametersOf, type Trial } from '../trial.js';
import { attempt } from './reference.js';
import type { Target } from './target.js';

interface Fused {
  readonly compiled: CompiledLoss;
  readonly plan: LoopPlan;
}

const known = new WeakMap<Trial, Fused | 'none'>();

/** The loss as a training takes it; undefined where a training would leave it to operators. */
function fusedOf(trial: Trial): Fused | undefined {
  const found = known.get(trial) ?? make(trial) ?? 'none';
  known.set(trial, found);
  return found === 'none' ? undefined : found;
}

function make({ file, given, reduction, weights }: Trial): Fused | undefined {
  if (reduction !== 'mean' || weights !== undefined || given.labels.size > 0) return undefined;
  const options = { fromLogits: [...given.logits], plainMean: true };
  const compiled = compileLoss(programOf(file.declarations), lossOf(file), options);
  const plan = planLoops(compiled);
  if (plan === undefined) return undefined;
  const ranks = compiled.inputs.map(({ name, axes }) => given.inputs.get(name)!.shape.length - axes.length);
  const { shape } = given.inputs.get(compiled.inputs[plan.prediction]!.name)!;
  // Items along one axis, and some of them.
  if (ranks.some((rank) => rank !== 1) || shape.includes(0)) return undefined;
  return plan.targetPerClass && !plan.outputPerClass ? undefined : { compiled, plan };
}

/** What a form of the pass gives; undefined where it has none: a kernel may lack an operator. */
function worked(trial: Trial, work: typeof byKernel): Answer | undefined {
  const fused = fusedOf(trial);
  if (fused === undefined) return undefined;
  const { compiled, plan } = fused;
  const { name } = compiled.inputs[plan.prediction]!;
  const numbers = (at: number) => trial.given.inputs.get(compiled.inputs[at]!.name)!;
  const [target, output] = [numbers(1 - plan.prediction), numbers(plan.prediction)];
  const found = work(
    compiled,
    Float32Array.from(target.data),
    Float32Array.from(output.data),
    output.shape[0]!,
    output.shape[1] ?? 1,
    Object.fromEntries(parametersOf(trial)),
  );
  return found && { value: [found.value], gradients: new Map([[name, found.gradient]]) };
}

const target = (name: string, every: number, work: typeof byKernel): Target => ({
  name,
  precision: 'single',
  floor: 3e-6,
  every,
  batch: 20,
  tries: 500,
  takes: ({ trial }) => worked(trial, work) !== undefined,
  run: async (jobs) => jobs.map(({ trial }) => attempt(() => worked(trial, work)!)),
  close: async () => {},
});

/** The pass of a training in JavaScript, and as a kernel of WebAssembly. */
export const loops = (every: number): Target => target('loops', every, byLoops);
export const kernel = (every: number): Target => target('kernel', every, byKernel);
