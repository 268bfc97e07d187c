import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProgram } from '../../compiler/check/check.js';
import { compileLoss } from '../../compiler/compile.js';
import { arrayOf, evaluateLoss } from '../../compiler/evaluate/bind.js';
import { DOMAINS } from '../../compiler/resolve/domains.js';
import { CONSTANTS, FUNCTIONS, findFunction } from '../../compiler/resolve/functions.js';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { type Advice, plainWord } from '../../compiler/words/advice.js';
import { adviceFor, WORDS } from '../../compiler/words/find.js';
import { suggestions } from '../../compiler/words/suggest.js';
import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { importResolver, stdlibNames } from '../../src/stdlib.js';
import { assertClose } from '../helpers/close.js';

const words = suite('words of other languages');

const rows = Object.entries(WORDS).flatMap(([kind, table]) =>
  table.flatMap(([list, advice]) =>
    list.split(' ').map((word) => ({ kind: kind as keyof typeof WORDS, word, advice })),
  ),
);
const check = (text: string): readonly Diagnostic[] =>
  checkProgram(loadProgram({ name: 'word.loss', text }, importResolver('-')));

words('there are many, each once and in the form in which it is looked up', () => {
  assert.ok(rows.length > 600, String(rows.length));
  for (const kind of ['functions', 'values', 'domains'] as const) {
    const all = rows.filter((row) => row.kind === kind).map(({ word }) => word);
    assert.equal(
      all.filter((word, index) => all.indexOf(word) !== index),
      [],
      kind,
    );
    assert.equal(
      all.filter((word) => plainWord(word) !== word || word === ''),
      [],
      kind,
    );
  }
});

words('none is a word of the language or the name of a standard loss', () => {
  const own = {
    functions: new Set([...Object.keys(FUNCTIONS), ...stdlibNames()].map(plainWord)),
    values: new Set(Object.keys(CONSTANTS)),
    domains: new Set(Object.keys(DOMAINS)),
  };
  const taken: string[] = [];
  for (const { kind, word } of rows) {
    // The similarity of other libraries is not the loss of that name, and is told apart.
    if (word === 'cosinesimilarity') continue;
    if (own[kind].has(word)) taken.push(`${kind}: ${word}`);
  }
  assert.equal(taken, []);
});

/** What `check` says of a word where it stands in a loss. */
const PLACES: { readonly [K in keyof typeof WORDS]: (word: string) => string } = {
  functions: (word) => `loss f(target: real, prediction: real) = ${word}(prediction - target)`,
  values: (word) => `loss f(target: real, prediction: real) = ${word} * (prediction - target)`,
  domains: (word) => `loss f(target: real, prediction: ${word}) = prediction - target`,
};

words('each gets its own advice, once, and never another function by its spelling', () => {
  const wrong: string[] = [];
  for (const { kind, word, advice } of rows) {
    // `where(c, a, b)` has a message of its own.
    if (word === 'where') continue;
    const found = check(PLACES[kind](word)).filter(({ severity }) => severity === 'error');
    const said = found.map(({ message, hint }) => `${message}: ${hint}`).join('; ');
    const text =
      advice.kind === 'standard' ? `import { ${advice.name} } from "std/${advice.file}"` : advice.text;
    if (found.length !== 1 || !said.includes(text) || said.includes('did you mean'))
      wrong.push(`${word}: ${said}`);
  }
  assert.equal(wrong, []);
});

words('underscores and upper case do not hide a word', () => {
  for (const word of [
    'LogSigmoid',
    'log_sigmoid',
    'CrossEntropyLoss',
    'MSELoss',
    'reduce_sum',
    'F32',
    'None',
  ])
    assert.ok(
      (['functions', 'values', 'domains'] as const).some((kind) => adviceFor(kind, word) !== undefined),
      word,
    );
});

words('what is said to stand in the standard library stands there and can be called as is said', () => {
  const checked = new Set<Advice>();
  for (const { word, advice } of rows) {
    if (advice.kind !== 'standard' || checked.has(advice)) continue;
    checked.add(advice);
    const [{ hint } = { hint: '' }] = check(PLACES.functions(word));
    const usage = /and write (\w+)\((.*)\)$/.exec(hint!);
    assert.ok(usage, `${word}: ${hint}`);
    assert.is(usage[1], advice.name);
  }
  assert.ok(checked.size > 30);
});

