import { readFileSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProgram } from '../../compiler/check/check.js';
import * as axisMessages from '../../compiler/messages/axes.js';
import * as effectMessages from '../../compiler/messages/effects.js';
import * as importMessages from '../../compiler/messages/imports.js';
import * as nameMessages from '../../compiler/messages/names.js';
import * as roleMessages from '../../compiler/messages/roles.js';
import * as sketchMessages from '../../compiler/messages/sketches.js';
import * as testMessages from '../../compiler/messages/tests.js';
import { type ImportResolver, loadProgram, type Program } from '../../compiler/resolve/program.js';
import { runTests } from '../../compiler/test-blocks/run-tests.js';
import { CODES, type MessageName } from '../../grammar/diagnostics/codes.js';
import type { Diagnostic, Source } from '../../grammar/diagnostics/diagnostic.js';
import { formatDiagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { parse } from '../../grammar/read/parse.js';

/**
 * Every message of the compiler, whole, as it is printed: `### name of the message function`, a text (behind `--- NAME` the
 * files that it imports), `==>`, what is said of it. `UPDATE_GOLDEN=1` writes the file anew; read what changed.
 */
const golden = new URL('../golden/semantic-errors.txt', import.meta.url);
const sections = readFileSync(golden, 'utf8')
  .split(/^### /m)
  .slice(1)
  .map((section) => {
    const [, title, text, printed] = /^(\S+)\n(.*?)\n==>\n(.*?)\n+$/s.exec(section)!;
    return { title: title!, text: text!, printed: printed! };
  });

/** A program of the files in a text: the first is `test.loss`. */
function programOf(text: string): Program {
  const [first, ...others] = text.split(/^--- /m);
  const files = new Map(
    others.map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end + 1)] as const;
    }),
  );
  return load(first!, files);
}

function load(text: string, files: ReadonlyMap<string, string> = new Map()): Program {
  const resolve: ImportResolver = (specifier) => {
    const name = specifier.replace('./', '');
    const found = name === 'test.loss' ? text : files.get(name);
    return found === undefined ? { problem: 'there is no such file' } : { name, text: found };
  };
  return loadProgram({ name: 'test.loss', text }, resolve);
}

/** What checking finds, and where that is nothing, what running the test blocks finds. */
function diagnose(program: Program): readonly Diagnostic[] {
  const found = checkProgram(program);
  return found.length > 0 ? found : runTests(program).flatMap(({ failures }) => failures);
}

const text = (diagnostics: readonly Diagnostic[], source: Source): string =>
  diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, source)).join('\n\n');

function print(sectionText: string): string {
  const program = programOf(sectionText);
  return text(diagnose(program), program.module.source);
}

if (process.env['UPDATE_GOLDEN'] === '1')
  writeFileSync(
    golden,
    sections
      .map((section) => `### ${section.title}\n${section.text}\n==>\n${print(section.text)}\n`)
      .join('\n'),
  );

const messages = suite('messages of the compiler');

for (const section of sections) {
  messages(`${section.title}: ${section.text.slice(0, 80)}`, () =>
    assert.fixture(print(section.text), section.printed),
  );
}

/** Axes a0, a1, … in a list. */
const axes = (count: number): string => Array.from({ length: count }, (_, i) => `a${i}`).join(', ');

messages('tooManyAxes: said of the first axis beyond the limit', () => {
  const program = load(`loss many(
  prediction: real[${axes(29)},
    last]
) = sum(prediction, ${axes(29)})`);
  assert.fixture(
    text(checkProgram(program), program.module.source),
    `error[L308]: a loss may have at most 29 axes besides the items
 --> test.loss:3:5
3 |     last]
  |     ^^^^`,
  );
  assert.equal(
    checkProgram(load(`loss many(prediction: real[${axes(29)}]) = sum(prediction, ${axes(29)})`)),
    [],
  );
});

