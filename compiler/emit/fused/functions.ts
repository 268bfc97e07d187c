import type { LibraryFunction } from '../helpers/library-function.js';
import { LIBRARY } from '../helpers/library-texts.js';

const { softplusOf, log1mexpOf, xlogyOf } = LIBRARY.operators;
const { erfOf, lgammaOf, polygammaOf } = LIBRARY.special;
const FUNCTIONS: Readonly<Record<string, LibraryFunction>> = {
  softplusOf,
  log1mexpOf,
  xlogyOf,
  erfOf,
  lgammaOf,
  polygammaOf,
  ...LIBRARY.fused,
};

/** The functions of numbers that fused code may call. */
export const FUSED_FUNCTIONS: readonly string[] = Object.keys(FUNCTIONS);

/**
 * Declarations of those that some code names. They take the engine's own exponentials and logarithms, which are several times as
 * fast as those of `elementary/`: what a training gives is measured on a machine, with the functions of its backend, and is rounded
 * to float32.
 */
export const fusedFunctions = (words: ReadonlySet<string>): string =>
  FUSED_FUNCTIONS.filter((name) => words.has(name))
    .map((name) => {
      const { parameters, body } = FUNCTIONS[name]!;
      return `function ${name}(${parameters.map((parameter) => parameter.name).join(', ')}) {\n${body.join('')}\n}`;
    })
    .join('\n');
