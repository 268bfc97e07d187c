/** What the search needs of the compiler, as interfaces: `compiler.ts` plugs in the real one, tests may use fakes. */
import type { Decl, Expr, LossDecl, SketchDecl } from '../../grammar/ast.js';

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
  /**
   * The simplifier's form of a tree of a hole. Undefined where it has none that is an expression of the inputs.
   * Inputs count element by element, so the result may stand wherever the tree stood.
   */
  simplify(tree: Expr, sketch: SketchDecl, library: readonly Decl[]): Expr | undefined;
}
