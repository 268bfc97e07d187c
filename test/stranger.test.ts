/** The stranger's test: what CONTRIBUTING says of adding an operator or a function, on a copy of the sources. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ADDITIONS, type Addition, type Place } from './stranger/additions.js';
import { Scratch } from './stranger/scratch.js';

const additions = Object.values(ADDITIONS);
const scratch = new Scratch();

const definitions = additions.map(({ definition }) => definition);
const names = additions.flatMap(({ name }) => name ?? []);
const asked = additions.flatMap((addition) => addition.asked);
const askedByName = additions.flatMap((addition) => addition.askedByName);

/** The places that no error leads to. */
function unnamed(places: readonly Place[], errors: readonly string[]): readonly string[] {
  const files = new Set(errors.map((error) => error.slice(0, error.indexOf('('))));
  return places.map(({ file }) => file).filter((file) => !files.has(file));
}

const stranger = suite('a stranger adds an operator, one along axes, and a function made of others');
stranger.after(() => scratch.remove());

stranger('CONTRIBUTING tells of every place', () => {
  const told = readFileSync(new URL('../CONTRIBUTING.md', import.meta.url), 'utf8');
  const files = [...definitions, ...names, ...asked, ...askedByName].map(({ file }) => file);
  assert.equal(
    files.filter((file) => !told.includes(`\`${file}\``)),
    [],
  );
});

stranger('the row that says what it is leads to every table that is keyed by it', () => {
  scratch.fill(definitions);
  assert.equal(unnamed([...names, ...asked], scratch.errors()), []);
});

stranger('its name in the language leads to every table that is keyed by names', () => {
  scratch.fill([...definitions, ...names]);
  assert.equal(unnamed([...asked, ...askedByName], scratch.errors()), []);
});

stranger('with every place filled it compiles', () => {
  scratch.fill([...definitions, ...names, ...asked, ...askedByName]);
  assert.equal(scratch.errors(), []);
});

for (const file of ['tables', 'derivatives'].map((name) => `test/compiler/operators/${name}.test.ts`))
  stranger(`and is in the tests that go through the tables: ${file}`, () => {
    const { passes, text } = scratch.test(file);
    assert.ok(passes, text);
  });

stranger('and runs everywhere, in every target, and in what generators draw', () => {
  scratch.write('test/added.test.ts', ADDED);
  const { passes, text } = scratch.test('test/added.test.ts');
  assert.ok(passes, text);
});

/** The places of an addition that another one does not have in the same round. */
const placesOf = ({ name, asked: first, askedByName: second }: Addition): readonly Place[] => [
  ...(name === undefined ? [] : [name]),
  ...first,
  ...second,
];
const rounds = Math.max(...additions.map((addition) => placesOf(addition).length));

for (let round = 0; round < rounds; round++) {
  const left = additions.flatMap((addition) => placesOf(addition)[round] ?? []);
  stranger(`it does not without ${left.map(({ file }) => file).join(', ')}`, () => {
    const kept = additions.flatMap(placesOf).filter((place) => !left.includes(place));
    scratch.fill([...definitions, ...kept]);
    const errors = scratch.errors();
    assert.is.not(errors.length, 0);
    assert.equal(unnamed(left, errors), []);
  });
}

const ADDED = `
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileLoss } from '../compiler/compile.js';
import { emitTarget, TARGETS } from '../compiler/emit/targets.js';
import { lossesOf, loadProgram } from '../compiler/resolve/program.js';
import { assertEverywhere } from './helpers/everywhere.js';
import { OF_UNIT, REDUCTIONS, SMOOTH } from './helpers/functions.js';

const added = suite('what was added');

added('has the value that it should have in the reference, the fused function and emitted modules', async () => {
  const body = 'norm(prediction, class) + sum(atanh(prediction / 8), class) + softsign(sum(prediction, class))';
  const source = \`loss f(target: real[class], prediction: real[class]) = \${body}\`;
  const value = 5 + Math.atanh(3 / 8) + Math.atanh(-1 / 2) - 1 / 2;
  const slope = (x: number): number => x / 5 + 1 / 8 / (1 - (x / 8) ** 2) + 1 / 4;
  const inputs = { target: [[0, 0]], prediction: [[3, -4]] };
  await assertEverywhere(source, inputs, {}, { value, gradients: { prediction: [slope(3), slope(-4)] } });
});

added('is guarded where it may leave its domain, and compiles to every target', async () => {
  const text = 'loss f(target: real[class], prediction: real[class]) = norm(prediction - target, class) + mean(atanh(prediction) + softsign(prediction), class)';
  const program = loadProgram({ name: 'f.loss', text });
  const compiled = compileLoss(program, lossesOf(program)[0]!);
  assert.ok(compiled.guards.some(({ of }) => of?.op === 'atanh'));
  for (const target of TARGETS) {
    const files = await emitTarget(target, compiled, { version: '0', file: 'f.loss' });
    assert.ok(files.every((file) => ('text' in file ? file.text : file.bytes).length > 100));
  }
});

added('is among what generators draw', () => {
  assert.ok(OF_UNIT.includes('atanh') && REDUCTIONS.includes('norm') && SMOOTH.includes('softsign'));
});

added.run();
`;

stranger.run();
