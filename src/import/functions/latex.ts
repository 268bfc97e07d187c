/** Functions that LaTeX writes in its own way. */
import { refuse } from '../refused.js';
import { asNumber, axesOf, numberValue } from '../value.js';
import { norm } from './reduce.js';
import { type FunctionRow, type Functions, filled } from './row.js';

/** Of two or more values. */
const extreme = (op: 'max' | 'min'): FunctionRow => ({
  languages: ['latex'],
  takes: 'a b? c? d? e? f?',
  make: (given, { value }) => {
    const values = given.call.args.map((one) => asNumber(value(one)));
    if (values.length === 1)
      refuse(
        given.span,
        `${op} of a single value`,
        `write \\${op}(a, b), or \\${op}_c x_c for the entries of a vector`,
      );
    return values.reduce((x, y) => filled(`${op}(x, y)`, { x, y }, given.span));
  },
});

export const LATEX_FUNCTIONS: Functions = {
  max: extreme('max'),
  min: extreme('min'),
  /** The length along the axis that double bars are about, which is the last. */
  norm: {
    languages: ['latex'],
    takes: 'x ord?',
    make: (given, hands) => {
      const value = asNumber(hands.value(given.term('x')));
      const last = hands.layout.shape.at(-1);
      if (last === undefined || value.shape.at(-1) !== last)
        refuse(given.span, 'there is no vector between the double bars');
      const { expr } = norm(given, hands, given.number('ord'), [-1]);
      const shape = value.shape.with(-1, '1');
      return numberValue(expr, axesOf(shape).length === 0 ? [] : shape);
    },
  },
};
