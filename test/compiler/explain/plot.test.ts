import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sampleLoss } from '../../../compiler/explain/plot/sampled.js';
import { PlotError, plotLosses } from '../../../src/charts/plot.js';
import { frameOf } from '../../../src/charts/scale.js';
import { escapeXml, tickLabel } from '../../../src/charts/svg.js';
import { SWAPPED, standard, written } from './helpers.js';

/** The elements of an XML text, or an error that says where it is not well formed. Knows what a picture needs. */
function elementsOf(xml: string): { name: string; attributes: Map<string, string>; text: string }[] {
  const elements: { name: string; attributes: Map<string, string>; text: string }[] = [];
  const open: typeof elements = [];
  let end = 0;
  for (const match of xml.matchAll(/<(\/?)([A-Za-z]+)((?:\s+[A-Za-z0-9:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    const between = xml.slice(end, match.index);
    if (/[<>]/.test(between) || /&(?!#\d+;)/.test(between))
      throw new Error(`stray text: ${between.slice(0, 80)}`);
    if (open.length > 0) open.at(-1)!.text += between;
    else if (between.trim() !== '') throw new Error(`text outside: ${between}`);
    end = match.index + match[0].length;
    const [, closing, name, raw, empty] = match;
    if (closing === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    const pairs = [...raw!.matchAll(/([A-Za-z0-9:-]+)="([^"]*)"/g)].map(
      ([, key, value]) => [key!, value!] as const,
    );
    if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw new Error(`twice in <${name}${raw}>`);
    const element = { name: name!, attributes: new Map(pairs), text: '' };
    elements.push(element);
    if (empty !== '/') open.push(element);
  }
  if (open.length > 0 || xml.slice(end).trim() !== '')
    throw new Error(`not closed: ${open.map((e) => e.name)}`);
  return elements;
}

const textsOf = (svg: string): string[] =>
  elementsOf(svg)
    .filter(({ name }) => name === 'text')
    .map(({ text }) => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))));

/** A loss that no prediction changes. */
const STILL =
  'loss still(target: real[k], prediction: real[k]) =\n  sum(target * stop_gradient(prediction), k)';

const plot = suite('plot');

plot('classification: two panels, axes with titles, a name for each line', () => {
  const svg = plotLosses([standard('cross_entropy'), standard('baikal'), standard('gce')], { classes: 10 });
  const texts = textsOf(svg);
  for (const text of [
    'cross_entropy',
    'baikal',
    'gce',
    'Loss',
    'Gradient w.r.t. the label\u2019s logit',
    'uniform',
  ])
    assert.ok(texts.includes(text), text);
  assert.is(texts.filter((text) => text === 'probability of the label').length, 2);
  const lines = elementsOf(svg).filter(({ name }) => name === 'polyline');
  assert.is(lines.length, 6);
  for (const line of lines) assert.ok(line.attributes.get('points')!.split(' ').length > 300);
});

plot('the dot of Baikal stands at 0.3162', () => {
  const elements = elementsOf(plotLosses([standard('baikal')], { classes: 10 }));
  const [dot] = elements.filter(({ name }) => name === 'circle');
  const { attributes } = elements.find(
    ({ name, attributes: a }) => name === 'rect' && a.get('class') === 'frame',
  )!;
  const [left, width] = [Number(attributes.get('x')), Number(attributes.get('width'))];
  const place = (Number(dot!.attributes.get('cx')) - left) / width;
  assert.ok(Math.abs(place - 0.3162) < 0.005, `${place}`);
});

plot('losses of different kinds stand below each other, and what has no gradient is named', () => {
  const names = ['focal', 'hinge', 'bce', 'mse', 'msle'];
  const svg = plotLosses([...names.map((name) => standard(name)), written(STILL)]);
  const texts = textsOf(svg);
  for (const text of [
    'probability of the label',
    'margin of the label, in logits or scores',
    'prediction \u2212 target',
  ])
    assert.is(texts.filter((one) => one === text).length, 2, text);
  assert.ok(texts.includes('msle, target 2'));
  assert.ok(texts.includes('Not plotted, because no line with a gradient was found: still'));
});

plot('a loss that treats its targets differently has a line for each', () => {
  const texts = textsOf(plotLosses([standard('asymmetric')]));
  assert.ok(texts.includes('asymmetric, target 1') && texts.includes('asymmetric, target 0'));
});

plot('a line that is nowhere in the frame is told of', () => {
  const texts = textsOf(
    plotLosses(['cross_entropy', 'baikal', 'taylor_glo_mnist'].map((name) => standard(name))),
  );
  assert.ok(
    texts.some((text) => text.startsWith('The loss of taylor_glo_mnist is outside the frame: from ')),
  );
});

plot('the same losses give the same picture', () => {
  const losses = [standard('focal'), written(SWAPPED)];
  const first = plotLosses(losses);
  plotLosses([standard('mse')]);
  assert.is(plotLosses(losses), first);
});

plot('names of the user are text, whatever is in them', () => {
  const label = 'a<b>&"c\' \u0000\u001b[2J \ud800 \uffff</svg><script>';
  const svg = plotLosses([{ ...standard('mse'), label }]);
  const texts = textsOf(svg);
  assert.ok(texts.some((text) => text.startsWith('a<b>&"c\'') && text.endsWith('</svg><script>')));
  assert.not.match(svg, '<script');
  assert.not.match(svg, '\u0000');
  assert.not.match(svg, '\ud800');
});

plot('nothing is loaded from elsewhere', () => {
  const svg = plotLosses([standard('cross_entropy'), standard('hinge')]);
  assert.not.match(
    svg.replace('http://www.w3.org/2000/svg', ''),
    /https?:|@import|<script|<image|href|url\((?!#)/,
  );
});

plot('a loss that takes the number of the class is the curve of the one that takes rows', () => {
  const lines = (name: string): string[] =>
    elementsOf(plotLosses([standard(name)]))
      .filter((element) => element.name === 'polyline')
      .map(({ attributes }) => attributes.get('points')!);
  const rows = lines('cross_entropy_logits');
  assert.is(rows.length, 2);
  assert.equal(lines('sparse_cross_entropy'), rows);
});

const LEAD = 'chosen \u2212 rejected \u2212 reference_chosen + reference_rejected';
plot('preference losses are curves over the lead of the chosen answer, which names the axis', () => {
  const names = ['dpo', 'ipo', 'discopop', 'slic'];
  const texts = textsOf(plotLosses(names.map((name) => standard(name))));
  assert.is(texts.filter((text) => text === LEAD).length, 2);
  const others = textsOf(plotLosses(['dpo', 'simpo'].map((name) => standard(name))));
  for (const axis of [LEAD, 'chosen \u2212 rejected'])
    assert.is(others.filter((text) => text === axis).length, 2, axis);
  assert.ok(others.includes('simpo, chosen_length 1, rejected_length 1'));
});
plot('values and slopes over the sum are those of the papers', () => {
  const softplus = (x: number): number => Math.log1p(Math.exp(x));
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  const lrml = (r: number): number => {
    const gate = sigmoid(r);
    return (1 - gate) * softplus(-0.05 * r) + gate * Math.exp(-0.05 * r);
  };
  for (const [name, value, slope] of [
    ['dpo', (r: number) => softplus(-0.1 * r), (r: number) => -0.1 * sigmoid(-0.1 * r)],
    ['ipo', (r: number) => (r - 5) ** 2, (r: number) => 2 * (r - 5)],
    ['discopop', lrml, (r: number) => (lrml(r + 1e-5) - lrml(r - 1e-5)) / 2e-5],
  ] as const) {
    const { program, decl } = standard(name);
    const { along, lines } = sampleLoss(program, decl)[0]!;
    assert.is(along, 'sum');
    const [line] = lines;
    for (const [i, x] of line!.x.entries()) {
      assert.ok(Math.abs(line!.values[i]! - value(x)) < 1e-9 * Math.max(1, value(x)), `${name} at ${x}`);
      assert.ok(Math.abs(line!.slopes[i]! - slope(x)) < 1e-6, `${name}: slope at ${x}`);
    }
  }
});
plot('two predictions that are no one sum are drawn along the first', () => {
  for (const body of ['a^2 + b^2', 'a * b', '(a - 2 * b)^2', 'a - b^3', '(a - target * b)^2']) {
    const { program, decl } = written(`loss f(target: real, a: real, b: real) =\n  ${body} + 0 * target`);
    const { along, axis } = sampleLoss(program, decl)[0]!;
    assert.equal([along, axis], ['input', 'a'], body);
  }
});

plot('a likelihood is a curve over its center for each of three variances', () => {
  const { program, decl } = standard('gaussian_nll');
  const { along, axis, lines } = sampleLoss(program, decl)[0]!;
  assert.equal([along, axis], ['input', 'center']);
  assert.equal(
    lines.map(({ note }) => note),
    [0.5, 1, 2].map((variance) => `target 0, variance ${variance}`),
  );
  for (const [i, variance] of [0.5, 1, 2].entries()) {
    for (const [at, x] of lines[i]!.x.entries()) {
      const value = (Math.log(variance) + x ** 2 / variance) / 2;
      assert.ok(Math.abs(lines[i]!.values[at]! - value) < 1e-12, `value at ${x}`);
      assert.ok(Math.abs(lines[i]!.slopes[at]! - x / variance) < 1e-12, `slope at ${x}`);
    }
  }
});

plot('losses of one score, of a distance under either label, and of an advantage are drawn', () => {
  const texts = textsOf(
    plotLosses(['gan_generator', 'hinge_embedding', 'ppo'].map((name) => standard(name))),
  );
  for (const text of [
    'gan_generator',
    'hinge_embedding, target 1',
    'hinge_embedding, target -1',
    'ppo, advantage 1, old_log_probability 0',
    'ppo, advantage -1, old_log_probability 0',
  ])
    assert.ok(texts.includes(text), `${text} in ${texts}`);
});

plot('a positive prediction is drawn where it is positive', () => {
  const { program, decl } = standard('weibull_nll');
  const { lines } = sampleLoss(program, decl)[0]!;
  assert.ok(lines.every(({ x, values }) => x.every((scale) => scale > 0) && values.every(Number.isFinite)));
});

plot('nothing to draw is an error that says why', () => {
  assert.throws(
    () => plotLosses([written(STILL)]),
    (error: Error) => {
      assert.instance(error, PlotError);
      return error.message === 'still: found no line of predictions along which the loss has a gradient';
    },
  );
  assert.throws(
    () => plotLosses([]),
    (error: Error) => error instanceof PlotError,
  );
});

plot('many losses: no two lines look the same', () => {
  const names = [
    'cross_entropy',
    'baikal',
    'baikal_cma',
    'ngl',
    'focal',
    'gce',
    'sce',
    'nce',
    'brier',
    'poly1',
  ];
  const svg = plotLosses(names.map((name) => standard(name)));
  const styles = elementsOf(svg)
    .filter(({ name }) => name === 'polyline')
    .map(({ attributes }) => attributes.get('class'));
  assert.is(new Set(styles).size, names.length);
});

plot(
  'a frame holds the middle of lines, not their poles, nor a line that is far larger than the others',
  () => {
    const line = Array.from({ length: 100 }, (_, i) => 100 / (i + 1));
    const { low, high } = frameOf([line, line.map((y) => y / 2), line.map(() => 1e6)]);
    assert.ok(low < 1 && high > 10 && high < 60, `${low} ${high}`);
    assert.equal(frameOf([[Number.NaN, Number.POSITIVE_INFINITY]]), { low: 0, high: 1 });
    const flat = frameOf([[2, 2, 2]]);
    assert.ok(flat.low < 2 && flat.high > 2);
  },
);

plot('numbers on an axis', () => {
  assert.is(tickLabel(-0.25), '\u22120.25');
  assert.is(tickLabel(120000), '120k');
  assert.is(tickLabel(0.1 + 0.2), '0.3');
  assert.is(escapeXml('a & b'), 'a &#38; b');
});

plot.run();
