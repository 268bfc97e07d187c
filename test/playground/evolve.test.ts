/** A small search in the page of the playground: its front grows, and what it finds goes on to the editor and the comparison. */
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inBrowser, SOON, write } from './open.js';

const evolution = suite('playground: evolution');
const test = inBrowser(evolution);

interface Settings {
  readonly generations: number;
  readonly steps?: number;
  readonly seed?: number;
}

async function evolve(page: Page, { generations, steps = 20, seed = 1 }: Settings): Promise<void> {
  await page.locator('#tab-evolve').click();
  await page.getByLabel('Generations').fill(String(generations));
  await page.getByLabel('Steps per training').fill(String(steps));
  await page.getByLabel('Seed').fill(String(seed));
  await page.locator('#panel-evolve').getByLabel('Backend').selectOption('wasm');
  await press(page, 'Evolve');
}
const press = (page: Page, name: string): Promise<void> =>
  page.locator('#panel-evolve').getByRole('button', { name, exact: true }).click();
const status = (page: Page, text: string | RegExp): Promise<void> =>
  page.locator('#panel-evolve [role=status]', { hasText: text }).waitFor({ timeout: 180_000 });

/** Size and accuracy of each loss of the front, the best first. */
async function frontOf(page: Page): Promise<readonly { size: number; accuracy: number; name: string }[]> {
  const heads = await page.locator('.front h3').allTextContents();
  return heads.map((text) => {
    const [, accuracy, size, name] = /^([\d.]+) % with (\d+) nodes? (evolved_\d+)$/.exec(text)!;
    return { accuracy: Number(accuracy), size: Number(size), name: name! };
  });
}

test('the front grows in the default space, and nothing of it is loaded before', async ({
  page,
  requests,
}) => {
  await page.locator('#tab-evolve').click();
  await page.getByText('so the search fills a default sketch').waitFor(SOON);
  assert.equal(
    requests.filter((url) => /training|evolution|tfjs|wasm/.test(url)),
    [],
  );
  await evolve(page, { generations: 3, steps: 40 });
  await page.locator('#panel-evolve circle.faint').first().waitFor({ state: 'attached', timeout: 180_000 });
  await status(page, /Generation 1 of 3 on WebAssembly, best accuracy \d+\.\d %/);
  await status(page, 'Generation 3 of 3');
  assert.match(
    String(await page.locator('#panel-evolve .counts').textContent()),
    /^\d+ formulas screened, \d+ trainings$/,
  );
  const [, reference] = await page.locator('#panel-evolve .legend li').allTextContents();
  assert.match(reference!, /^ cross-entropy, trained the same way \d+\.\d %$/);
  const front = await frontOf(page);
  assert.ok(front.length > 0);
  // Each beats all smaller ones.
  for (const [i, { size, accuracy }] of front.slice(1).entries()) {
    assert.ok(size < front[i]!.size);
    assert.ok(accuracy < front[i]!.accuracy || front[i]!.accuracy - accuracy < 0.1);
  }
  // One digit in ten is what a guess would have.
  assert.ok(front[0]!.accuracy > 30, `${front[0]!.accuracy} %`);
  await page
    .locator('.front .katex-display')
    .nth(front.length - 1)
    .waitFor(SOON);
  assert.ok((await page.locator('#panel-evolve polyline.line').count()) > 0);
  assert.is(await page.locator('#panel-evolve circle.dot').count(), front.length);
});

test('the same seed finds the same, and another one something else', async ({ page }) => {
  const found: string[] = [];
  for (const seed of [7, 7, 8]) {
    await evolve(page, { generations: 1, steps: 10, seed });
    await status(page, 'Generation 1 of 1');
    await page
      .locator('.front .katex-mathml')
      .first()
      .waitFor({ state: 'attached', ...SOON });
    found.push(JSON.stringify(await page.locator('.front h3').allTextContents()));
  }
  assert.is(found[1], found[0]);
  assert.is.not(found[2], found[0]);
});

const SKETCH = `sketch own(target: onehot[class], prediction: probability[class]) =
  -sum(target * ?, class)
  with operators + * log
       leaves prediction, 1
`;

test('a sketch of the editor is filled, and what is found is compared and taken by keyboard', async ({
  page,
}) => {
  await write(page, SKETCH);
  await page.locator('#subject', { hasText: 'own' }).waitFor(SOON);
  await page.getByText('The text has no loss.').waitFor(SOON);
  await evolve(page, { generations: 1, steps: 10 });
  await page.getByText('The search fills the sketch own in the editor.').waitFor(SOON);
  await status(page, 'Generation 1 of 1');
  const { name } = (await frontOf(page))[0]!;
  await page.getByRole('button', { name: `Compare ${name}` }).press('Enter');
  assert.is(await page.locator('#tab-compare').getAttribute('aria-selected'), 'true');
  const legend = page.locator('#panel-compare .legend li');
  await legend.nth(1).waitFor(SOON);
  const [reference, found] = await legend.allTextContents();
  assert.match(reference!, /^ cross_entropy/);
  assert.match(found!, new RegExp(`^ ${name}\\b`));
  await page.locator('#tab-evolve').click();
  await page.getByRole('button', { name: `Open ${name} in the editor` }).press('Enter');
  await page.locator('#subject', { hasText: name }).waitFor(SOON);
  await page.getByText('No mistakes').waitFor(SOON);
  const text = String(await page.locator('#editor .cm-content').textContent());
  assert.match(text, `loss ${name}(target: onehot[class], prediction: probability[class])`);
});

test('a search is stopped, and another one begun', async ({ page }) => {
  await evolve(page, { generations: 100, steps: 500 });
  await page.locator('#panel-evolve circle.faint').first().waitFor({ state: 'attached', timeout: 180_000 });
  await press(page, 'Stop');
  await status(page, 'Stopped');
  const circles = await page.locator('#panel-evolve circle').count();
  await page.waitForTimeout(1000);
  assert.is(await page.locator('#panel-evolve circle').count(), circles);
  await evolve(page, { generations: 1, steps: 10 });
  await status(page, 'Generation 1 of 1');
});

const TRIPLETS = `sketch triplets(anchor: real[feature], near: real[feature], far: real[feature]) =
  sum(?, feature)
  with operators + -
       leaves anchor, near, far
`;

test('a sketch that cannot be evolved here is refused in a sentence', async ({ page }) => {
  await write(page, TRIPLETS);
  await page.locator('#subject', { hasText: 'triplets' }).waitFor(SOON);
  await evolve(page, { generations: 1 });
  await status(page, 'it takes 3 predictions ("anchor", "near", "far"), but a network gives one');
  await page.locator('#panel-evolve').getByRole('button', { name: 'Evolve', exact: true }).waitFor(SOON);
});

evolution.run();
