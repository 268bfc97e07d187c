/**
 * What the search needs of the compiler and of the training runtime, as interfaces: the search is tested with
 * cheap fakes, and `backing.ts` plugs in the real ones. Everything that crosses a process is plain data.
 */
import type { Decl, LossDecl } from '../../grammar/ast.js';
import type { TrainingLoss } from '../runtime/training-loss.js';
import type { CurvePoint } from './evaluator.js';

/** A loss together with the `fn`s and losses it may call (imports already resolved). */
export interface Candidate {
  readonly loss: LossDecl;
  readonly library: readonly Decl[];
}

/** What can be said of a loss without a number: cascade stages 1 to 3. */
export interface LossAnalysis {
  /** Sentences of the errors of check and lowering; when there are any, the other fields mean nothing. */
  readonly errors: readonly string[];
  /** Equal for losses that the simplifier brings to one form; stable across processes and versions of Node. */
  readonly canonicalHash: string;
  /**
   * Hash of the simplified gradient with respect to the model's output, up to a positive constant factor. Additive
   * terms without the prediction are gone by construction. Parameters are at their defaults.
   */
  readonly gradientHash: string;
  /** The gradient is not identically zero. */
  readonly predictionMatters: boolean;
  /** The gradient depends on the target. */
  readonly targetMatters: boolean;
  /** Facts prove that the value or the gradient is not finite for any legal input. */
  readonly neverFinite: boolean;
}

/** A loss as a float64 function on small arrays, against the model's raw output (logits for classifiers). */
export interface NumericLoss {
  /**
   * `target` (one-hot) and `output` are row-major `[batch, classes]`. Gives one value per item and the gradient of the
   * sum of the items with respect to `output`. Guards are those of the code that trains. Never throws for NaN.
   */
  evaluate(
    target: Float64Array,
    output: Float64Array,
    batch: number,
    classes: number,
  ): { readonly values: Float64Array; readonly gradient: Float64Array };
}

/** Values for parameters of a loss; what is not named keeps its default. */
export type ParameterValues = Readonly<Record<string, number | readonly number[]>>;

export interface LossCompiler {
  analyse(candidate: Candidate): LossAnalysis;
  /** Precondition: `analyse` gave no errors. */
  numeric(candidate: Candidate, parameters?: ParameterValues): NumericLoss;
  /** Number of arguments of an element-by-element function of the language's table; undefined if it has none so named. */
  arity(name: string): number | undefined;
  /** Brings an expression to the simplifier's form, as syntax again; the same expression where it knows no better. */
  simplify(candidate: Candidate): LossDecl;
}

/** One training as the search asks for it. */
export interface TrainingRequest {
  readonly loss: TrainingLoss;
  /** Stochastic gradient steps. */
  readonly steps: number;
  /** Decides initialisation, order of the data and dropout. */
  readonly seed: string;
  /** At these steps the validation score is taken; training goes on only while it reaches `atLeast`. */
  readonly gates: readonly { readonly step: number; readonly atLeast: number }[];
  /** Asked now and then; true stops the training at once. */
  readonly cancelled?: () => boolean;
}

export type TrainingStop = 'finished' | 'not-finite' | 'diverged' | 'hopeless' | 'cancelled';

export interface TrainingOutcome {
  readonly stop: TrainingStop;
  /** Steps really made. */
  readonly steps: number;
  /** Validation score in [0, 1] at the end (accuracy for classifiers); 0 when training broke down. */
  readonly score: number;
  /** Validation score and mean training loss at each gate and at the end. */
  readonly curve: readonly CurvePoint[];
}

/** A data set and a model in memory, ready to train any loss. */
export interface Trainer {
  readonly classes: number;
  /** Compiles for training; throws if the loss does not fit the model. */
  compile(
    candidate: Candidate,
    parameters: ParameterValues | undefined,
    scale: 'matched' | 'raw',
  ): Promise<TrainingLoss>;
  train(request: TrainingRequest): Promise<TrainingOutcome>;
  /** Tensors alive, to notice leaks. */
  liveTensors(): number;
  dispose(): void;
}
