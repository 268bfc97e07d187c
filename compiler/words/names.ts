import { type Row, say, write } from './advice.js';

const NO_VALUE = say('leave the default out, or use one without effect, such as 1 for a weight');
const NO_LIBRARY = say(
  'there are no modules: the functions of the language are always available, such as log(x)',
);

/** Values that other languages have a name for. */
export const VALUES: readonly Row[] = [
  ['e', say('the number e is exp(1), and its powers are exp(x)')],
  ['inf infty', write('infinity')],
  ['neginf', write('-infinity')],
  [
    'nan na missing',
    say(
      'values are never NaN: mark missing entries with an input `data mask: binary`, and leave them out with `where mask == 1`',
    ),
  ],
  ['true', say('conditions are comparisons, such as x > 0; as a number it is 1')],
  ['false', say('conditions are comparisons, such as x > 0; as a number it is 0')],
  ['none null nil nothing undefined', NO_VALUE],
  ['tau twopi', write('2 * pi')],
  ['halfpi', write('pi / 2')],
  ['eulergamma', write('0.5772156649015329')],
  ['ln2 mln2 logtwo', write('log(2)')],
  ['sqrt2 msqrt2', write('sqrt(2)')],
  [
    'eps epsilon finfo eps32',
    say(
      'the compiler guards logarithms and quotients; for your own epsilon, declare a parameter: `; epsilon: positive = 1e-7`',
    ),
  ],
  [
    'numclasses nclasses nclass classes nlabels',
    say('the length of an axis is size(axis), such as size(class)'),
  ],
  [
    'batchsize nsamples nexamples nbatch n',
    say('the number of items is size(batch), and compiled code takes the mean over them automatically'),
  ],
  ['self this', say('a loss has no `self`: what it needs are inputs, and parameters after `;`')],
  ['std', say('import it, as in `import { mse } from "std/mse"`, and call it without `std/`')],
  ['torch np numpy tf jnp jax keras math scipy nn statistics', NO_LIBRARY],
];

/** Types and sets of other languages, as a domain of an input or parameter. */
export const DOMAIN_WORDS: readonly Row[] = [
  [
    'float double float16 float32 float64 bfloat16 half f16 f32 f64 number num numeric scalar any var',
    write('real'),
  ],
  ['decimal reals r value continuous', write('real')],
  [
    'int integer32 int8 int16 int32 int64 long short uint uint8 i32 i64 u8 u32 z index label labels ids id',
    write('integer'),
  ],
  [
    'count counts nat natural n unsigned size whole',
    write('nonnegative', 'or integer, for labels and positions'),
  ],
  ['bool boolean logical mask flag bit bernoulli', write('binary')],
  [
    'tensor ndarray array floattensor longtensor vector list vec series',
    write('real[axis]', 'an input without brackets takes a tensor of any shape'),
  ],
  ['matrix mat image img tensor2d', write('real[row, column]')],
  [
    'simplex softmax probs probabilities distribution dist categorical dirichlet multinomial',
    write('probability[class]'),
  ],
  ['class category categories nominal factor ordinal', write('onehot[class]')],
  [
    'prob proportion fraction share ratio percent percentage sigmoid p unitinterval rate confidence',
    write('unit'),
  ],
  ['logit score scores rawscore presoftmax', write('logits')],
  ['range bounded interval limited clamp uniform limits', write('between(0, 1)')],
  ['pos strictlypositive variance scale stddev softplus', write('positive')],
  ['nonneg notnegative geqzero relu', write('nonnegative')],
  ['spin plusminusone polarity signed', write('sign')],
  ['negative nonpositive neg', say('declare the value as positive and negate it, or as between(-10, 0)')],
  [
    'complex complex64 complex128 cfloat',
    say('numbers are real: pass the real and the imaginary part as two inputs'),
  ],
  [
    'str string text char enum',
    say('there are no strings: an option such as the reduction belongs to the compiled function'),
  ],
  [
    'function callable lambda',
    say('a parameter is a number; functions are declared with `fn name(a, b) = …`'),
  ],
  [
    'none optional null void',
    say('every input has to be given; a parameter with a default, after `;`, may be left out'),
  ],
];
