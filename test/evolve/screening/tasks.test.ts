import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lossesOf } from '../../../compiler/resolve/program.js';
import { searchSpace } from '../../../src/evolve/gp/space.js';
import { spaceContext } from '../../../src/evolve/losses/compiler.js';
import { readSketch } from '../../../src/evolve/losses/subject.js';
import { defaultSketch } from '../../../src/evolve/run/default-sketch.js';
import { analyseGenome, type CascadeContext, probeGenome } from '../../../src/evolve/screening/cascade.js';
import { gradientFeatures } from '../../../src/evolve/screening/gradient-features.js';
import { optimisePredictions } from '../../../src/evolve/screening/probe.js';
import { nullEpoch, shapeProblem } from '../../../src/evolve/screening/shape.js';
import { checkTrainable } from '../../../src/runtime/feeding/trainable.js';
import type { Learning } from '../../../src/runtime/tasks/learning.js';
import { standardProgram } from '../../stdlib/library.js';

const screening = suite('screening of each task');

const REGRESSION: Learning = { task: 'regression', outputs: 2 };
const LABELS: Learning = { task: 'multi-label', outputs: 4 };

/** Standard losses that people use in a task have to pass its screening. */
const GOOD: readonly (readonly [Learning, string])[] = [
  [
    REGRESSION,
    'mse mae huber smooth_l1 log_cosh charbonnier cauchy geman_mcclure welsch tukey barron pinball expectile epsilon_insensitive wing ccc',
  ],
  [LABELS, 'bce binary_focal asymmetric zlpr multilabel_soft_margin dice hinge squared_hinge varifocal'],
];
for (const [learning, names] of GOOD)
  for (const name of names.split(' '))
    screening(`${name} passes in ${learning.task}`, () => {
      const program = standardProgram(name);
      const decl = lossesOf(program).find((one) => one.name.name === name)!;
      const loss = checkTrainable(program, decl, learning);
      assert.is(nullEpoch(loss, learning), 'raises');
      assert.is(shapeProblem(loss, learning), undefined);
      assert.ok(optimisePredictions(loss, learning) >= 0.75);
      assert.ok(gradientFeatures(loss, learning, false).some((feature) => feature !== 0));
    });

function contextOf(learning: Learning): CascadeContext {
  const { sketch, library } = readSketch(defaultSketch('default', learning.task));
  const space = searchSpace(sketch, spaceContext({ sketch, library }));
  return { sketch, library, space, learning, scaleMatters: false, repairSign: true };
}

const rejectionOf = (text: string, learning: Learning): string | undefined =>
  analyseGenome([text], contextOf(learning)).rejections[0]?.stage;

screening('a regression: what is upside down is turned round, and what leads away is rejected', () => {
  assert.equal(analyseGenome(['-1 * square(error)'], contextOf(REGRESSION)).genome, ['square(error)']);
  assert.is(rejectionOf('square(error)', REGRESSION), undefined);
  assert.is(rejectionOf('square(error + 3)', REGRESSION), 'shape');
  assert.is(rejectionOf('tanh(square(error / 0.1))', REGRESSION), 'shape');
  assert.is(
    rejectionOf('abs(tanh(8 * error) - 2 * error / abs(error + 3))', REGRESSION) === undefined,
    false,
  );
  assert.ok(probeGenome(['abs(error)'], contextOf(REGRESSION)).score > 0.9);
  assert.match(probeGenome(['square(error + 3)'], contextOf(REGRESSION)).rejection!, /free predictions/);
});

screening('labels: the likelihood passes, and a loss that loves every label does not', () => {
  const likelihood = 'target * log(prediction) + (1 - target) * log(1 - prediction)';
  assert.is(rejectionOf(likelihood, LABELS), undefined);
  assert.is(rejectionOf('log(prediction) + target * 0.01', LABELS), 'static');
  assert.is.not(rejectionOf('log(prediction) * (target + 1)', LABELS), undefined);
});

screening('equal gradients have equal keys in a regression too', () => {
  const key = (text: string): string => analyseGenome([text], contextOf(REGRESSION)).fingerprint;
  assert.is(key('square(error)'), key('3 * error * error'));
  assert.is.not(key('square(error)'), key('abs(error)'));
});

screening.run();