words('what is named in a sentence is there', () => {
  const readme = readFileSync(new URL('../../stdlib/README.md', import.meta.url), 'utf8');
  assert.ok(readme.length > 1000);
  for (const { word, advice } of rows) {
    if (advice.kind !== 'say') continue;
    for (const [, name, file] of advice.text.matchAll(/import \{ (\w+) \} from "std\/(\w+)"/g)) {
      const text = readFileSync(new URL(`../../stdlib/${file}.loss`, import.meta.url), 'utf8');
      assert.match(text, new RegExp(`^(?:loss|fn) ${name}\\(`, 'm'), word);
    }
  }
});

/** A loss in which a recipe's names have a meaning: numbers, values along `axis`, or those and `other`. */
function lossAround(recipe: string): string {
  const makesOther = /\brename\b/.test(recipe);
  const axes =
    /\bother\b/.test(recipe) && !makesOther
      ? '[axis, other]'
      : /\b(axis|batch)\b/.test(recipe)
        ? '[axis]'
        : '';
  const along = axes === '' ? '' : '[axis]';
  const inputs = [
    `x: between(0.1, 0.9)${axes}`,
    ...['y', 'z', 'a', 'b', 'c'].map((name) => `${name}: positive${along}`),
    `data mask: binary${along}, data i: integer${along}`,
  ];
  const parameters = [
    'low = 0',
    'high = 1',
    'n: positive = 3',
    'k: positive = 2',
    'w = 0.5',
    'base: positive = 3',
  ];
  return `loss f(target: real, prediction: real, ${inputs.join(', ')}; ${parameters.join(', ')}) =
  let value = ${recipe}
  prediction - target`;
}

words('every recipe is an expression of the language', () => {
  for (const { kind, word, advice } of rows) {
    if (advice.kind !== 'write' || kind === 'domains') continue;
    const errors = check(lossAround(advice.text)).filter(({ severity }) => severity === 'error');
    assert.equal(
      errors.map(({ message }) => message),
      [],
      `${word}: ${advice.text}`,
    );
  }
});

const [X, Y] = [0.7, 1.3];
/** Known values at x = 0.7 and y = 1.3, worked out with mpmath and JavaScript's own functions. */
const KNOWN: Readonly<Record<string, number>> = {
  ln: Math.log(X),
  log10: Math.log10(X),
  lg: Math.log10(X),
  log1m: Math.log(1 - X),
  log1pexp: Math.log1p(Math.exp(X)),
  logdiffexp: Math.log(Math.exp(X) - Math.exp(-Y)) - 0,
  logaddexp: Math.log(Math.exp(X) + Math.exp(Y)),
  logaddexp2: Math.log2(2 ** X + 2 ** Y),
  exp2: 2 ** X,
  exp10: 10 ** X,
  pow: X ** Y,
  cube: X ** 3,
  cbrt: Math.cbrt(X),
  rsqrt: 1 / Math.sqrt(X),
  hypot: Math.hypot(X, Y),
  tan: Math.tan(X),
  cot: 1 / Math.tan(X),
  sec: 1 / Math.cos(X),
  csc: 1 / Math.sin(X),
  asin: Math.asin(X),
  acot: Math.atan(1 / X),
  atan2: Math.atan2(Y, X),
  sinh: Math.sinh(X),
  cosh: Math.cosh(X),
  coth: 1 / Math.tanh(X),
  sech: 1 / Math.cosh(X),
  csch: 1 / Math.sinh(X),
  asinh: Math.asinh(X),
  acosh: Number.NaN,
  atanh: Math.atanh(X),
  deg2rad: (X / 180) * Math.PI,
  rad2deg: (X / Math.PI) * 180,
  sinc: Math.sin(Math.PI * X) / (Math.PI * X),
  normcdf: 0.758036347776927,
  gamma: 1.298055332647558,
  factorial: 0.9086387328532904,
  beta: 1.298055332647558 * 0.8974706963062772,
  silu: X / (1 + Math.exp(-X)),
  gelu: X * 0.758036347776927,
  mish: X * Math.tanh(Math.log1p(Math.exp(X))),
  logit: Math.log(X / (1 - X)),
  logsigmoid: -Math.log1p(Math.exp(-X)),
  elu: X,
  softsign: X / (1 + X),
  xlog1py: X * Math.log1p(Y),
  entr: -X * Math.log(X),
  relentr: X * Math.log(X / Y),
  hardsigmoid: X / 6 + 0.5,
  signum: 1,
  reciprocal: 1 / X,
  tau: 2 * Math.PI,
  eulergamma: 0.5772156649015329,
  neginf: Number.NEGATIVE_INFINITY,
};
/** What the recipe is at the values of `KNOWN` where those are not its domain. */
const ELSEWHERE: Readonly<
  Record<string, { readonly x: number; readonly y: number; readonly value: number }>