/** `f0` calls `f1` calls `f2` …, one function a line, and a loss that calls `f0`. */
const chainOfCalls = (length: number): string =>
  [
    ...Array.from({ length }, (_, i) => `fn f${i}(x) = f${i + 1}(x)`),
    `fn f${length}(x) = x`,
    'loss deep(prediction: real) = f0(prediction)',
  ].join('\n');

messages('tooDeep: said once, where the limit is passed, with the last calls', () => {
  assert.equal(checkProgram(load(chainOfCalls(199))), []);
  const program = load(chainOfCalls(300));
  assert.fixture(
    text(checkProgram(program), program.module.source),
    `error[L312]: calls are nested more than 200 levels deep here
   --> test.loss:200:14
200 | fn f199(x) = f200(x)
    |              ^^^^
    = note: called as "f199" here
   --> test.loss:199:14
199 | fn f198(x) = f199(x)
    |              ^^^^
    = note: called as "f198" here
   --> test.loss:198:14
198 | fn f197(x) = f198(x)
    |              ^^^^
    = note: called as "f197" here
   --> test.loss:197:14
197 | fn f196(x) = f197(x)
    |              ^^^^`,
  );
});

/** `f0` calls `f1` …, each inside 30 other calls. */
const nested = (length: number): string =>
  [
    ...Array.from({ length }, (_, i) => `fn f${i}(x) = ${'abs('.repeat(30)}f${i + 1}(x)${')'.repeat(30)}`),
    `fn f${length}(x) = x`,
    'loss deep(prediction: real) = f0(prediction)',
  ].join('\n');

messages('expressionTooDeep: said once, where expressions in calls nest beyond the limit', () => {
  assert.equal(checkProgram(load(nested(15))), []);
  const program = load(nested(50));
  assert.fixture(
    text(checkProgram(program), program.module.source).split('\n').slice(0, 5).join('\n'),
    `error[L342]: expressions are nested more than 500 levels deep here, through calls
  --> test.loss:17:25
17 | fn f16(x) = abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(ab…
   |                         ${'^'.repeat(86)}
   = hint: name a part with \`let\` before it is passed on`,
  );
});

messages('moreDiagnostics: fifty are shown, errors first, and the others counted', () => {
  const lets = (count: number, value: string): string =>
    Array.from({ length: count }, (_, i) => `  let a${i} = ${value}\n`).join('');
  const HEAD = 'loss f(target: real, prediction: real) =\n';
  const printed = (body: string): string => {
    const program = load(HEAD + body);
    return text(checkProgram(program).slice(-1), program.module.source);
  };
  const wrong = load(`${HEAD}${lets(60, 'b')}  prediction - target`);
  assert.is(checkProgram(wrong).length, 51);
  assert.is(checkProgram(wrong).filter(({ code }) => code === 'L201').length, 50);
  assert.fixture(
    printed(`${lets(60, 'target')}  (prediction - target)^2`),
    `warning[L199]: and 10 more
  --> test.loss:52:7
52 |   let a50 = target
   |       ^^^`,
  );
  // The last of many warnings is an error: it is among those that are shown.
  const late = checkProgram(load(`${HEAD}${lets(60, 'target')}  prediction - tarhet`));
  assert.ok(late.some(({ code }) => code === 'L201'));
  assert.is(late.at(-1)!.severity, 'warning');
  // Mistakes of the grammar, counted already, and of the checker are counted together.
  const both = load(`${'fn g(x) = *\n'.repeat(60)}${HEAD}${lets(60, 'b')}  prediction - target`);
  assert.is(checkProgram(both).filter(({ code }) => code === 'L199').length, 1);
  assert.is(checkProgram(both).length, 51);
});

