import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SampledLine } from '../../../compiler/explain/plot/line.js';
import { sampleLoss } from '../../../compiler/explain/plot/sampled.js';
import { plotLosses } from '../../../src/charts/plot.js';
import { call } from '../../helpers/in-process.js';
import { LOSSES } from '../../stdlib/library.js';
import { standard, written } from './helpers.js';

const views = suite('views of losses');

/** Classes in a picture: what three dots stand for. */
const CLASSES = 10;

/** The nested lists that a picture writes, with a number in the place of x. */
function read(text: string, x: number): unknown {
  const script = text
    .replaceAll('\u2212', '-')
    .replaceAll('\u221a', 'Math.sqrt')
    .replaceAll('\u00b2', '**2')
    .replaceAll('log', 'Math.log')
    .replaceAll('exp', 'Math.exp')
    .replaceAll('\u2026', '"dots"');
  assert.match(script.replaceAll(/Math\.(sqrt|log|exp)|"dots"/g, ''), /^[-+*/()[\], \d.x]*$/);
  return filled(new Function('x', `return ${script}`)(x));
}

function filled(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  if (value.at(-1) !== 'dots') return value.map(filled);
  const given = value.slice(0, -1);
  return [...given, ...Array.from({ length: CLASSES - given.length }, () => given.at(-1))];
}

/** What `lossc eval` says at an x of a line, given what the picture says of the inputs. */
async function evaluated(
  name: string,
  parameters: readonly string[],
  line: SampledLine,
  x: number,
): Promise<number> {
  const args = line.stated.flatMap(({ name: input, text }) => [
    parameters.includes(input) ? '--param' : '--input',
    `${input}=${JSON.stringify(read(text, x))}`,
  ]);
  const { code, stdout, stderr } = await call('eval', [`std/${name}`, ...args, '--json']);
  assert.is(code, 0, `${name} ${args.join(' ')}: ${stderr}`);
  return (JSON.parse(stdout) as { value: number }).value;
}

/** All text of notes, as one line. */
const notesOf = (svg: string): string =>
  [...svg.matchAll(/<text [^>]*class="note"[^>]*>([^<]*)</g)].map(([, text]) => text!.trim()).join(' ');

for (const name of LOSSES) {
  views(`${name} is drawn, and lossc eval gives the values of the picture`, async () => {
    const { program, decl } = standard(name);
    const sampled = sampleLoss(program, decl);
    assert.ok(sampled.length > 0, 'it is drawn');
    const notes = notesOf(plotLosses([{ program, decl }]));
    const parameters = decl.parameters.map((parameter) => parameter.name.name);
    for (const line of sampled.flatMap(({ lines }) => lines)) {
      const { x, values, slopes, note, stated } = line;
      const finite = values.filter((value) => Number.isFinite(value));
      assert.ok(finite.length > x.length / 2, `${note}: finite values`);
      if (slopes.some((slope) => Number.isFinite(slope) && Math.abs(slope) > 1e-6))
        assert.ok(
          finite.some((value) => Math.abs(value - finite[0]!) > 1e-9),
          `${note}: it is not flat`,
        );
      for (const { name: input, text } of stated)
        assert.ok(notes.includes(`${input} = ${text}`), `${input} = ${text} in ${notes}`);
      for (const share of [0.17, 0.56, 0.83]) {
        const at = Math.round(share * (x.length - 1));
        const value = await evaluated(name, parameters, line, x[at]!);
        const drawn = values[at]!;
        assert.ok(
          Math.abs(value - drawn) <= 1e-7 * Math.max(1, Math.abs(value)),
          `${note} at x = ${x[at]}: eval says ${value}, the picture ${drawn}`,
        );
      }
    }
  });
}

