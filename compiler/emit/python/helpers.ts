import { PYTHON_LIBRARY } from '../helpers/python-texts.js';
import type { Framework } from './framework.js';

type Library = typeof PYTHON_LIBRARY;
type HelperName = { readonly [F in keyof Library]: keyof Library[F] }[keyof Library];

type Functions = Readonly<Record<string, readonly string[]>>;

/** What is written over the functions that JAX and Keras have under NumPy's names, `xp` in that file, with the framework's own. */
const overArrays = (module: string): Functions =>
  Object.fromEntries(
    Object.entries(PYTHON_LIBRARY.arrays).map(([name, pieces]) => [
      name,
      pieces.map((piece) => piece.replaceAll(/\bxp\./g, `${module}.`)),
    ]),
  );

const FILES: { readonly [K in Framework['name']]: () => Functions } = {
  PyTorch: () => PYTHON_LIBRARY.for_pytorch,
  JAX: () => ({ ...overArrays('jnp'), ...PYTHON_LIBRARY.for_jax }),
  'Keras 3': () => ({ ...overArrays('ops'), ...PYTHON_LIBRARY.for_keras }),
};

/** Private functions of a Python file, in the order in which it has those that it needs. */
export const PYTHON_HELPERS = [
  '_prediction',
  '_precision',
  '_data',
  '_parameter',
  '_number',
  '_first',
  '_visible',
  '_traced',
  '_in_blocks',
  '_spread',
  '_told',
  '_alike',
  '_shape',
  '_merged',
  '_agreed',
  '_labels',
  '_counts',
  '_one_hot',
  '_counted',
  '_reduced',
  '_weights',
  '_hold',
  '_share',
  '_plain',
  '_xlogy',
  '_power',
  '_sign',
  '_softplus',
  '_log1mexp',
  '_log_softmax',
  '_logsumexp',
  '_max',
  '_min',
  '_running_sum',
  '_in_slices',
  '_einsum',
  '_chebyshev',
  '_scaled_erfc',
  '_scaled_slope',
  '_exp_of_square',
  '_erfcx',
  '_erfc',
  '_log_erfc',
  '_chebyshev_slope',
  '_bessel_near',
  '_bessel_far',
  '_gap_near',
  '_gap_far',
  '_bend_near',
  '_bend_far',
  '_i0',
  '_i0e',
  '_log_i0',
  '_log_i0e',
  '_lgamma',
  '_polygamma',
  '_at',
  '_entry',
  '_positions',
  '_length',
] as const satisfies readonly HelperName[];

/** The private functions that some code names, and those that they name in turn. */
export function helperTexts(code: string, framework: Framework, loss: string): string[] {
  const library: Functions = { ...PYTHON_LIBRARY.common, ...FILES[framework.name]() };
  const texts = new Map<string, string>();
  const stack = [code];
  for (let text = stack.pop(); text !== undefined; text = stack.pop()) {
    for (const [name] of text.matchAll(/\b_[a-z]\w*(?=\()/g)) {
      const pieces = library[name];
      if (pieces === undefined || texts.has(name)) continue;
      texts.set(name, pieces.join(loss));
      stack.push(pieces.join(''));
    }
  }
  return PYTHON_HELPERS.flatMap((name) => texts.get(name) ?? []);
}
