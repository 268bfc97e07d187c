import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { type Audit, audit, type Worst } from '../../src/audit/audit.js';
import type { Region } from '../../src/audit/point.js';
import { reportOf } from '../../src/audit/report.js';
import type { Effort } from '../../src/audit/search.js';
import { Subject } from '../../src/audit/subject.js';
import { openSingle, type SingleLoss } from '../../src/runtime/single.js';
import { call } from '../helpers/in-process.js';

const audits = suite('audit');

const EFFORT: Effort = { drawn: 60, rounds: 1, mutants: 10, deep: 0 };
let single: Awaited<ReturnType<typeof openSingle>>;

audits.before(async () => {
  single = await openSingle();
});
audits.after(() => single.close());

function subjectOf(
  text: string,
  change = (loss: SingleLoss): SingleLoss => loss,
  fromLogits = false,
): Subject {
  const program = loadProgram({ name: 'f.loss', text: `${text}\n` });
  assert.equal(program.diagnostics, []);
  const decl = lossesOf(program)[0]!;
  return new Subject(program, decl, { fromLogits, parameters: new Map() }, (compiled) =>
    change(single.load(compiled)),
  );
}

const run = (subject: Subject, seed = '1'): Promise<Audit> =>
  audit(subject, { seed, effort: EFFORT, hasTime: () => true });

const numberOf = ({ numbers }: Audit, region: Region, name = ''): Worst =>
  numbers.find((one) => one.region === region && one.name === name)!;

const MSE = 'loss mse(target: real, prediction: real) = (prediction - target)^2';

audits('a loss that float32 computes well is within a few units of its last digit', async () => {
  const found = await run(subjectOf(MSE));
  for (const name of ['', 'prediction'])
    assert.ok(numberOf(found, 'everyday', name).worst!.error < 5e-7, name);
});

audits('a planted error in the value is found, and its size', async () => {
  const wrong = subjectOf(MSE, (loss) => ({
    ...loss,
    value: (...given) => loss.value(...given).map((x) => x * 1.001),
  }));
  const { worst } = numberOf(await run(wrong), 'everyday');
  assert.ok(Math.abs(worst!.error - 1e-3) < 1e-5, String(worst!.error));
  assert.ok(numberOf(await run(wrong), 'everyday', 'prediction').worst!.error < 1e-6);
});

audits('a planted error that few inputs show is found in a gradient', async () => {
  const wrong = subjectOf(MSE, (loss) => ({
    ...loss,
    gradients: (...given) =>
      new Map(
        [...loss.gradients(...given)].map(([name, data]) => [name, data.map((x) => (x > 50 ? NaN : x))]),
      ),
  }));
  const { worst } = numberOf(await run(wrong), 'everyday', 'prediction');
  assert.ok(Number.isNaN(worst!.found) && worst!.exact > 50);
});

audits('a guard that decides a finite value is named', async () => {
  const found = await run(
    subjectOf('loss f(target: real, prediction: real; power: positive = 2) = (prediction - target)^power'),
  );
  const { worst } = numberOf(found, 'everyday');
  assert.ok(worst!.error > 0.9);
  assert.equal(
    worst!.guards.map(({ op }) => op),
    ['root'],
  );
});

audits('what rounding the inputs does as well is told apart', async () => {
  const found = await run(
    subjectOf('loss f(target: real, prediction: real) = sin(1000 * prediction + target)'),
  );
  const { worst, unavoidable } = numberOf(found, 'everyday');
  assert.ok(unavoidable!.error > 1e-6 && unavoidable!.movement > unavoidable!.error / 4);
  assert.ok((worst?.error ?? 0) < 1e-5);
});

audits('a value beyond float32 is no error, and neither is an infinite one', async () => {
  const large = await run(
    subjectOf('loss f(target: real, prediction: real) = exp(exp(prediction - target) + 1)'),
  );
  assert.ok(numberOf(large, 'anywhere').beyond.every(({ standing }) => standing !== 'off'));
  const { worst } = numberOf(large, 'everyday');
  assert.ok(worst === undefined || worst.error < 1e-3);
});

audits('the same seed finds the same', async () => {
  const text =
    'loss f(target: unit, prediction: unit) = -xlogy(target, prediction) - xlogy(1 - target, 1 - prediction)';
  const plain = async (seed: string): Promise<string> => {
    const subject = subjectOf(text, undefined, true);
    return JSON.stringify(reportOf(subject, await run(subject, seed), 'f.loss'));
  };
  assert.is(await plain('1'), await plain('1'));
  assert.is.not(await plain('1'), await plain('2'));
});

audits('losses on pairs of items, labels, masks, several axes and parameters are audited', async () => {
  for (const text of [
    'loss a(left: real[feature], right: real[feature]) = mean(sum(left * right, feature), batch)',
    'loss b(data k: integer, data w: positive[class], prediction: logits[class]) = -at(log_softmax(prediction, class), class, k) * at(w, class, k)',
    'loss c(label: onehot[class], data mask: binary[class], prediction: probability[class]) = -sum(mask * label * log(prediction), class)',
    'loss d(target: real[row, column], prediction: real[row, column]; weight: positive[column] = [1, 2]) = sum(weight * abs(prediction - target), row, column)',
    'loss e(target: between(-1, 1), prediction: between(-1, 1), side: sign) = side * target * prediction^2',
  ]) {
    const found = await run(subjectOf(text));
    assert.ok(found.compared.exact > 2, text);
    for (const number of found.numbers.filter(({ region }) => region === 'everyday'))
      assert.ok((number.worst?.error ?? 0) < 1e-4, `${text}: ${number.name} ${number.worst?.error}`);
  }
});

audits(
  'an angle with more digits than pi is known to has no exact number, and that is no crash',
  async () => {
    const found = await run(
      subjectOf('loss f(target: real, prediction: real) = 1 - cos(prediction * exp(target))'),
    );
    assert.ok(found.compared.exact > 0);
  },
);

audits('the command that is printed shows the number', async () => {
  const { stdout } = await call('audit', ['std/itakura_saito', '--json', '--seconds', '60']);
  const { numbers } = JSON.parse(stdout) as ReturnType<typeof reportOf>;
  const { worst } = numbers.find(({ of, region }) => of === 'value' && region === 'everyday')!;
  const words = [...worst!.command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
  const shown = await call(words[1]!, [...words.slice(2), '--json']);
  assert.is((JSON.parse(shown.stdout) as { value: number }).value, worst!.found);
  const exact = await call('eval', [...words.slice(2, -1), '--digits', '12', '--json']);
  const { value } = JSON.parse(exact.stdout) as { value: string };
  assert.ok(Math.abs(Number(value) - worst!.exact) <= 1e-8 * Math.abs(worst!.exact));
});

audits('above the limit the exit code is 1, and the sentence says what', async () => {
  const fine = await call('audit', ['std/mse', '--limit', '1e-5']);
  assert.is(fine.code, 0, fine.stderr);
  const off = await call('audit', ['std/mse', '--limit', '1e-9']);
  assert.is(off.code, 1);
  assert.match(off.stderr, 'mse: value is off by more than');
});

audits.run();
