/** The passes in the order in which they run. Lowering makes graph nodes; each behind it takes graph nodes and gives graph nodes. */
const PASSES = {
  lower: 'checks names, axes and domains, inlines calls, and builds the graph',
  logits: 'applies softmax or sigmoid to the predictions that are given as logits',
  simplify: 'brings the value into normal form; never raises its cost',
  'log-space': 'computes in logarithms what may leave the range of float32',
  differentiate:
    'adds the derivatives with respect to every prediction and parameter, by reverse accumulation',
  stabilise: 'rewrites value and gradients to forms that keep their digits in float32',
  guard: 'keeps arguments in their domain where that cannot be shown',
} as const satisfies Record<string, string>;

/** A pass of the compiler by its name, as `onPass` is told it. */
export type PassName = keyof typeof PASSES;
export const PASS_NAMES = Object.keys(PASSES) as readonly PassName[];
