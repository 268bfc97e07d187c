import { pow } from '../../compiler/elementary/power.js';
/** Learning-rate schedules. */
import { cos } from '../../compiler/elementary/trigonometric.js';
import { RunError } from '../errors.js';

/** How the learning rate falls. `step` counts from 0. */
export type Decay =
  | { readonly kind: 'constant' }
  /** Multiplied by `factor` every `every` steps, smoothly in between. */
  | { readonly kind: 'exponential'; readonly factor: number; readonly every: number }
  /** Half a cosine from the full rate to 0 at `steps` (Loshchilov and Hutter, 2017). */
  | { readonly kind: 'cosine'; readonly steps: number }
  /** Multiplied by `factor` at each of the steps `at`. */
  | { readonly kind: 'steps'; readonly factor: number; readonly at: readonly number[] };

/** Rates to choose from: half-decades around those that usually suit plain descent. */
export const LEARNING_RATE_GRID: readonly number[] = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];

/** Learning rate at a step, counted from 0. */
export function learningRateAt(
  step: number,
  learningRate: number,
  decay: Decay = { kind: 'constant' },
): number {
  switch (decay.kind) {
    case 'constant':
      return learningRate;
    case 'exponential':
      return learningRate * pow(decay.factor, step / decay.every);
    case 'cosine':
      return (learningRate * (1 + cos(Math.PI * Math.min(1, step / decay.steps)))) / 2;
    case 'steps':
      return learningRate * pow(decay.factor, decay.at.filter((at) => step >= at).length);
  }
}

/** Forms of a schedule as text, each with what its numbers mean. `steps` is the length of the training. */
const FORMS: readonly {
  readonly form: RegExp;
  readonly read: (numbers: readonly number[], steps: number) => Decay;
}[] = [
  { form: /^constant$/, read: () => ({ kind: 'constant' }) },
  { form: /^cosine$/, read: (_, steps) => ({ kind: 'cosine', steps }) },
  {
    form: /^exponential=([\d.e-]+)\/(\d+)$/,
    read: ([factor, every]) => ({ kind: 'exponential', factor: factor!, every: every! }),
  },
  {
    form: /^steps=([\d.e-]+)@(\d+(?:,\d+)*)$/,
    read: ([factor, ...at]) => ({ kind: 'steps', factor: factor!, at }),
  },
];

/** Reads `constant`, `cosine`, `exponential=0.96/1000` (times 0.96 every 1,000 steps) or `steps=0.1@8000,15000`. */
export function parseDecay(text: string, steps: number): Decay {
  for (const { form, read } of FORMS) {
    const numbers = form
      .exec(text)
      ?.slice(1)
      .flatMap((part) => part.split(',').map(Number));
    if (numbers?.every((number) => number > 0)) return read(numbers, steps);
  }
  throw new RunError(
    `unknown learning-rate decay "${text}"`,
    'use constant, cosine, exponential=FACTOR/STEPS or steps=FACTOR@STEP,STEP',
  );
}
