import type { LibraryFunction } from '../helpers/library-function.js';
import { LIBRARY } from '../helpers/library-texts.js';

const { softplusOf, log1mexpOf, roundHalfEvenOf, xlogyOf } = LIBRARY.operators;
const { lgammaOf, polygammaOf } = LIBRARY.special;
const { erfOf, erfcOf, erfcxOf, expOfSquareOf, logErfcOf, logErfcSlopeOf, scaledSeriesOf } =
  LIBRARY['error-function'];
const {
  besselBendOf,
  besselGapOf,
  besselNearOf,
  chebyshevOf,
  i0Of,
  i0eOf,
  logI0Of,
  logI0eOf,
  ratioGapOf,
  scaledFarOf,
} = LIBRARY.bessel;
const FUNCTIONS: Readonly<Record<string, LibraryFunction>> = {
  softplusOf,
  log1mexpOf,
  roundHalfEvenOf,
  xlogyOf,
  erfOf,
  erfcOf,
  erfcxOf,
  expOfSquareOf,
  logErfcOf,
  logErfcSlopeOf,
  scaledSeriesOf,
  besselBendOf,
  besselGapOf,
  besselNearOf,
  chebyshevOf,
  i0Of,
  i0eOf,
  logI0Of,
  logI0eOf,
  ratioGapOf,
  scaledFarOf,
  lgammaOf,
  polygammaOf,
  ...LIBRARY.fused,
};

/** The functions of numbers that fused code may call. */
export const FUSED_FUNCTIONS: readonly string[] = Object.keys(FUNCTIONS);

/**
 * Declarations of those that some code names, and of what they call. They take the engine's own exponentials and logarithms, which are several times as
 * fast as those of `elementary/`: what a training gives is measured on a machine, with the functions of its backend, and is rounded
 * to float32.
 */
export function fusedFunctions(words: ReadonlySet<string>): string {
  const needed = new Set(FUSED_FUNCTIONS.filter((name) => words.has(name)));
  for (const name of needed) for (const used of FUNCTIONS[name]!.uses) needed.add(used);
  return [...needed]
    .map((name) => {
      const { parameters, body } = FUNCTIONS[name]!;
      return `function ${name}(${parameters.map((parameter) => parameter.name).join(', ')}) {\n${body.join('')}\n}`;
    })
    .join('\n');
}
