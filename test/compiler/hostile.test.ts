import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProgram } from '../../compiler/check/check.js';
import { checkEffects } from '../../compiler/check/effects.js';
import { compileLoss } from '../../compiler/compile.js';
import { emitTarget, TARGETS, type Target } from '../../compiler/emit/targets.js';
import { evaluateLoss, type NumberArray } from '../../compiler/evaluate/bind.js';
import { lowerLoss } from '../../compiler/lower/lower.js';
import { simplify } from '../../compiler/passes/simplify.js';
import { loadProgram, lossesOf, type Program } from '../../compiler/resolve/program.js';
import { formatDiagnostic } from '../../grammar/diagnostics/diagnostic.js';

/** Programs made to make the compiler crash, hang or mistake a name for something of its own. */
const hostile = suite('hostile programs');

const load = (text: string): Program => loadProgram({ name: 'hostile.loss', text });
const errors = (program: Program): string[] =>
  checkProgram(program)
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code} ${message}`);
const HEAD = 'loss f(target, prediction) =\n';
const list = (count: number, each: (i: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => each(i));

/** Checks and compiles; the number of nodes of the graph says how the work grows, whatever the machine. */
function nodesOf(text: string): number {
  const program = load(text);
  assert.equal(errors(program), []);
  return compileLoss(program, lossesOf(program)[0]!).lowered.graph.size;
}

const LONG: Readonly<Record<string, (count: number) => string>> = {
  'lets that add': (n) =>
    `${HEAD}  let a0 = prediction\n${list(n, (i) => `  let a${i + 1} = a${i} + target\n`).join('')}  a${n}`,
  'lets that nest': (n) =>
    `${HEAD}  let a0 = prediction\n${list(n, (i) => `  let a${i + 1} = sin(a${i})\n`).join('')}  a${n}`,
  'lets that add to themselves': (n) =>
    `${HEAD}  let a0 = prediction\n${list(n, (i) => `  let a${i + 1} = a${i} * 1.0001 + sin(a${i})\n`).join('')}  a${n}`,
  'lets that add a square': (n) =>
    `${HEAD}  let a0 = prediction\n${list(n, (i) => `  let a${i + 1} = a${i}^2 * 0.5 + a${i}\n`).join('')}  a${n}`,
  'lets that divide': (n) =>
    `${HEAD}  let a0 = prediction\n${list(n, (i) => `  let a${i + 1} = a${i} / (1 + a${i}^2)\n`).join('')}  a${n}`,
  'lets that choose': (n) =>
    `${HEAD}  let a0 = prediction\n${list(n, (i) => `  let a${i + 1} = if a${i} > target then a${i} * 0.5 else sin(a${i})\n`).join('')}  a${n}`,
  'lets that multiply': (n) =>
    `${HEAD}  let a0 = prediction\n${list(n, (i) => `  let a${i + 1} = a${i} * sin(target + ${i})\n`).join('')}  a${n}`,
  'terms of a sum': (n) => HEAD + list(n, (i) => `${i}.5 * sin(${i} * prediction)`).join(' + '),
  'terms that pair up': (n) => HEAD + list(n, (i) => `softplus(${i} * prediction)`).join(' + '),
  'terms with a common factor': (n) => HEAD + list(n, (i) => `prediction * sin(${i} * target)`).join(' + '),
  'factors of a product': (n) => HEAD + list(n, (i) => `(prediction + ${i})`).join(' * '),
  'choices in a sum': (n) =>
    HEAD + list(n, (i) => `(if prediction < ${i} then prediction else ${i})`).join(' + '),
  'choices in a row': (n) =>
    `${HEAD}${list(n, (i) => `if prediction < ${i} then prediction * ${i} else `).join('')}0`,
  'conditions in a row': (n) =>
    `${HEAD}if ${list(n, (i) => `prediction < target + ${i}`).join(' and ')} then prediction else 0`,
};

for (const [what, text] of Object.entries(LONG)) {
  hostile(`300 ${what}: five times as many make no more than seven times the work`, () => {
    const [some, many] = [nodesOf(text(60)), nodesOf(text(300))];
    assert.ok(many < 7 * some, `${some} nodes, then ${many}`);
  });
}

hostile('an fn that doubles itself forty times stays small', () => {
  const text = `${HEAD}  f40(prediction)\nfn f0(x) = x + 1\n${list(40, (i) => `fn f${i + 1}(x) = f${i}(x) + f${i}(x)`).join('\n')}`;
  assert.ok(nodesOf(text) < 1000);
});

hostile('circles of calls and of imports are reported with the way around', () => {
  assert.equal(errors(load(`${HEAD} g(prediction)\nfn g(x) = h(x)\nfn h(x) = g(x)`)), [
    'L205 circular calls: g -> h -> g',
  ]);
  const files: Record<string, string> = {
    'a.loss': 'import { b } from "./b.loss"\nfn a(x) = b(x)',
    'b.loss': 'import { c } from "./c.loss"\nfn b(x) = c(x)',
    'c.loss': 'import { a } from "./a.loss"\nfn c(x) = a(x)',
  };
  const resolve = (specifier: string): { name: string; text: string } => {
    const name = specifier.slice(2);
    return { name, text: files[name]! };
  };
  const program = loadProgram(resolve('./a.loss'), resolve);
  assert.ok(errors(program).includes('L502 circular imports: a.loss -> b.loss -> c.loss -> a.loss'));
});

hostile('names of JavaScript are names like any other', () => {
  const text = `loss constructor(target, prediction; toString = 1, hasOwnProperty = 2) =
  let __proto__ = toString * prediction
  let valueOf = isPrototypeOf(__proto__) + hasOwnProperty * target
  valueOf
