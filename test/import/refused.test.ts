import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { importFormula } from '../../src/import/import.js';
import type { Language } from '../../src/import/term.js';

const refused = suite('formulas that are not supported');

/** A formula, the part of it that is pointed at, and what is said. */
type Case = readonly [formula: string, at: string, message: string];

const PYTHON: readonly Case[] = [
  ['(x ^ 2).mean()', '^', '`^` is not a power in Python: it is the exclusive or of integers'],
  ['x @ y', '@', '`@` is a product of matrices'],
  [
    'x.max(1).mean()',
    'x.max(1)',
    'max along an axis gives a pair in PyTorch: the values, and where they are',
  ],
  [
    '(x - y).std()',
    '(x - y).std()',
    'std divides by n - 1 in PyTorch and by n in NumPy, and it is not clear which this is',
  ],
  ['torch.nan_to_num(x).mean()', 'torch.nan_to_num(x)', 'nan_to_num would hide where a loss fails'],
  [
    '(x - x.mean(-1)).sum(-1).mean()',
    '(x - x.mean(-1))',
    'shapes [batch, feature] and [batch] do not line up: feature would be matched with batch',
  ],
  [
    'x.std(unbiased=False, dim=-1, keepdim=True) * y.mean(-1)',
    'x.std(unbiased=False, dim=-1, keepdim=True) * y.mean(-1)',
    'shapes [batch, 1] and [batch] do not line up: every pair along batch would be combined',
  ],
  [
    'F.cross_entropy(x, y, weight=w)',
    'w',
    'with class weights PyTorch divides by the sum of the weights, not by the number of items',
  ],
  ['F.cross_entropy(x, y, ignore_index=0)', '0', 'only ignore_index=-100 is supported'],
  ['F.softmax(x).mean()', 'F.softmax(x)', 'softmax needs one axis'],
  ['np.log(x, 10)', '10', 'this logarithm does not take a base'],
  ['tf.reduce_mean(x - y)', 'tf.reduce_mean', 'functions of tf are not supported'],
  ['-torch.log(p[range(3), y]).mean()', 'p[range(3), y]', 'indexing into a tensor is not supported'],
  ['sum(v for v in x)', 'for', 'loops are not supported'],
  ['if x > 0: y', 'if', '`if` is not supported: a loss is one formula'],
  ['(p - y', '', '`)` is missing here: the text ends here'],
  ['x y', 'y', '`y` is not expected here'],
  ['torch.foo(x)', 'torch.foo(x)', 'the function foo is not supported'],
  ['torch.argmax(x, dim=-1)', 'torch.argmax(x, dim=-1)', 'argmax gives a position, which has no gradient'],
  ['F.mse_loss(x, y, colour=1)', 'colour', 'the option colour of mse_loss is not supported'],
  ['x.long() + x.exp().long()', 'x.exp().long()', 'long cuts off the decimals'],
  ['3j * x', '3j', 'a loss cannot have complex numbers'],
  ['~(x + 1)', '(x + 1)', 'a number is not a condition'],
  [
    'F.mse_loss(x, y, size_average=False)',
    'F.mse_loss(x, y, size_average=False)',
    'size_average and reduce are the options of PyTorch before 0.4',
  ],
  ['2 * gamma', '2 * gamma', 'nothing in it could be the output of a network'],
  ['x # \u20ac\n€', '€', '€ is not part of Python'],
  [`${'('.repeat(200)}x${')'.repeat(200)}`, '(', 'brackets and signs are nested more than 100 deep'],
  [
    Array(600).fill('x').join(' + '),
    Array(600).fill('x').join(' + '),
    'the formula is more than 400 terms deep',
  ],
  ['x + '.repeat(5000), '', 'the formula has 20000 characters, and at most 10000 are allowed'],
  [' \n', '', 'there is no formula'],
];

const MATHJS: readonly Case[] = [
  ['a + * b', '*', 'mathjs cannot parse this: Value expected'],
  ['sum(y * p)', '*', '`*` of vectors is their inner product in mathjs'],
  ['sum(x^2)', '^', '`^` of vectors is one of matrices in mathjs'],
  ['mean(y / p)', '/', '`/` of vectors is one of matrices in mathjs'],
  ['sum(max(x, 0))', 'max', 'max of vectors takes an axis in mathjs, and does not compare entry by entry'],
  ['p(1 - p)', 'p', 'the function p is not supported'],
  ["x' * y", "'", "`'` is not supported"],
  ['x!', '!', '`!` is not supported'],
  ['2 * i - x', 'i', 'i is the imaginary unit in mathjs, and numbers are real here'],
  ['x[1] - y', 'x[1] - y', 'a part of a vector by its position is not supported'],
  ['x - y; y - x', 'x - y; y - x', 'there is more than one formula'],
  ['x + "a"', 'a', "'a' is a string, not a number"],
  [`${'('.repeat(200)}x${')'.repeat(200)}`, '(', 'brackets are nested more than 100 deep'],
];

const LATEX: readonly Case[] = [
  [String.raw`\sum y \log p`, String.raw`\sum`, 'this sum has no index'],
  [String.raw`\log x y`, 'y', 'it is not clear where the argument of the function ends'],
  [String.raw`-\log\frac{e^{z_y}}{\sum_j e^{z_j}}`, '{z_y}', 'z_y is an entry of z by its position'],
  ['e^2 / 2', 'e^2', 'it is not clear whether e is an error or the number 2.718'],
  [String.raw`\sum_{i,j} (x_i - x_j)^2`, 'x_i', 'i and j index the same axis, and are combined here'],
  [String.raw`\sum_i x_i + y_i`, 'y_i', 'i is outside the sum over it'],
  ['f(x) - y', 'f', 'it is not clear whether f is a function or a factor'],
  ['a/2b', 'b', 'it is not clear whether this belongs in the denominator'],
  ['x^23', '23', 'LaTeX takes only the first digit of 23 here'],
  [String.raw`\sum_{i \neq j} x_i`, String.raw`\neq`, 'a sum with a condition is not supported'],
  [String.raw`\sum_{i=2}^N x_i`, '2', 'a sum that begins elsewhere than at 0 or 1 is not supported'],
  [String.raw`\mathbb{E}[x]`, String.raw`\mathbb`, String.raw`\mathbb{E} is not supported`],
  [String.raw`\int x`, String.raw`\int`, String.raw`\int is not supported`],
  ['w^T x', 'T', 'transposition is not supported'],
  [String.raw`\frac{x}{y`, '', '`}` is missing here: the text ends here'],
  ['x + ', '', 'an expression is missing here: the text ends here'],
  [String.raw`\sum_c y_c + y`, 'y', 'y has a different number of indices here than elsewhere'],
  [String.raw`\max(x)`, String.raw`\max(x)`, 'max of a single value'],
  ['x ± y', '±', '± is not supported in LaTeX'],
  [`${'('.repeat(200)}x${')'.repeat(200)}`, '(', 'brackets are nested more than 100 deep'],
];

const all: readonly (readonly [Language, readonly Case[]])[] = [
  ['python', PYTHON],
  ['mathjs', MATHJS],
  ['latex', LATEX],
];

for (const [language, cases] of all)
  for (const [formula, at, message] of cases)
    refused(`${language}: ${formula.slice(0, 60)}`, async () => {
      const found = await importFormula(formula, { language });
      assert.is(found.kind, 'refused', JSON.stringify(found));
      if (found.kind !== 'refused') return;
      assert.is(found.message, message);
      assert.is(formula.slice(found.span.start, found.span.end), at);
    });

refused.run();
