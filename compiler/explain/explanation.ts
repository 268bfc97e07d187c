/** What explaining a loss gives: plain data, ready for JSON. */

/**
 * How sure an answer is. `proved`: follows from the formula. `refuted`: the witness contradicts it. `measured`: found by
 * evaluating at finitely many points, so it holds there. `unknown`: could not be decided.
 */
export type Status = 'proved' | 'refuted' | 'measured' | 'unknown';

/** The groups of findings, in the order in which they are told. */
export const TOPICS = {
  simplification: 'What simplification did',
  range: 'Range',
  finite: 'Where it might not be finite',
  effect: 'What does not affect the gradient',
  batch: 'The batch',
  minimum: 'Where it is lowest',
  learning: 'How it trains',
  noise: 'Wrong labels',
  shape: 'Shape',
} as const;
export type Topic = keyof typeof TOPICS;

/** What a finding is about. */
export type Property =
  | 'assumption'
  | 'rules'
  | 'range'
  | 'values seen'
  | 'guard'
  | 'guard from logits'
  | 'finite'
  | 'saturation'
  | 'float32'
  | 'no effect'
  | 'free term'
  | 'held constant'
  | 'swapped'
  | 'coupled'
  | 'reduces batch'
  | 'minimum'
  | 'global minimum'
  | 'label smoothing'
  | 'null epoch'
  | 'gradient scale'
  | 'wrong and certain'
  | 'monotone'
  | 'proper'
  | 'calibrated'
  | 'symmetric'
  | 'bounded'
  | 'bounded gradient'
  | 'smooth'
  | 'convex'
  | 'convex in the logits'
  | 'distance-based'
  | 'even'
  | 'shift-invariant';

/** What a reason ends with when it holds for the parameters of the setting, and was not shown for all legal ones. */
export const AT_SETTING = 'with the parameters above';

/** A point that shows what is claimed: inputs by name, and figures taken there. */
export type Witness = Readonly<Record<string, number | readonly number[]>>;

export interface Finding {
  readonly topic: Topic;
  readonly property: Property;
  readonly status: Status;
  /** For a yes-or-no property: whether the loss has it, as far as is known. */
  readonly holds?: boolean;
  /** One sentence. */
  readonly statement: string;
  /** Why that is so, or how it was found. */
  readonly reason: string;
  /** The figure of the statement, in full precision. */
  readonly value?: number;
  readonly witness?: Witness;
}

/**
 * What a loss is to an analysis. `classes`: a target and a prediction along one axis of classes. `binary`: one probability
 * or logit against 0 or 1. `margin`: a score against -1 or 1. `regression`: a number against a number. `other`: the rest.
 */
export type Family = 'classes' | 'binary' | 'margin' | 'regression' | 'other';

/** What `explainLoss` has found out about a loss: formulas as text, and findings that are proved, refuted with a witness, or measured. */
export interface Explanation {
  readonly loss: string;
  readonly doc: string;
  readonly family: Family;
  /** What was assumed to have figures: number of classes, parameters, values of inputs that are neither target nor prediction. */
  readonly setting: {
    readonly classes?: number;
    readonly fromLogits: boolean;
    readonly given: Readonly<Record<string, number | readonly unknown[]>>;
  };
  /** The simplified value, as text of the language. */
  readonly value: string;
  /** The simplified derivative of one item's value (of the whole, if it reduces the batch) by each prediction. */
  readonly gradients: readonly { readonly input: string; readonly text: string }[];
  readonly findings: readonly Finding[];
}