fn isPrototypeOf(x) = x^2
loss function(target, var; await = 1, eval = 2) =
  let arguments = await * var
  arguments^2 + eval * target * var
`;
  const program = load(text);
  assert.equal(errors(program), []);
  for (const decl of lossesOf(program)) compileLoss(program, decl);
});

hostile('names of JavaScript that nothing defines are unknown', () => {
  assert.equal(errors(load(`${HEAD}  constructor(prediction) + __proto__ + toString(target)`)), [
    'L202 unknown function "constructor"',
    'L201 unknown name "__proto__"',
    'L202 unknown function "toString"',
  ]);
});

hostile('powers are not multiplied out', () => {
  assert.ok(nodesOf(`${HEAD}  (prediction + target)^1000000000`) < 100);
  assert.ok(nodesOf(`${HEAD}  ${'square('.repeat(60)}prediction + target${')'.repeat(60)}`) < 1000);
  assert.ok(
    nodesOf(HEAD + list(100, (i) => `(1 + prediction / (target^2 + ${i + 1}))`).join(' * ')) < 10_000,
  );
});

hostile('numbers too large for a coefficient stay outside a choice', () => {
  for (const body of [
    '1e308 * min(prediction, prediction^2)',
    '1e308 * 10 * max(prediction, prediction^2) * target',
    '1e308 * 1e308 * (if prediction > target then prediction else 0)',
    '(if prediction > target then 1e308 * prediction else 0) * 1e308 * (if target > 0 then prediction else 0)',
    '(1e308 * max(prediction, 0.5) + 1) * 30',
    'infinity * min(prediction, 1)',
  ]) {
    const program = load(`loss f(target: unit, prediction: unit) = ${body}`);
    assert.equal(errors(program), []);
    compileLoss(program, lossesOf(program)[0]!);
  }
});

hostile('towers of constants end', () => {
  for (const body of [
    'prediction * 9^9^9^9',
    'prediction * 2^1000 * 3^1000 / 7^900',
    'prediction / (1e308 * 1e308)',
  ]) {
    const program = load(HEAD + body);
    assert.equal(errors(program), []);
    const { loss } = lowerLoss(program, lossesOf(program)[0]!);
    assert.is(simplify(loss!.graph, [loss!.value]).stopped, 'normal');
  }
});

/** As many short names as a file of a megabyte holds; no word of the language begins so. */
const shortName = (i: number): string => `z${i.toString(36)}`;

/** Checks, compiles and emits, and gives the length of the code: what is long in the text and short in meaning stays short. */
async function codeLength(
  text: string,
  targets: readonly Target[] = ['js', 'pytorch', 'latex'],
): Promise<number> {
  const program = load(text);
  assert.equal(errors(program), []);
  const compiled = compileLoss(program, lossesOf(program).at(-1)!);
  const origin = { version: '0.0.0', file: 'hostile.loss' };
  const emitted = await Promise.all(targets.map((target) => emitTarget(target, compiled, origin)));
  return emitted.flat().reduce((total, file) => total + ('text' in file ? file.text : file.bytes).length, 0);
}

/** Texts near the size that a file may have; each means something small. */
const LARGE: Readonly<Record<string, () => string>> = {
  '100,000 equal terms': () => `loss f(p) = ${list(100_000, () => 'p').join('+')}`,
  '100,000 equal factors': () => `loss f(p: positive) = ${list(100_000, () => 'p').join('*')}`,
  '30,000 multiples of one thing': () => `loss f(p) = ${list(30_000, (i) => `${i}*p`).join('+')}`,
  '40,000 lets in a chain': () =>
    `loss f(p) =\n${list(40_000, (i) => `let ${shortName(i)}=${i === 0 ? 'p' : shortName(i - 1)}+p\n`).join('')}${shortName(39_999)}`,
  '50,000 lets that nothing uses': () =>
    `loss f(p) =\n${list(50_000, (i) => `let ${shortName(i)}=p\n`).join('')}p`,
  '10,000 functions': () => `${list(10_000, (i) => `fn f${i}(x) = x + ${i}\n`).join('')}loss f(p) = f7(p)`,
  '2,000 losses that call one': () =>
    `loss g(p) = p^2\n${list(2000, (i) => `loss f${i}(p) = g(p)\n`).join('')}`,
};

for (const [title, text] of Object.entries(LARGE))
  hostile(title, async () => assert.ok((await codeLength(text())) < 20_000));

hostile('a default of 50,000 numbers', async () => {
  const text = `loss f(p: real[k]; w: positive[k] = [${list(50_000, (i) => String(1 + (i % 9))).join(',')}]) = sum(w * p, k)`;
  assert.ok((await codeLength(text, ['js', 'pytorch'])) < 2_000_000);
});

hostile('1,000 terms, inputs, parameters or conditions reach the code', async () => {
  assert.ok((await codeLength(`${HEAD}${list(1000, (i) => `sin(${i} * prediction)`).join(' + ')}`)) > 20_000);
  const names = (letter: string): string[] => list(1000, (i) => `${letter}${i}`);
  assert.ok((await codeLength(`loss f(${names('p').join(', ')}) = ${names('p').join(' + ')}`)) > 20_000);
  const parameters = names('a').map((name, i) => `${name} = ${i}`);
  const sum = names('a').join(' + ');
  assert.ok((await codeLength(`loss f(p; ${parameters.join(', ')}) = p * (${sum})`)) > 20_000);
  const conditions = list(500, (i) => `prediction > ${i}`).join(' or ');
  assert.ok((await codeLength(`${HEAD}if ${conditions} then prediction else 0`)) > 10_000);
});

hostile('calls 2^40 ways, each with arguments of its own, are one error', () => {
  const text = [
    'fn f0(x, y) = x * y',
    ...list(40, (i) => `fn f${i + 1}(x, y) = f${i}(x + y, y) + f${i}(x, x * y + 1)`),
    'loss big(target, prediction) = f40(target, prediction)',
  ].join('\n');
  const program = load(text);
  assert.fixture(
    checkProgram(program)
      .map((diagnostic) => formatDiagnostic(diagnostic, program.module.source))
      .join('\n'),
    `error[L311]: "big" grows to more than 250,000 operations when its calls are written out
  --> hostile.loss:42:6