messages('importDepth, tooManyFiles: too many files, or imports that nest too deeply', () => {
  const names = Array.from({ length: 1001 }, (_, i) => `f${i}`);
  const wide = load(
    names.map((name) => `import { ${name} } from "./${name}.loss"`).join('\n'),
    new Map(names.map((name) => [`${name}.loss`, `fn ${name}(x) = x`])),
  );
  assert.fixture(
    text(wide.diagnostics.filter(({ code }) => code === 'L504').slice(0, 1), wide.module.source),
    `error[L504]: a program may have at most 1,000 files, and this would be one more
    --> test.loss:1000:22
1000 | import { f999 } from "./f999.loss"
     |                      ^^^^^^^^^^^^^`,
  );
  const deep = load(
    'import { f0 } from "./f0.loss"',
    new Map(
      names.map((name, i) => [
        `${name}.loss`,
        `import { f${i + 1} } from "./f${i + 1}.loss"\nfn ${name}(x) = f${i + 1}(x)`,
      ]),
    ),
  );
  assert.fixture(
    text(deep.diagnostics, deep.module.source),
    `error[L506]: imports may be nested at most 100 levels deep, and this would be deeper
 --> f99.loss:1:22
1 | import { f100 } from "./f100.loss"
  |                      ^^^^^^^^^^^^^`,
  );
});

