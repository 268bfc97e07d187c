import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { COLOURS, colourOf, GREY, looksOf } from '../../src/charts/colours.js';
import { lineChart } from '../../src/charts/line-chart.js';
import { plotLosses } from '../../src/charts/plot.js';
import { lineStyle, STYLE } from '../../src/charts/style.js';
import { chart } from '../../src/report/chart.js';
import { STYLE as PAGE } from '../../src/report/style.js';
import { standard } from '../compiler/explain/helpers.js';
import { LOSSES } from '../stdlib/library.js';

const colours = suite('colours of charts');

colours(
  'a loss has one colour whatever stands beside it, and what losses are compared with has the first',
  () => {
    for (const name of ['cross_entropy', 'mse', 'bce']) assert.is(colourOf(name), 0);
    const some = ['focal', 'huber', 'evolved_9', 'dice'];
    for (const name of some) {
      assert.ok(colourOf(name) > 0 && colourOf(name) < GREY, name);
      for (const others of [[name], [name, ...some], [...some.toReversed(), 'mse', name]])
        assert.is(looksOf(others)[others.indexOf(name)]!.colour, colourOf(name));
    }
  },
);

colours('every colour is used, and losses that are often drawn together differ', () => {
  const used = new Set(LOSSES.map(colourOf));
  assert.is(used.size, GREY);
  for (const names of [
    ['cross_entropy', 'baikal', 'gce'],
    ['mse', 'mae', 'huber'],
    ['hinge', 'squared_hinge'],
    ['dice', 'jaccard', 'tversky'],
  ])
    assert.is(new Set(names.map(colourOf)).size, names.length, names.join());
});

colours('plot, comparison and report draw a loss in the same colour', () => {
  const points = [0, 1].map((x) => ({ x, y: x, low: x, high: x }));
  for (const names of [
    ['focal', 'cross_entropy', 'baikal'],
    ['baikal', 'focal'],
  ]) {
    const plotted = plotLosses(names.map((name) => standard(name)));
    const compared = lineChart({
      title: 't',
      xLabel: 'x',
      yLabel: 'y',
      lines: names.map((name) => ({ name, points })),
    });
    const [first] = looksOf(names);
    const page = chart({
      description: '',
      xLabel: '',
      yLabel: '',
      series: [{ name: names[0]!, as: 'line', look: first!, points }],
    }).toString();
    assert.match(page, `line-${colourOf(names[0]!)}`);
    for (const name of names)
      for (const svg of [plotted, compared]) {
        const [, colour] = new RegExp(`class="line colour(\\d+)[^>]*/>\\s*<text[^>]*>${name}<`).exec(svg)!;
        assert.is(Number(colour), colourOf(name), name);
      }
  }
});

colours('pictures and the page have the same colours for the same numbers, in light and dark', () => {
  for (const [i, { light, dark }] of COLOURS.entries())
    for (const colour of [light, dark]) {
      assert.ok(PAGE.includes(`--c${i}:${colour}`), colour);
      assert.ok(STYLE.includes(`.colour${i}{stroke:${colour}}`), colour);
    }
});

colours('lines of one colour have other dashes, then other widths', () => {
  const all = looksOf(Array.from({ length: 12 }, () => 'focal')).map(lineStyle);
  assert.is(new Set(all).size, all.length);
  assert.is(new Set(all.map((style) => style.split(' ')[0])).size, 1);
});

colours('a line, its band and its name in the legend share a colour', () => {
  const points = [0, 1].map((x) => ({ x, y: x, low: x - 1, high: x + 1 }));
  const lines = ['focal', 'cross_entropy'].map((name) => ({ name, points }));
  const svg = lineChart({ title: 't', xLabel: 'x', yLabel: 'y', lines });
  const classes = [...svg.matchAll(/<(polygon|polyline|line) class="(?:band|line) (colour\d+)/g)];
  assert.equal(
    classes.map(([, element, colour]) => `${element} ${colour}`),
    [
      ...['polygon', 'polyline', 'line'].flatMap((element) => [
        `${element} colour${colourOf('focal')}`,
        `${element} colour0`,
      ]),
    ],
  );
});

colours.run();
