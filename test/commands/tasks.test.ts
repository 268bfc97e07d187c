import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { scratch } from '../helpers/command-line.js';
import { call } from '../helpers/in-process.js';

/** The commands in tasks that are no classification. */
const tasks = suite('commands in other tasks');

const words = (text: string): string[] => text.split(' ');
const SMALL = '--train-examples 300 --validation-examples 200 --hidden 4 --steps 30 --lr 0.05 --backend cpu';
const BUDGET = '--population 6 --generations 1 --tune-evaluations 0 --final-seeds 0 --workers 1 --out run';

/** Losses to begin with, what is learnt, the operators of its preset, the metric, and the signature of what comes out. */
const BEGINNINGS = [
  {
    seeds: 'std/gaussian_nll std/crps_gaussian',
    data: '--dataset friedman --learn mean-and-variance --metric crps',
    operators: '+ - * / abs log1p square sqrt tanh log ',
    metric: 'CRPS',
    signature: 'target: real, center: real, variance: positive',
  },
  {
    seeds: 'std/quantiles',
    data: '--dataset friedman --learn quantiles',
    operators: '+ - * / abs log1p square sqrt tanh max ',
    metric: 'pinball loss',
    signature: 'target: real, prediction: real[quantile]',
  },
  {
    seeds: 'std/huber',
    data: '--dataset friedman',
    operators: '+ - * / abs log1p square sqrt tanh ',
    metric: 'RMSE / that of the median',
    signature: 'target: real, prediction: real',
  },
  {
    seeds: 'std/bce',
    data: '--dataset documents',
    operators: '+ - * / ^ log exp square sqrt tanh ',
    metric: 'mean average precision',
    signature: 'target: unit, prediction: unit',
  },
];
for (const { seeds, data, operators, metric, signature } of BEGINNINGS)
  tasks(
    `evolve ${seeds} ${data} works with the operators of its task, and scores by its metric`,
    async () => {
      const folder = scratch({});
      const { code, stdout, stderr } = await call('evolve', words(`${seeds} ${data} ${SMALL} ${BUDGET}`), {
        cwd: folder,
      });
      assert.is(code, 0, stderr);
      const sketch = readFileSync(join(folder, 'run/sketch.loss'), 'utf8').replaceAll(/\s+/g, ' ');
      assert.ok(sketch.includes(`operators ${operators}`), sketch);
      assert.ok(sketch.includes(`sketch space(${signature}`), sketch);
      assert.match(stdout, new RegExp(`best of each size \\(validation [^\n]*${metric}`));
      const front = await call('pareto', ['run'], { cwd: folder });
      const head = `^score: validation [^\n]*${metric}[^\n]*; higher is better\n +nodes +score`;
      assert.match(front.stdout, new RegExp(head));
      const { fitness } = JSON.parse((await call('pareto', ['run', '--json'], { cwd: folder })).stdout);
      assert.ok(fitness.is.includes(metric) && fitness.goal === 'higher', JSON.stringify(fitness));
    },
  );

tasks('train and compare measure what is learnt', async () => {
  const trained = await call(
    'train',
    words(`std/laplace_nll --dataset friedman --learn mean-and-variance ${SMALL}`),
  );
  assert.is(trained.code, 0, trained.stderr);
  assert.match(trained.stdout, /test negative log-likelihood +\d/);
  const compared = await call(
    'compare',
    words(`std/gaussian_nll std/beta_nll --dataset friedman --learn mean-and-variance --seeds 2 ${SMALL}`),
  );
  assert.is(compared.code, 0, compared.stderr);
  assert.match(compared.stdout, /test negative log-likelihood/);
});

const REFUSED: readonly (readonly [string, RegExp])[] = [
  [
    'std/gaussian_nll --dataset arm --learn mean-and-variance',
    /--learn mean-and-variance takes a regression with one target, and "arm" is a regression with 2/,
  ],
  [
    'std/quantiles --dataset digits --learn quantiles',
    /--learn quantiles takes a regression with one target, and "digits" is a classification/,
  ],
  [
    'std/gaussian_nll --dataset friedman',
    /takes 2 predictions \("center", "variance"\), but a network gives one\n.*--learn mean-and-variance/,
  ],
  [
    'std/quantiles --dataset friedman --learn quantiles --metric crps',
    /"crps" is not a metric for quantiles/,
  ],
];
for (const [args, message] of REFUSED)
  tasks(`train ${args} is refused`, async () => {
    const { code, stderr } = await call('train', words(`${args} --backend cpu`));
    assert.is(code, 1);
    assert.match(stderr, message);
  });

tasks.run();