42 | loss big(target, prediction) = f40(target, prediction)
   |      ^^^`,
  );
});

hostile('a loss that is too much work to differentiate says so, not that it has calls', () => {
  const program = load(`${HEAD}  log(1 + (prediction - target)^2)`);
  const decl = lossesOf(program)[0]!;
  const { loss } = lowerLoss(program, decl);
  loss!.graph.limit = loss!.graph.size + 1;
  const [found] = checkEffects(program, decl, loss!);
  assert.fixture(
    formatDiagnostic(found!, program.module.source).split('\n').slice(0, 2).join('\n'),
    `error[L341]: simplifying and differentiating "f" takes more than 1,000,000 operations
 --> hostile.loss:1:6`,
  );
});

hostile('a thousand lets give the value and the slope that a thousand steps give', () => {
  const lets = list(1000, (i) => `  let a${i + 1} = a${i} * 1.0001 + 0.001 * sin(a${i})\n`).join('');
  const program = load(`loss f(target: real, prediction: real) =\n  let a0 = prediction\n${lets}  a1000`);
  const loss = compileLoss(program, lossesOf(program)[0]!);
  const given = (x: number): NumberArray => ({ shape: [1], data: Float64Array.of(x) });
  const found = evaluateLoss(
    loss,
    new Map([
      ['target', given(0)],
      ['prediction', given(0.7)],
    ]),
    new Map(),
  );
  let [value, slope] = [0.7, 1];
  for (let i = 0; i < 1000; i++) {
    slope *= 1.0001 + 0.001 * Math.cos(value);
    value = value * 1.0001 + 0.001 * Math.sin(value);
  }
  assert.ok(Math.abs((found.value as number) / value - 1) < 1e-10);
  assert.ok(Math.abs(found.gradient.get('prediction')!.data[0]! / slope - 1) < 1e-10);
});

hostile('30 axes are one too many, 29 and the batch are not', async () => {
  const axes = (count: number): string => list(count, (i) => `a${i}`).join(', ');
  const text = (count: number): string => `loss f(p: real[${axes(count)}]) = sum(p, ${axes(count)})`;
  assert.ok((await codeLength(text(29))) > 0);
  assert.is(errors(load(text(30)))[0], 'L308 a loss may have at most 29 axes besides the items');
});

/** Constants at the ends of what a number can be: they are folded, printed and emitted, or refused. */
const EXTREMES = [
  'prediction + 1e308 * 10',
  'prediction + 1 / 0',
  'prediction + log(0)',
  'prediction + sqrt(-1)',
  'prediction^1e308',
  'exp(1000) * prediction',
  '5e-324 * prediction / 5e-324',
  'min(prediction, 1e308 * 10)',
  'if prediction < 1e308 * 10 then prediction else 0',
  'prediction * 1e-200 * 1e-200',
  '(1e308 * 10) * prediction',
  'prediction * infinity',
  'max(prediction, -infinity)',
  'if prediction < infinity then prediction else -infinity',
  'prediction^infinity',
  '0 * infinity * prediction + prediction',
];

for (const body of EXTREMES)
  hostile(`${body} reaches every target`, async () => {
    assert.ok((await codeLength(HEAD + body, TARGETS)) > 0);
  });

const DEEP: Readonly<Record<string, string>> = {
  'a sum of 5,000 terms': `${HEAD}${list(5000, (i) => `sin(${i} * prediction)`).join(' + ')}`,
  'a polynomial by Horner in 3,000 lets': `${HEAD}  let a0 = prediction
