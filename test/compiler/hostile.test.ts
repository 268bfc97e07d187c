import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProgram } from '../../compiler/check.js';
import { compileLoss } from '../../compiler/compile.js';
import { lowerLoss } from '../../compiler/lower.js';
import { loadProgram, lossesOf, type Program } from '../../compiler/program.js';
import { simplify } from '../../compiler/simplify.js';

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
  hostile(`1,000 ${what}: five times as many make no more than seven times the work`, () => {
    const [some, many] = [nodesOf(text(200)), nodesOf(text(1000))];
    assert.ok(many < 7 * some, `${some} nodes, then ${many}`);
  });
}

hostile('an fn that doubles itself forty times stays small', () => {
  const text = `${HEAD}  f40(prediction)\nfn f0(x) = x + 1\n${list(40, (i) => `fn f${i + 1}(x) = f${i}(x) + f${i}(x)`).join('\n')}`;
  assert.ok(nodesOf(text) < 1000);
});

hostile('an fn that doubles itself with new arguments each time ends with one error', () => {
  const text = `${HEAD}  f30(prediction)\nfn f0(x) = sin(x)\n${list(30, (i) => `fn f${i + 1}(x) = f${i}(x + ${i}) + f${i}(x * ${i + 2})`).join('\n')}`;
  assert.equal(errors(load(text)), [
    'L311 "f" grows to more than 250,000 operations when its calls are written out',
  ]);
});

hostile('circles of calls and of imports are reported with the way around', () => {
  assert.equal(errors(load(`${HEAD} g(prediction)\nfn g(x) = h(x)\nfn h(x) = g(x)`)), [
    'L205 calls may not go in circles: g -> h -> g',
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
  assert.ok(
    errors(program).includes('L502 imports may not go in circles: a.loss -> b.loss -> c.loss -> a.loss'),
  );
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

hostile.run();
