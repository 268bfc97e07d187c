/** What a picture of a loss is made of. */

/** What an input is at `x`, or a parameter that has no default: nested lists of numbers and formulas of x, the batch first. */
export interface Stated {
  readonly name: string;
  readonly text: string;
}

/** Values and slopes of a loss along one line of predictions, for a picture. */
export interface SampledLine {
  /** What tells this line from others of the same loss; empty where there is one. */
  readonly note: string;
  readonly x: readonly number[];
  /** Values of an item; means over the batch for a loss that couples items. */
  readonly values: readonly number[];
  /** By the label's logit, by the margin, by the prediction, by the sum, by the input, or by x. */
  readonly slopes: readonly number[];
  readonly stated: readonly Stated[];
}

/** What x is. The lines that a picture puts onto the same axes. */
export type Along =
  | 'probability'
  | 'margin'
  | 'error'
  | 'sum'
  | 'input'
  | 'overlap'
  | 'label'
  | 'box'
  | 'center'
  | 'score'
  | 'cosine'
  | 'distance'
  | 'kinds'
  | 'kind-distance'
  | 'batches'
  | 'fit'
  | 'number';

export interface SampledLoss {
  readonly loss: string;
  readonly along: Along;
  /** What x is, where `along` does not say it: a sum of inputs with signs, or which input. */
  readonly axis?: string;
  /** For `probability`: the length of the axis of classes. */
  readonly classes: number | undefined;
  readonly lines: readonly SampledLine[];
}
