import { compiledStandard, LOSSES } from './library.js';

export interface Form {
  readonly name: string;
  readonly fromLogits: boolean;
}

/** Each standard loss as it is declared, and from logits where its predictions have them. */
export const FORMS: readonly Form[] = LOSSES.flatMap((name) =>
  [false, true]
    .filter((fromLogits) => !fromLogits || compiledStandard(name, true).logits.length > 0)
    .map((fromLogits) => ({ name, fromLogits })),
);
