import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { markedDifference } from '../../../src/evolve/gp/difference.js';
import { tree } from './helpers.js';

/** What changed from one formula to another. */
const differences = suite('differences of formulas');

const CASES: readonly (readonly [before: string, after: string])[] = [
  ['-1 * sum(target * [log(prediction)], class)', '-1 * sum(target * [prediction], class)'],
  ['sum([target], class) / 0.7', 'sum([target * prediction], class) / 0.7'],
  ['a * [(b + c)]', 'a * [d]'],
  ['a * [d]', 'a * [(b + c)]'],
  ['clip(x, [0.1], 1)', 'clip(x, [-0.25], 1)'],
  ['if [a] > b then c else d', 'if [a + 1] > b then c else d'],
  ['sum(a, class where [b] > 0)', 'sum(a, class where [c] > 0)'],
  ['[a + b]', '[a * b]'],
  ['[f(a, b)]', '[f(b, a)]'],
  ['x + [log(y)]', 'x + [exp(y)]'],
  ['-[x]', '-[y]'],
  ['a + b[]', 'a + b[]'],
];

for (const [before, after] of CASES) {
  differences(`${before} becomes ${after}`, () => {
    const plain = (text: string) => tree(text.replace('[', '').replace(']', ''));
    const marked = markedDifference(plain(before), plain(after)).map(
      ({ text, from, to }) => `${text.slice(0, from)}[${text.slice(from, to)}]${text.slice(to)}`,
    );
    assert.equal(marked, [before, after]);
  });
}

differences.run();