/** A loss of a user, the view that is for it, and the notes of its lines. */
const OWN: readonly (readonly [text: string, along: string, notes: readonly string[]])[] = [
  [
    'loss f(target: binary[row, column], prediction: unit[row, column]) =\n  1 - sum(target * prediction, row, column) / sum(target + prediction, row, column)',
    'overlap',
    ['missing inside', 'too much outside', 'both'],
  ],
  [
    'loss f(target: real[box = 4], prediction: real[box = 4]) =\n  sum(abs(target - prediction), box) + max(abs(target - prediction), box)',
    'box',
    ['moved sideways', 'right side moved'],
  ],
  [
    'loss f(target: binary, one: real[k], two: real[k]) =\n  target * sum((one - two)^2, k) + (1 - target) * exp(-sum((one - two)^2, k))',
    'distance',
    ['alike (target 1)', 'different (target 0)'],
  ],
  ['loss f(one: real[k], two: real[k]) =\n  -sum(one * two, k)', 'cosine', ['']],
  [
    'loss f(target: real[place], prediction: real[place]) =\n  logsumexp(prediction, place) - sum(target * prediction, place) / sum(target, place)',
    'score',
    ['the best item', 'the worst item'],
  ],
  [
    'loss f(target: real, prediction: real[level]; share: unit[level] = [0.2, 0.7]) =\n  sum((target - prediction) * share + relu(prediction - target), level)',
    'number',
    ['level 0, share 0.2', 'level 1, share 0.7'],
  ],
];

for (const [text, along, notes] of OWN) {
  views(`${along}: ${text.split('\n')[0]}`, () => {
    const { program, decl } = written(text);
    const [sampled] = sampleLoss(program, decl);
    assert.is(sampled!.along, along);
    assert.equal(
      sampled!.lines.map(({ note }) => note),
      notes,
    );
  });
}

/** Values that are known without any program: of a line by its note, at an x. */
const KNOWN: readonly (readonly [
  name: string,
  note: string,
  value: (x: number) => number,
  slope: (x: number) => number,
])[] = [
  ['contrastive', 'alike (target 1)', (x) => x * x, (x) => 2 * x],
  [
    'contrastive',
    'different (target 0)',
    (x) => Math.max(0, 1 - x) ** 2,
    (x) => (x === 0 ? 0 : -2 * Math.max(0, 1 - x)),
  ],
  ['cosine_similarity', '', (x) => -x, () => -1],
  [
    'iou',
    'right side moved',
    (x) => 1 - Math.min(4, 4 + x) / Math.max(4, 4 + x),
    (x) => (x < 0 ? -1 / 4 : 4 / (4 + x) ** 2),
  ],
  ['jaccard', 'both', (x) => 1 - (2 * x + 1) / (4 - 2 * x + 1), (x) => -12 / (5 - 2 * x) ** 2],
  ['center_loss', '', (x) => x * x, (x) => 2 * x],
  ['gaussian_nll', 'target 0, center 1', (x) => (Math.log(x) + 1 / x) / 2, (x) => (1 / x - 1 / x ** 2) / 2],
  ['vae_kl', 'center moved', (x) => x * x, (x) => 2 * x],
  [
    'quantiles',
    'quantile 0, tau 0.1',
    (x) => (x < 1 ? 0.1 * (1 - x) : 0.9 * (x - 1)) / 3,
    (x) => (x < 1 ? -0.1 : 0.9) / 3,
  ],
];

for (const [name, note, value, slope] of KNOWN) {
  views(`${name}${note === '' ? '' : `, ${note}`}: values and slopes are the known ones`, () => {
    const { program, decl } = standard(name);
    const line = sampleLoss(program, decl)
      .flatMap(({ lines }) => lines)
      .find((one) => one.note === note)!;
    for (const [i, x] of line.x.entries()) {
      assert.ok(
        Math.abs(line.values[i]! - value(x)) < 1e-9 * Math.max(1, Math.abs(value(x))),
        `value at ${x}: ${line.values[i]}`,
      );
      // At a kink either side is right.
      if (line.x.length % 2 === 1 && Math.abs(slope(x + 1e-6) - slope(x - 1e-6)) > 1e-3) continue;
      assert.ok(
        Math.abs(line.slopes[i]! - slope(x)) < 1e-6 * Math.max(1, Math.abs(slope(x))),
        `slope at ${x}: ${line.slopes[i]}`,
      );
    }
  });
}

views('a loss without a gradient has no view', () => {
  const { program, decl } = written(
    'loss f(target: real[k], prediction: real[k]) =\n  sum(stop_gradient(prediction) * target, k)',
  );
  assert.equal(sampleLoss(program, decl), []);
});

views.run();
