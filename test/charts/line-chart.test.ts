import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lineChart } from '../../src/charts/line-chart.js';

const chart = suite('line chart');

chart('a line of more points than fit onto the stack is drawn', () => {
  const points = Array.from({ length: 200_000 }, (_, x) => ({
    x,
    y: x % 7,
    low: Number.NaN,
    high: Number.NaN,
  }));
  const svg = lineChart({ title: 'long', xLabel: 'step', yLabel: 'loss', lines: [{ name: 'a', points }] });
  assert.match(svg, '<polyline');
});

chart.run();