> = {
  acosh: { x: 1.3, y: 0, value: Math.acosh(1.3) },
  logdiffexp: { x: 1.3, y: 0.7, value: Math.log(Math.exp(1.3) - Math.exp(0.7)) },
  log1minusexp: { x: -0.7, y: 0, value: Math.log(1 - Math.exp(-0.7)) },
  cbrt: { x: -2, y: 0, value: Math.cbrt(-2) },
  asinh: { x: -2, y: 0, value: Math.asinh(-2) },
  elu: { x: -2, y: 0, value: Math.expm1(-2) },
  selu: { x: -2, y: 0, value: 1.0507 * 1.67326 * Math.expm1(-2) },
  leakyrelu: { x: -2, y: 0, value: -0.02 },
  atan2: { x: -0.7, y: -1.3, value: Math.atan2(-1.3, -0.7) },
};

/** The value of a recipe, by the float64 interpreter. */
function valueAt(word: string, x: number, y: number): number {
  const advice = adviceFor('functions', word) ?? adviceFor('values', word);
  assert.ok(advice?.kind === 'write', word);
  const source = {
    name: 'recipe.loss',
    text: `loss f(target: real, prediction: real; x = ${x}, y = ${y}) = prediction + ${bracketed(advice.text)} + 0 * target * x * y`,
  };
  const program = loadProgram(source);
  const compiled = compileLoss(program, lossesOf(program)[0]!, { guards: 'none' });
  const zero = arrayOf([0]);
  const inputs = new Map([
    ['target', zero],
    ['prediction', zero],
  ]);
  return evaluateLoss(compiled, inputs, new Map(), 'mean').value as number;
}
const bracketed = (text: string): string => `(${text})`;

words('recipes have the value of what they stand for', () => {
  for (const [word, value] of Object.entries(KNOWN)) {
    if (Object.hasOwn(ELSEWHERE, word) && !Number.isFinite(value)) continue;
    if (word !== 'logdiffexp') assertClose(valueAt(word, X, Y), value, 1e-12, word);
  }
  for (const [word, { x, y, value }] of Object.entries(ELSEWHERE))
    assertClose(valueAt(word, x, y), value, 1e-12, word);
});

/** Recipes along an axis: what they give for x = [3, 1, 2], its entries times 1, 10 and 100 where an axis is left. */
const ALONG: Readonly<Record<string, number>> = {
  cumsum: 3 + 40 + 600,
  cumprod: 3 + 30 + 600,
  cummax: 3 + 30 + 300,
  cummin: 3 + 10 + 100,
  diff: 3 - 20 + 100,
  roll: 0 + 30 + 100,
  flip: 2 + 10 + 300,
  argmax: 1,
  argmin: 10,
  softmin: [3, 1, 2]
    .map((v) => Math.exp(-v))
    .reduce((sum, v, i, all) => sum + (10 ** i * v) / (all[0]! + all[1]! + all[2]!), 0),
  normalize: (3 + 10 + 200) / Math.sqrt(14),
};
const REDUCED: Readonly<Record<string, number>> = {
  reducesum: 6,
  average: 2,
  var: 2 / 3,
  std: Math.sqrt(2 / 3),
  sumsq: 14,
  ptp: 2,
  countnonzero: 3,
  l1norm: 6,
  logmeanexp: Math.log((Math.exp(3) + Math.exp(1) + Math.exp(2)) / 3),
  entropy: -(3 * Math.log(3) + 2 * Math.log(2)),
};

