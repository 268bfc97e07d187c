import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Bindings } from '../../../compiler/resolve/bindings.js';
import { type ImportResolver, loadProgram } from '../../../compiler/resolve/program.js';
import { positionAt } from '../../../grammar/diagnostics/source.js';
import { spanOf } from '../../../grammar/tree/span.js';

const bindings = suite('what names stand for');

const LIBRARY = {
  name: 'library.loss',
  text: 'fn twice(x) = 2 * x\n\nloss power(target: real, prediction: real; p = 2) =\n  abs(prediction - target)^p',
};
const resolve: ImportResolver = (specifier) =>
  specifier === './library.loss' ? LIBRARY : { problem: 'there is no such file' };

/** The definition and the uses of the name at the cursor, `|`, as `kind name file:line:column <- line:column …`. */
function found(marked: string): string {
  const offset = marked.indexOf('|');
  const source = { name: 'here.loss', text: marked.replace('|', '') };
  const names = new Bindings(loadProgram(source, resolve).module);
  const use = names.nameAt(offset);
  if (use === undefined) return 'nothing';
  const { kind, name, at } = names.definitionOf(use)!;
  const place = (text: typeof source, start: number): string => {
    const { line, column } = positionAt(text, start);
    return `${line}:${column}`;
  };
  const where = at === undefined ? '' : ` ${at.source.name}:${place(at.source, spanOf(at.ident).start)}`;
  const uses = names.usesOf(use).map((one) => place(source, spanOf(one).start));
  return `${kind} ${name}${where} <- ${uses.join(' ')}`;
}

const FOCAL = (text: string): string => `import { twice, power } from "./library.loss"

loss focal(target: onehot[class], prediction: probability[class]; gamma: nonnegative = 2) =
  let wrong = 1 - prediction
  -sum(target * ${text} * log(prediction), class)

fn scaled(x, axis) = twice(x) / size(axis) + x

loss both(target: real, prediction: real; gamma = 1) =
  power(target, prediction, p = gamma) + scaled(prediction, batch)

test focal { target = [0], prediction = [[0.5, 0.5]], gamma = 1, gradient prediction ~ [[0, 0]] }
`;
const BODY = 'wrong^gamma';

/** The text with the cursor in front of the n-th occurrence of a word. */
function at(word: string, n = 1): string {
  const text = FOCAL(BODY);
  let offset = -1;
  for (let i = 0; i < n; i += 1) offset = text.indexOf(word, offset + 1);
  return `${text.slice(0, offset)}|${text.slice(offset)}`;
}

const CASES: Readonly<Record<string, readonly [cursor: string, expected: string]>> = {
  'a let, from its use': [at('wrong', 2), 'let wrong here.loss:4:7 <- 4:7 5:17'],
  'a let, from its definition': [at('wrong'), 'let wrong here.loss:4:7 <- 4:7 5:17'],
  'a name, with the cursor behind it': [FOCAL('wrong|^gamma'), 'let wrong here.loss:4:7 <- 4:7 5:17'],
  'a parameter of the loss it stands in': [
    at('gamma', 2),
    'parameter gamma here.loss:3:67 <- 3:67 5:23 12:55',
  ],
  'a parameter of the same name in another loss': [
    at('gamma', 3),
    'parameter gamma here.loss:9:43 <- 9:43 10:33',
  ],
  'an input, with the entries of a test': [
    at('prediction'),
    'input prediction here.loss:3:35 <- 3:35 4:19 5:35 12:28 12:75',
  ],
  'an axis': [at('class)'), 'axis class here.loss:3:27 <- 3:27 3:59 5:48'],
  'the axis of the items': [at('batch'), 'axis batch <- 10:61'],
  'a domain': [at('onehot'), 'domain onehot <- 3:20'],
  'a function of the language': [at('sum('), 'function sum <- 5:4'],
  'an fn of the file': [at('scaled', 2), 'fn scaled here.loss:7:4 <- 7:4 10:42'],
  'an fn of another file': [at('twice('), 'fn twice library.loss:1:4 <- 1:10 7:22'],
  'a loss, by the test of it': [at('focal', 2), 'loss focal here.loss:3:6 <- 3:6 12:6'],
  'a parameter of a loss of another file, where it is given': [
    at('p = gamma'),
    'parameter p library.loss:3:44 <- 10:29',
  ],
  'a name that nothing has': [FOCAL('|wrogn'), 'nothing'],
  'no name': [FOCAL('(1 +| wrong)'), 'nothing'],
};

for (const [title, [cursor, expected]] of Object.entries(CASES))
  bindings(title, () => assert.is(found(cursor), expected));

bindings('what a rename makes is defined where it is made', () => {
  const text =
    'loss pairs(prediction: real[item]) =\n  sum((prediction - rename(prediction, item, other))^2, item, |other)';
  assert.is(found(text), 'axis other here.loss:2:46 <- 2:46 2:63');
});

bindings('operators and leaves of a sketch', () => {
  const text =
    'sketch glo(target: real, prediction: real) =\n  ?\n  with operators + log leaves |target, prediction';
  assert.is(found(text), 'input target here.loss:1:12 <- 1:12 3:31');
});

bindings('a text with mistakes has names all the same', () => {
  assert.is(
    found('loss f(target: real, prediction: real) =\n  |prediction - target\nloss g(a: ='),
    'input prediction here.loss:1:22 <- 1:22 2:3',
  );
});

bindings.run();
