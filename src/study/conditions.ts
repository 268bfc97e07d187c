/** The kinds of studies, and the conditions under which each compares the losses. */
import type { NoiseKind } from '../runtime/data/label-noise.js';

/** What a study is about. */
export const STUDY_KINDS = ['speed', 'data', 'transfer', 'noise'] as const;
export type StudyKind = (typeof STUDY_KINDS)[number];

/** What differs from one comparison of a study to the next. */
export interface Condition {
  /** As tables call it. */
  readonly name: string;
  /** The number that a picture has it over, and the line that it belongs to; all lines where there is none. */
  readonly at?: { readonly x: number; readonly line?: string };
  readonly dataset?: string;
  readonly model?: string;
  /** Of an mlp. */
  readonly hidden?: readonly number[];
  readonly trainExamples?: number;
  readonly labelNoise?: number;
  readonly noiseKind?: NoiseKind;
  /** Learning rates and scales are those of the first condition. */
  readonly unchanged?: true;
}

/** What the conditions follow from: options of the command. */
export interface ConditionRequest {
  readonly sizes: readonly number[];
  readonly rates: readonly number[];
  /** None where no classes are learnt: what is wrong then is the number. */
  readonly kinds: readonly NoiseKind[];
  readonly toDatasets: readonly string[];
  readonly toModels: readonly { readonly model: string; readonly hidden?: readonly number[] }[];
  readonly dataset: string;
  readonly model: string;
}

const NOISE_NAMES: Readonly<Record<NoiseKind, string>> = {
  uniform: 'any other class',
  next: 'the class after it',
};

export const CONDITIONS: {
  readonly [K in StudyKind]: (request: ConditionRequest) => readonly Condition[];
} = {
  speed: ({ dataset, model }) => [{ name: `${model} on ${dataset}` }],
  data: ({ sizes }) =>
    sizes.map((size) => ({
      name: `${size} examples`,
      at: { x: size },
      trainExamples: size,
    })),
  transfer: ({ dataset, model, toDatasets, toModels }) => [
    { name: `${model} on ${dataset}` },
    ...toDatasets.map((to) => ({ name: `${model} on ${to}`, dataset: to, unchanged: true as const })),
    ...toModels.map((to) => ({
      name: `${[to.model, ...(to.hidden ?? [])].join('-')} on ${dataset}`,
      ...to,
      unchanged: true as const,
    })),
  ],
  noise: ({ rates, kinds }) => [
    ...(rates.includes(0) ? [{ name: 'all labels right', at: { x: 0 }, labelNoise: 0 }] : []),
    ...(kinds.length > 0 ? kinds : [undefined]).flatMap((noiseKind) =>
      rates
        .filter((rate) => rate > 0)
        .map((labelNoise): Condition => {
          const percent = `${Number((100 * labelNoise).toPrecision(4))} %`;
          if (noiseKind === undefined) return { name: `${percent} wrong`, at: { x: labelNoise }, labelNoise };
          const said = NOISE_NAMES[noiseKind];
          return { name: `${percent} ${said}`, at: { x: labelNoise, line: said }, labelNoise, noiseKind };
        }),
    ),
  ],
};
