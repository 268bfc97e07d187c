/** What the page asks the worker that trains, and what it tells while it does. */
import type { LossRef } from '../messages.js';

export type BackendChoice = 'automatic' | 'webgpu' | 'wasm';

export interface RaceSettings {
  readonly steps: number;
  readonly learningRate: number;
  readonly examples: number;
}

export interface EvolutionSettings {
  readonly generations: number;
  readonly steps: number;
}

export type TrainingAsk =
  | {
      readonly kind: 'race';
      readonly backend: BackendChoice;
      readonly losses: readonly LossRef[];
      readonly settings: RaceSettings;
    }
  | { readonly kind: 'evolve'; readonly backend: BackendChoice; readonly settings: EvolutionSettings };

/** A loss that beats every smaller one. */
export interface FrontPoint {
  readonly id: number;
  readonly size: number;
  readonly score: number;
  readonly text: string;
}

export type TrainingNews =
  | { readonly kind: 'started'; readonly backend: 'webgpu' | 'wasm' }
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
    }
  | {
      readonly kind: 'generation';
      readonly generation: number;
      readonly trainings: number;
      readonly front: readonly FrontPoint[];
      /** Size and score of all that were trained in it. */
      readonly others: readonly { readonly size: number; readonly score: number }[];
    }
  | { readonly kind: 'ended' }
  | { readonly kind: 'refused'; readonly message: string };
