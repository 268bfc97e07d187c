/** What a picture of a loss is made of. */

/** Values and slopes of a loss along one line of predictions, for a picture. */
export interface SampledLine {
  /** What tells this line from others of the same loss; empty where there is one. */
  readonly note: string;
  readonly x: readonly number[];
  readonly values: readonly number[];
  /** By the label's logit, by the margin, by the prediction, by the sum, or by the input. */
  readonly slopes: readonly number[];
}

export interface SampledLoss {
  readonly loss: string;
  /** What x is: probability of the label, its lead in logits or scores, prediction minus target, a sum of inputs with signs, or one input. */
  readonly along: 'probability' | 'margin' | 'error' | 'sum' | 'input';
  /** For `sum` and `input`: which. */
  readonly axis?: string;
  /** For `probability`: the length of the axis of classes. */
  readonly classes: number | undefined;
  readonly lines: readonly SampledLine[];
}
