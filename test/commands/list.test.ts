import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { call } from '../helpers/in-process.js';
import { FILES } from '../stdlib/library.js';

const list = suite('lossc list');

interface Entry {
  readonly name: string;
  readonly section: string;
}
const named = async (...words: readonly string[]): Promise<readonly string[]> =>
  (JSON.parse((await call('list', [...words, '--json'])).stdout) as Entry[]).map(({ name }) => name);

list('names every file of the standard library once', async () => {
  assert.equal([...(await named())].sort(), [...FILES]);
});

list('finds a loss by its name, its kind, its use, its authors, and by what others call it', async () => {
  assert.ok((await named('std/focal')).includes('focal'));
  assert.equal(await named('segmentation', 'outline'), ['boundary']);
  assert.ok((await named('outliers')).includes('huber'));
  assert.ok((await named('Lin et al.')).includes('focal'));
  assert.ok((await named('bcewithlogitsloss')).includes('bce_with_logits'));
  assert.ok((await named('SmoothL1Loss')).includes('smooth_l1'));
});

list('prints headings with their losses', async () => {
  const { stdout } = await call('list', ['pinball']);
  assert.match(stdout, /^Regression\n {2}std\/pinball +Pinball \(quantile\) loss: /);
});

list('says so where nothing is found, with what is near', async () => {
  const { code, stdout, stderr } = await call('list', ['focl']);
  assert.is(code, 1);
  assert.is(stdout, '');
  assert.match(stderr, 'nothing in the standard library matches "focl"');
  assert.match(stderr, 'did you mean std/focal?');
});

list('a misspelt word of the library is told as one', async () => {
  const { code, stderr } = await call('list', ['segmentatoin']);
  assert.is(code, 1);
  assert.match(stderr, '  = hint: did you mean segmentation?\n');
});

list.run();