const ALL_MESSAGES: Readonly<Record<string, unknown>> = {
  ...nameMessages,
  ...axisMessages,
  ...effectMessages,
  ...roleMessages,
  ...testMessages,
  ...sketchMessages,
  ...importMessages,
};
/** Pinned by code above, and `tooLarge` and `tooMuchWork` in `hostile.test.ts`. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'tooManyAxes',
  'tooDeep',
  'expressionTooDeep',
  'importDepth',
  'tooManyFiles',
  'tooLarge',
  'tooMuchWork',
]);
messages('there is a case for every message, and it prints the code of that message', () => {
  const titles = new Set(sections.map(({ title }) => title));
  for (const name of titles) assert.ok(Object.hasOwn(ALL_MESSAGES, name), `no message is called ${name}`);
  for (const name of Object.keys(ALL_MESSAGES)) {
    assert.ok(titles.has(name) || ELSEWHERE.has(name), name);
    const { code } = CODES[name as MessageName];
    for (const { title, printed } of sections) if (title === name) assert.match(printed, `[${code}]`);
  }
});

messages('every code of the reference is in a whole printed message', () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const printed = [
    '../golden/semantic-errors.txt',
    '../golden/syntax-errors.txt',
    './diagnostics.test.ts',
    './hostile.test.ts',
    '../grammar/diagnostics/messages.test.ts',
  ].map(read);
  const listed = [...read('../../grammar/REFERENCE.md').matchAll(/^\| (L\d\d\d) \|/gm)];
  assert.ok(listed.length > 80);
  for (const [, code] of listed)
    assert.ok(
      printed.some((where) => new RegExp(`(error|warning)\\[${code}\\]: .*\\n`).test(where)),
      code,
    );
});

const codes = (source: string): readonly string[] => checkProgram(load(source)).map(({ code }) => code);

messages('correct likelihoods are not remarked on, in any writing', () => {
  const INPUTS = 'target: probability[class], prediction: probability[class]';
  for (const text of [
    `loss kl(${INPUTS}) = sum(target * log(target), class) - sum(target * log(prediction), class)`,
    'loss bernoulli(target: unit, prediction: unit) = target * log(target) + (1 - target) * log(1 - target) - target * log(prediction) - (1 - target) * log(1 - prediction)',
    'loss poisson(target: nonnegative, prediction: positive) = prediction - target * log(prediction) + lgamma(target + 1)',
    'loss gamma(target: positive, prediction: positive; shape: positive = 2) = shape * (target / prediction + log(prediction)) + lgamma(shape) - shape * log(shape) - (shape - 1) * log(target)',
    'loss negative_binomial(target: nonnegative, prediction: positive; r: positive = 1) = (target + r) * log(prediction + r) - target * log(prediction) - r * log(r) + lgamma(r) + lgamma(target + 1) - lgamma(target + r)',
    'loss normal(target: real, prediction: real, sigma: positive) = log(2 * pi) / 2 + log(sigma) + (target - prediction)^2 / (2 * sigma^2)',
    'loss expanded(target: real, prediction: real) = target^2 - 2 * target * prediction + prediction^2',
    'loss scaled(target: positive, prediction: positive; c: positive = 2) = prediction - target * log(c * prediction)',
    'loss product(target: real, prediction: real) = target^2 - 2 * target * prediction',
  ])
    assert.equal(codes(text), [], text);
});

messages('a swapped TaylorGLO is remarked on, in any writing', () => {
  const swapped = (body: string): readonly string[] =>
    codes(`loss f(target: onehot[class], prediction: probability[class]) =\n${body}`);
  for (const body of [
    '  -mean(2 * (target - 0.1) + 3 * (target - 0.1)^2 + (target - 0.1) * prediction, class)',
    '  let x = target - 0.1\n  let y = prediction + 2\n  -mean(2 * x + 3 * x^2 + x * y + x^2 * y + x * y^2, class)',
    '  mean(-2 * target, class) - mean(target^2, class) / 2 - mean(target * prediction, class)',
  ])
    assert.equal(swapped(body), ['L324'], body);
  assert.equal(
    codes(`loss f(target: onehot[class], prediction: probability[class]) = taylor(prediction, target)
loss taylor(target: onehot[class], prediction: probability[class]) =
  -mean(2 * prediction + 3 * prediction^2 + target * prediction, class)`),
    ['L324'],
  );
});

messages('five mistakes in five places are five diagnostics', () => {
  assert.equal(
    codes(`
loss a(target: real, prediction: real) = prediction - tarhet + target
fn b(x) = if x then lgo(x) else 0
loss c(target: onehot[class], prediction: probabilty[class]) = -sum(target * log(prediction), clas)
loss d(target: real, prediction: real) = (prediction - target)^2
test d { target = [0], prediction = [0], wight = 1, value ~ 0 }
`),
    ['L201', 'L202', 'L209', 'L201', 'L402'],
  );
});

messages('five mistakes in one body are five diagnostics', () => {
  assert.equal(
    codes(`
loss a(target: real[class], prediction: real[class]; gamma = 2) =
  let x = sum(prediction - target, clas)
  let y = log(prediction, 2)
  let z = if gamma then 1 else class
  x * y + z + (gamma > 1) * gama
`),
    ['L201', 'L203', 'L208', 'L206', 'L207', 'L201'],
  );
});

messages('a mistake in an fn is said once, however often it is called', () => {
  assert.equal(
    codes(`
fn f(x) = x + z
loss a(prediction: real) = f(prediction) + f(prediction^2) + f(2 * prediction)
loss b(prediction: real) = f(prediction)
`),
    ['L201'],
  );
});

messages('of a mistake of the grammar nothing is said a second time', () => {
  const cases = readFileSync(new URL('../golden/syntax-errors.txt', import.meta.url), 'utf8')
    .split(/^### /m)
    .slice(1)
    .map((section) => /^\S+\n(.*?)\n==>\n/s.exec(section)![1]!);
  /** What these short texts lack on top: the function, loss or axis that they name. */
  const missing = /^unknown (function "focal"|name "class")|^there is no loss/;
  for (const source of cases) {
    const said = parse({ name: 'test.loss', text: source }).diagnostics.length;
    const found = checkProgram(load(source)).filter(({ message }) => !missing.test(message));
    assert.is(found.length, said, `${source}\n${text(found, { name: 'test.loss', text: source })}`);
  }
});

messages('other mistakes of a declaration with a mistake of the grammar are said', () => {
  assert.equal(
    codes(
      'loss f(target: real, prediction: real, gamma = 2) =\n  let x = if 0 < target < 1 then y else 2\n  x * predicton',
    ),
    ['L104', 'L108', 'L201', 'L201'],
  );
});

messages('a value that is broken is not complained of again', () => {
  assert.equal(
    codes(`
loss a(target: real[class], prediction: real[class]) =
  let x = unknown(1) + prediction
  let y = x * target + x
  sum(y, class) + sum(x, class)
`),
    ['L202'],
  );
});

messages.run();
