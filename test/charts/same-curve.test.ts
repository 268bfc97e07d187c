import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { plotLosses } from '../../src/charts/plot.js';
import { hiddenOf } from '../../src/charts/same-curve.js';
import { standard, written } from '../compiler/explain/helpers.js';

const same = suite('curves that are the same');

const line = (slope: number, from = 0): { x: number[]; y: number[] } => {
  const x = Array.from({ length: 5 }, (_, i) => from + i);
  return { x, y: x.map((at) => slope * at) };
};

same('a line lies on the first one that cannot be told from it', () => {
  const lines = [line(1), line(2), line(1), line(1.0001), line(1, 1), line(2)];
  assert.equal(hiddenOf(lines, 8), [
    undefined,
    undefined,
    { under: 0, before: 1, isExact: true },
    { under: 0, before: 2, isExact: false },
    undefined,
    { under: 1, before: 1, isExact: true },
  ]);
});

same('a line with a pole is not the same as one without', () => {
  const poled = { ...line(1), y: [0, 1, Number.POSITIVE_INFINITY, 3, 4] };
  assert.equal(hiddenOf([line(1), poled, poled], 4), [
    undefined,
    undefined,
    { under: 1, before: 1, isExact: true },
  ]);
});

/** Text of the legend, and the classes of lines of the panel of losses. */
function partsOf(svg: string): { legend: string[]; classes: string[] } {
  const legend = [...svg.matchAll(/class="legend">([^<]*)</g)].map(([, text]) => text!);
  const [panel] = /<g clip-path="url\(#clip-[a-z]*-loss\)">[\s\S]*?<\/g>/.exec(svg)!;
  return { legend, classes: [...panel.matchAll(/<polyline class="([^"]*)"/g)].map(([, name]) => name!) };
}

same('the legend says what a line is the same as, and the line has gaps', () => {
  const { legend, classes } = partsOf(
    plotLosses(['cross_entropy', 'kl', 'gce'].map((name) => standard(name))),
  );
  assert.equal(legend, ['cross_entropy', 'kl (the same curve as cross_entropy)', 'gce']);
  assert.equal(
    classes.map((name) => name.split(' ')[2]),
    ['dash0', 'over1', 'dash0'],
  );
});

same('lines apart by a constant have the same gradient', () => {
  const { legend, classes } = partsOf(plotLosses(['poisson', 'poisson_full'].map((name) => standard(name))));
  assert.is(legend[1], 'poisson_full, target 2 (the same gradient as poisson, target 2)');
  assert.ok(classes.every((name) => !name.includes('over')));
});

same('what nearly is another curve is told so', () => {
  const near = written('loss near(target: real, prediction: real) =\n  1.001 * (prediction - target)^2');
  const { legend } = partsOf(plotLosses([standard('mse'), near]));
  assert.is(legend[1], 'near (nearly the same curve as mse)');
});

same.run();
