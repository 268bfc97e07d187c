/** What the page asks the worker that trains, and what it tells while it does. */
import type { LossRef } from '../messages.js';

export type BackendChoice = 'automatic' | 'webgpu' | 'wasm';

export interface RaceSettings {
  readonly steps: number;
  readonly learningRate: number;
  readonly examples: number;
}

export interface TrainingAsk {
  readonly backend: BackendChoice;
  readonly losses: readonly LossRef[];
  readonly settings: RaceSettings;
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
  | { readonly kind: 'ended' }
  | { readonly kind: 'refused'; readonly message: string };