${list(3000, (i) => `  let a${i + 1} = a${i} * prediction + 1\n`).join('')}  a3000`,
  'a function of a function, 3,000 times': `${HEAD}  let a0 = prediction
${list(3000, (i) => `  let a${i + 1} = sin(a${i})\n`).join('')}  a3000`,
};

for (const [what, text] of Object.entries(DEEP))
  hostile(`${what} reaches every target without running out of stack`, async () => {
    assert.ok((await codeLength(text, TARGETS)) > 100_000);
  });

hostile('a called loss with a default of 300,000 numbers reaches the code', async () => {
  const numbers = list(300_000, (i) => String(1 + (i % 9))).join(',');
  const text = `loss g(p: real[k]; w: real[k] = [${numbers}]) = sum(w * p, k)\nloss f(p: real[k]) = g(p)`;
  assert.ok((await codeLength(text, ['js'])) > 600_000);
});

/** Signatures that no tensor fits. */
const IMPOSSIBLE: Readonly<Record<string, string>> = {
  'loss f() = 1': 'L338',
  'loss f(p: real[batch, k]) = sum(p, batch, k)': 'L320',
  'loss f(p: real[k = 1.5]) = sum(p, k)': 'L319',
  'loss f(p: real[k = 0]) = sum(p, k)': 'L319',
  'loss f(p: real[k = 1e308]) = sum(p, k)': 'L319',
  'loss f(p; a: positive = 1 / 0) = a * p': 'L343',
  'loss f(p; a = -1 / 0) = a * p': 'L343',
  'loss f(p; a = 0 / 0) = a * p': 'L343',
  'loss f(p: real[k]; a: real[k] = [1, 1e308 * 10]) = sum(a * p, k)': 'L343',
};

for (const [text, code] of Object.entries(IMPOSSIBLE))
  hostile(`refused: ${text}`, () =>
    assert.equal(
      errors(load(text)).map((line) => line.slice(0, 4)),
      [code],
    ),
  );

/** Mistakes by the thousand, of every stage. */
const MISTAKES: Readonly<Record<string, string>> = {
  'unknown names': `${HEAD}${list(10_000, (i) => `let a${i} = b\n`).join('')}prediction`,
  'unknown names in an fn': `fn f(x) = ${list(200_000, () => 'b').join('+')}`,
  'misspelt names': `${HEAD}${list(2000, (i) => `let value${i} = valeu${i}\n`).join('')}prediction`,
  'unknown functions': `fn f(x) = ${list(30_000, (i) => `g${i}(x)`).join('+')}`,
  'names declared twice': list(20_000, () => 'fn f(x) = x\n').join(''),
  'wrong tests': `loss f(p) = p\n${list(10_000, () => 'test f { q = 1 }\n').join('')}`,
};

for (const [what, text] of Object.entries(MISTAKES))
  hostile(`of thousands of ${what} 50 are shown, and how many more there are`, () => {
    const found = checkProgram(load(text));
    assert.is(found.length, 51);
    assert.is(found.at(-1)!.code, 'L199');
  });

hostile.run();
