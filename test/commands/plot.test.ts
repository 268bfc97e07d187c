import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { scratch } from '../helpers/command-line.js';
import { call } from '../helpers/in-process.js';

const plot = suite('lossc plot');

/** The legend and the points of the first panel, for a call that must work. */
async function drawn(
  ...args: readonly string[]
): Promise<{ legend: string[]; styles: string[]; points: string[] }> {
  const cwd = scratch();
  const { code, stderr } = await call('plot', [...args, '--out', 'x.svg'], { cwd });
  assert.equal([code, stderr], [0, '']);
  const svg = readFileSync(join(cwd, 'x.svg'), 'utf8');
  const [panel] = /<g clip-path[\s\S]*?<\/g>/.exec(svg)!;
  const lines = [...panel.matchAll(/<polyline class="line ([^"]*)" points="([^"]*)"/g)];
  return {
    legend: [...svg.matchAll(/class="legend">([^<]*)</g)].map(([, text]) => text!),
    styles: lines.map(([, style]) => style!),
    points: lines.map(([, , points]) => points!),
  };
}

plot('several values of a parameter are a family, in one colour and named', async () => {
  const { legend, styles } = await drawn('std/focal', '--param', 'gamma=0,1,2,5');
  assert.equal(legend, ['focal, gamma 0', 'focal, gamma 1', 'focal, gamma 2', 'focal, gamma 5']);
  assert.is(new Set(styles).size, 4);
  assert.is(new Set(styles.map((style) => style.split(' ')[0])).size, 1);
});

plot('a member of a family is the curve of its value alone', async () => {
  const family = await drawn('std/focal', '--param', 'gamma=5,2', '--param', 'alpha=1');
  const alone = await drawn('std/focal', '--param', 'gamma=5', '--param', 'alpha=1');
  assert.equal(alone.legend, ['focal']);
  // In another frame, so that only what is across is the same.
  const across = (points: string): string[] => points.split(' ').map((point) => point.split(',')[0]!);
  assert.equal(across(family.points[0]!), across(alone.points[0]!));
  assert.is.not(family.points[0], family.points[1]);
});

plot('families are combined, and a loss without the parameter is drawn once', async () => {
  const { legend } = await drawn('std/barron', 'std/mse', '--param', 'alpha=1,-2', '--param', 'c=0.5,1');
  assert.equal(legend, [
    'barron, alpha 1, c 0.5',
    'barron, alpha 1, c 1',
    'barron, alpha -2, c 0.5',
    'barron, alpha -2, c 1',
    'mse',
  ]);
});

plot('lists are values too', async () => {
  const { legend } = await drawn('std/quantiles', '--param', 'tau=[0.1,0.9],[0.2,0.5]');
  assert.equal(legend, [
    'quantiles, tau [0.1,0.9], quantile 0, tau 0.1',
    'quantiles, tau [0.1,0.9], quantile 1, tau 0.9',
    'quantiles, tau [0.2,0.5], quantile 0, tau 0.2',
    'quantiles, tau [0.2,0.5], quantile 1, tau 0.5',
  ]);
});

for (const [args, said] of [
  ['--param gamma=0,-1', /^error: --param: "gamma" is -1, outside its domain/],
  ['--param gamm=0,1', /^error: --param gamm: focal has no parameter with this name\n.*did you mean gamma/],
  ['--param gamma=0,x', /^error: --param gamma: 0,x is not JSON/],
  ['--param gamma=0,1 --param gamma=2', /^error: --param gamma is given twice/],
  [
    '--param gamma=0,1,2,3 --param alpha=0.1,0.2,0.3,0.4',
    /^error: --param: focal would have 16 curves, but no more than 12 can be distinguished/,
  ],
] as const) {
  plot(`${args} is refused`, async () => {
    const { code, stderr } = await call('plot', ['std/focal', ...args.split(' ')], { cwd: scratch() });
    assert.is.not(code, 0);
    assert.match(stderr, said);
  });
}

plot.run();