words('recipes along an axis have the value of what they stand for', () => {
  const valueAlong = (text: string): number => {
    const program = loadProgram({
      name: 'recipe.loss',
      text: `loss f(target: real, x: real[axis]) =\n  let value = ${text}\n  value + 0 * target`,
    });
    const compiled = compileLoss(program, lossesOf(program)[0]!, { guards: 'none' });
    const inputs = new Map([
      ['target', arrayOf([0])],
      ['x', arrayOf([[3, 1, 2]])],
    ]);
    return evaluateLoss(compiled, inputs, new Map(), 'mean').value as number;
  };
  const recipe = (word: string): string => {
    const advice = adviceFor('functions', word);
    assert.ok(advice?.kind === 'write', word);
    return advice.text;
  };
  for (const [word, value] of Object.entries(ALONG))
    assertClose(valueAlong(`sum(10^index(axis) * (${recipe(word)}), axis)`), value, 1e-12, word);
  for (const [word, value] of Object.entries(REDUCED))
    assertClose(valueAlong(recipe(word)), value, 1e-12, word);
});

words('every domain that is advised is one', () => {
  for (const { kind, word, advice } of rows) {
    if (advice.kind !== 'write' || kind !== 'domains') continue;
    const errors = check(`loss f(target: ${advice.text}, prediction: real) = prediction`).filter(
      ({ severity }) => severity === 'error',
    );
    assert.equal(
      errors.map(({ message }) => message),
      [],
      `${word}: ${advice.text}`,
    );
  }
});

/** The names that a hint offers, in order. */
const offered = (hint: string | undefined): readonly string[] =>
  [...(hint ?? '').matchAll(/"(\w+)"/g)].map(([, name]) => name!);

const NEIGHBOURS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'].flatMap((row) =>
  [...row].slice(1).flatMap((key, index): [string, string][] => [
    [key, row[index]!],
    [row[index]!, key],
  ]),
);

/** A word with one letter left out, doubled, swapped with the next, or hit beside. */
function typosOf(word: string): readonly string[] {
  const at = [...word].map((letter, index) => ({
    letter,
    before: word.slice(0, index),
    after: word.slice(index + 1),
  }));
  const all = at.flatMap(({ letter, before, after }) => [
    before + after,
    before + letter + letter + after,
    after === '' ? word : before + after[0] + letter + after.slice(1),
    ...(word.length < 3 ? [] : NEIGHBOURS)
      .filter(([key]) => key === letter)
      .map(([, key]) => before + key + after),
  ]);
  // 10 and 0i are no names.
  return [...new Set(all)].filter((typo) => typo !== word && typo.length > 1 && /^[a-z]/.test(typo));
}

words('each single typo of a function leads back to its own', () => {
  const lost: string[] = [];
  let tried = 0;
  for (const name of Object.keys(FUNCTIONS)) {
    for (const typo of typosOf(name)) {
      // What is a word itself, here or elsewhere, is no typo.
      const isWord = findFunction(typo) !== undefined || adviceFor('functions', typo) !== undefined;
      if (isWord || stdlibNames().includes(typo)) continue;
      tried += 1;
      const { hint } = check(PLACES.functions(typo)).find(({ code }) => code === 'L202')!;
      if (!offered(hint).includes(name)) lost.push(`${typo} for ${name}: ${hint}`);
    }
  }
  assert.equal(lost, []);
  assert.ok(tried > 500, String(tried));
});

words('what is no slip is not offered', () => {
  for (const [written, known] of [
    ['sort', 'sqrt'],
    ['median', 'mean'],
    ['x1', 'x2'],
    ['x12', 'x1'],
    ['b', 'a'],
    ['log3', 'log2'],
    ['rate', 'name'],
    ['predicted', 'target'],
  ] as const)
    assert.equal(suggestions(written, [known]), [], written);
});

words('several slips in a long word, one and many, upper case and underscores are looked through', () => {
  for (const [written, known] of [
    ['predctoin', 'prediction'],
    ['classes', 'class'],
    ['label', 'labels'],
    ['crossEntropy', 'cross_entropy'],
    ['log_sum_exp', 'logsumexp'],
    ['ignorre_indx', 'ignore_index'],
  ] as const)
    assert.equal(suggestions(written, [known]), [known], written);
});

words.run();
