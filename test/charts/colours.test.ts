import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { COLOURS, coloursOf, GREY } from '../../src/charts/colours.js';
import { lineChart } from '../../src/charts/line-chart.js';
import { lineStyle, STYLE } from '../../src/charts/style.js';
import { STYLE as PAGE } from '../../src/report/style.js';

const colours = suite('colours of charts');

colours('cross-entropy has the first colour wherever it stands, the others follow in their order', () => {
  const all = ['focal', 'cross_entropy', 'mse', 'focal'];
  assert.equal(all.map(coloursOf(all)), [1, 0, 2, 1]);
  assert.equal(['mse', 'huber'].map(coloursOf(['mse', 'huber'])), [0, 1]);
  assert.is(coloursOf(all)('unknown'), GREY);
});

colours('pictures and the page have the same colours for the same numbers, in light and dark', () => {
  for (const [i, { light, dark }] of COLOURS.entries())
    for (const colour of [light, dark]) {
      assert.ok(PAGE.includes(`--c${i}:${colour}`), colour);
      assert.ok(STYLE.includes(`.colour${i}{stroke:${colour}}`), colour);
    }
});

colours('lines beyond the palette have other dashes', () => {
  const all = Array.from({ length: 3 * COLOURS.length }, (_, i) => lineStyle(i));
  assert.is(new Set(all).size, all.length);
  assert.is.not(lineStyle(0, 1), lineStyle(0));
});

colours('a line, its band and its name in the legend share a colour', () => {
  const points = [0, 1].map((x) => ({ x, y: x, low: x - 1, high: x + 1 }));
  const lines = ['focal', 'cross_entropy'].map((name) => ({ name, points }));
  const svg = lineChart({ title: 't', xLabel: 'x', yLabel: 'y', lines });
  const classes = [...svg.matchAll(/<(polygon|polyline|line) class="(?:band|line) (colour\d)/g)];
  assert.equal(
    classes.map(([, element, colour]) => `${element} ${colour}`),
    [
      ...['polygon colour1', 'polygon colour0', 'polyline colour1', 'polyline colour0'],
      ...['line colour1', 'line colour0'],
    ],
  );
});

colours.run();
