/** Inputs that are drawn for measuring a loss are legal: a simplex adds up to 1 along its own axis, wherever that stands. */
import { suite } from 'uvu';
import { rowSums } from '../../../compiler/evaluate/labels.js';
import { legalValues } from '../../../compiler/explain/probe/samples.js';
import { Sequence } from '../../../compiler/explain/probe/sequence.js';
import { fillerOf } from '../../../compiler/explain/probe/world.js';
import { assertClose } from '../../helpers/close.js';
import { compiledText } from '../../helpers/corpus.js';

const samples = suite('drawn inputs');

for (const domain of ['onehot', 'probability'])
  for (const over of ['class', 'pixel'])
    samples(`${domain}[class, pixel] over ${over}`, () => {
      const { inputs } = compiledText(
        `loss f(target: ${domain}[class, pixel] over ${over}, prediction: real) = prediction * sum(target^2 * index(class), class, pixel)`,
      );
      const [target] = inputs;
      const sizes = [5];
      for (const [i, axis] of target!.axes.entries()) sizes[axis] = [3, 4][i]!;
      for (const data of [legalValues(target!, sizes, 5, new Sequence(3)), fillerOf(target!, sizes, 5)]) {
        const sums = rowSums(target!, [5, 3, 4], data);
        assertClose(sums, Array(5 * (over === 'class' ? 4 : 3)).fill(1), 1e-12);
      }
    });

samples.run();
