/** The passes in the order in which they run. Lowering makes graph nodes; each behind it takes graph nodes and gives graph nodes. */
const PASSES = {
  lower: 'checks names, axes and domains, writes calls out, and makes the graph',
  logits: 'puts softmax or sigmoid in front of the predictions that are given as logits',
  simplify: 'brings the value into normal form; never raises its cost',
  'log-space': 'works out in logarithms what may leave float32 below a logarithm, a quotient or a root',
  differentiate: 'adds the derivative by every prediction and parameter, by reverse accumulation',
  stabilise: 'rewrites value and gradients to forms that keep their digits in float32',
  guard: 'keeps arguments where facts cannot show that they stay in their domain',
} as const satisfies Record<string, string>;

/** A pass of the compiler by its name, as `onPass` is told it. */
export type PassName = keyof typeof PASSES;
export const PASS_NAMES = Object.keys(PASSES) as readonly PassName[];
