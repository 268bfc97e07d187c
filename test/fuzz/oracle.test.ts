import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Interpreter, scopeIn } from '../../compiler/exact/interpreter.js';
import { parse } from '../../grammar/read/parse.js';
import type { TestDecl, Value as Written } from '../../grammar/tree/ast.js';
import { equalTrees } from '../../grammar/tree/walk.js';
import { BOUNDED } from './oracle/arithmetic.js';
import { keepsDigits } from './oracle/elementwise.js';
import { evaluateByDefinition, type Found, type Library, libraryOf, type Numbers } from './oracle/oracle.js';
import { digamma, erf, lgamma, trigamma } from './oracle/special.js';
import type { Value } from './oracle/value.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const libraries = new Map<string, Library>();
/** A file with what it imports; `files` are those beside it. */
function open(text: string, files: ReadonlyMap<string, string> = new Map()): Library {
  const parsed = parse({ name: 'file.loss', text });
  assert.equal(parsed.diagnostics, [], text);
  return libraryOf(parsed.file, (path) => {
    const beside = files.get(path);
    if (beside !== undefined) return open(beside, files);
    const name = path.replace(/^std\/|^\.\/|\.loss$/g, '');
    const known = libraries.get(name) ?? open(read(`stdlib/${name}.loss`));
    libraries.set(name, known);
    return known;
  });
}

/** What a test block says, by the rules under "Tests" of the reference; how many numbers were compared, and left out as doubtful. */
function run(test: TestDecl, library: Library): { compared: number; doubtful: number } {
  const { decl } = library.callables.get(test.name.name)!;
  assert.is(decl.kind, 'loss');
  if (decl.kind !== 'loss') throw new Error('no loss');
  const interpreter = new Interpreter(BOUNDED);
  const scope = scopeIn<Value>(library);
  const numbersOf = (value: Written): Numbers => {
    const { shape, data } = interpreter.numbers(value, scope);
    return { shape, data: Float64Array.from(data) };
  };
  const [inputs, parameters] = [new Map<string, Numbers>(), new Map<string, Numbers>()];
  for (const entry of test.entries) {
    if (entry.kind !== 'set') continue;
    const isInput = decl.inputs.some(({ name }) => name.name === entry.name.name);
    (isInput ? inputs : parameters).set(entry.name.name, numbersOf(entry.value));
  }
  // Data on a simplex without its last axis, told by the rank of a prediction with the same axes.
  const labels = new Set<string>();
  const rankOf = (name: string): number => inputs.get(name)!.shape.length;
  for (const { name, domain } of decl.inputs) {
    if (domain?.name.name !== 'onehot' && domain?.name.name !== 'probability') continue;
    const own = domain.axes!.filter((axis) => axis.kind === 'axis');
    const alike = decl.inputs.find(
      (other) =>
        !other.data &&
        other.name.name !== 'target' &&
        equalTrees(other.domain?.axes ?? [], domain.axes ?? []),
    );
    const full = alike === undefined ? own.length + 1 : rankOf(alike.name.name);
    if (rankOf(name.name) < full) labels.add(name.name);
  }
  const outcome = evaluateByDefinition(library, test.name.name, {
    inputs,
    parameters,
    labels,
    logits: new Set(),
  });
  let [compared, doubtful] = [0, 0];
  const compare = (found: Found, expected: Numbers, what: string): void => {
    for (const [i, x] of found.data.entries()) {
      if (found.doubt[i] !== 0) {
        doubtful++;
        continue;
      }
      const y = expected.data[expected.data.length === 1 ? 0 : i]!;
      const isClose = x === y || Math.abs(x - y) <= 1e-6 * Math.max(1, Math.abs(y));
      assert.ok(isClose, `${test.name.name} ${what} [${i}]: ${x}, expected ${y}`);
      compared++;
    }
  };
  for (const entry of test.entries) {
    if (entry.kind !== 'expect') continue;
    const expected = numbersOf(entry.value);
    const name = entry.of?.name ?? [...outcome.gradients.keys()][0]!;
    if (entry.subject.name === 'gradient')
      compare(outcome.gradients.get(name)!, expected, `gradient ${name}`);
    else compare(expected.shape.length === 0 ? outcome.value : outcome.items, expected, 'value');
  }
  return { compared, doubtful };
}

const oracle = suite('the oracle of the fuzzer');

oracle('passes the tests of the standard library', () => {
  let [compared, doubtful, files] = [0, 0, 0];
  for (const file of readdirSync(join(ROOT, 'stdlib')).filter((name) => name.endsWith('.loss'))) {
    const library = open(read(`stdlib/${file}`));
    files++;
    for (const test of library.tests) {
      const counts = run(test, library);
      compared += counts.compared;
      doubtful += counts.doubtful;
    }
  }
  assert.ok(files > 150 && compared > 1000, `${files} files, ${compared} numbers`);
  assert.ok(doubtful < compared / 8, `${doubtful} of ${compared + doubtful} numbers are doubtful`);
});

oracle('passes the tests of the reference of the language', () => {
  const blocks = [...read('grammar/REFERENCE.md').matchAll(/^```loss(?: (\w+\.loss))?\n([\s\S]*?)^```/gm)];
  const files = new Map(
    blocks.flatMap(([, name, text]) => (name === undefined ? [] : [[`./${name}`, text!]])),
  );
  let compared = 0;
  for (const [, , text] of blocks) {
    const library = open(text!, files);
    for (const test of library.tests) compared += run(test, library).compared;
  }
  assert.ok(compared > 50, `${compared} numbers`);
});

oracle('knows which sums of doubles are exact', () => {
  for (const [x, y] of [
    [0.5, 0.25],
    [1, -1],
    [2 ** 80, 2 ** 40],
    [0, 1e-30],
  ] as const)
    assert.ok(keepsDigits(x, y), `${x} + ${y}`);
  for (const [x, y] of [
    [1, 1e-30],
    [1e-30, -1],
    [1, 2 ** -53],
    [0.1, 0.2],
  ] as const)
    assert.not(keepsDigits(x, y), `${x} + ${y}`);
});

oracle('knows the special functions', () => {
  // Abramowitz and Stegun, tables 6.1, 6.3 and 7.1, and the closed forms at whole numbers and halves.
  const euler = 0.5772156649015329;
  const table: readonly (readonly [number, number])[] = [
    [erf(0.5), 0.5204998778130465],
    [erf(-2), -0.9953222650189527],
    [erf(3), 0.9999779095030014],
    [erf(4), 0.9999999845827421],
    [lgamma(0.5), Math.log(Math.PI) / 2],
    [lgamma(5), Math.log(24)],
    [lgamma(100), 359.1342053695754],
    [digamma(1), -euler],
    [digamma(0.5), -euler - 2 * Math.LN2],
    [trigamma(1), Math.PI ** 2 / 6],
    [trigamma(0.5), Math.PI ** 2 / 2],
  ];
  for (const [found, expected] of table)
    assert.ok(
      Math.abs(found - expected) < 1e-13 * Math.max(1, Math.abs(expected)),
      `${found}, expected ${expected}`,
    );
});

oracle.run();
