/** What the page asks the worker that trains, and what it tells while it does. */
import type { LossRef } from '../messages.js';

export type BackendChoice = 'automatic' | 'webgpu' | 'wasm';

export interface RaceSettings {
  readonly steps: number;
  readonly learningRate: number;
  readonly examples: number;
}

/** A sketch of a text. */
export interface SketchRef {
  readonly text: string;
  readonly name: string;
}

export interface EvolutionSettings {
  readonly generations: number;
  /** Of the training of a candidate. */
  readonly steps: number;
  readonly seed: string;
}

export type TrainingAsk = { readonly backend: BackendChoice } & (
  | { readonly kind: 'race'; readonly losses: readonly LossRef[]; readonly settings: RaceSettings }
  | { readonly kind: 'evolve'; readonly sketch: SketchRef; readonly settings: EvolutionSettings }
);

export type RaceNews =
  /** A look at the validation examples. */
  | {
      readonly kind: 'look';
      readonly loss: number;
      readonly step: number;
      readonly accuracy: number;
    }
  | {
      readonly kind: 'trained';
      readonly loss: number;
      readonly stepsPerSecond: number;
      readonly broke?: string;
    };

/** A loss that beats every smaller one. */
export interface FrontLoss {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  /** Mean over its trainings. */
  readonly accuracy: number;
  /** A whole file, with what the loss calls. */
  readonly text: string;
}

export type EvolutionNews =
  /** What cross-entropy comes to in the same training. */
  | { readonly kind: 'reference'; readonly accuracy: number }
  | { readonly kind: 'screened'; readonly candidates: number }
  /** A training has ended, perhaps before its time. */
  | { readonly kind: 'tried'; readonly size: number; readonly accuracy: number }
  | {
      readonly kind: 'generation';
      /** From 1 on. */
      readonly generation: number;
      readonly front: readonly FrontLoss[];
    };

export type TrainingNews =
  | { readonly kind: 'started'; readonly backend: 'webgpu' | 'wasm' }
  | RaceNews
  | EvolutionNews
  | { readonly kind: 'ended' }
  | { readonly kind: 'refused'; readonly message: string };
