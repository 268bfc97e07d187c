/** Training in the page of the playground: on WebAssembly, and on WebGPU by its software adapter. */
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inBrowser, SOON, write } from './open.js';

const training = suite('playground: training');
const test = inBrowser(training, ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']);

async function settings(page: Page, steps: number, digits: number, backend: string): Promise<void> {
  await page.locator('#tab-train').click();
  await page.getByLabel('Steps', { exact: true }).fill(String(steps));
  await page.getByLabel('Digits', { exact: true }).fill(String(digits));
  await page.locator('#panel-train').getByLabel('Backend').selectOption(backend);
}
const press = (page: Page, name: string): Promise<void> =>
  page.locator('#panel-train').getByRole('button', { name, exact: true }).click();
const status = (page: Page, text: string): Promise<void> =>
  page.locator('#panel-train [role=status]', { hasText: text }).waitFor({ timeout: 180_000 });

test('cross-entropy and the loss learn the digits on WebAssembly, and nothing of it is loaded before', async ({
  page,
  requests,
}) => {
  await settings(page, 150, 500, 'wasm');
  assert.equal(
    requests.filter((url) => /training|tfjs|wasm/.test(url)),
    [],
  );
  await press(page, 'Train');
  await status(page, 'Trained on WebAssembly');
  assert.ok(requests.some((url) => url.endsWith('.wasm')));
  const said = await page.locator('#panel-train .legend li').allTextContents();
  assert.match(said[0]!, /cross_entropy \d+\.\d % after 150 steps; \d+ steps per second/);
  assert.match(said[1]!, /mine \d+\.\d % after 150 steps/);
  // One digit in ten is what a guess would have.
  for (const text of said) assert.ok(Number(/(\d+\.\d) %/.exec(text)![1]) > 50, text);
  const lines = page.locator('#panel-train polyline');
  assert.is(await lines.count(), 2);
  assert.ok(String(await lines.first().getAttribute('points')).split(' ').length > 30);
});

test('a training is stopped, and begun again', async ({ page }) => {
  await settings(page, 5000, 500, 'wasm');
  await press(page, 'Train');
  await page
    .locator('#panel-train polyline')
    .first()
    .waitFor({ state: 'attached', ...SOON });
  await press(page, 'Stop');
  await status(page, 'Stopped.');
  await settings(page, 10, 100, 'wasm');
  await press(page, 'Train');
  await status(page, 'Trained on WebAssembly');
});

test('a loss without a kernel of its own is trained too', async ({ page }) => {
  await write(
    page,
    'loss odd(target: onehot[class], prediction: probability[class]) = sum(target * lgamma(2 - prediction) - target * log(prediction), class)\n',
  );
  await page.locator('#subject', { hasText: 'odd' }).waitFor(SOON);
  await settings(page, 10, 100, 'wasm');
  await press(page, 'Train');
  await status(page, 'Trained on WebAssembly');
});

test('they learn on WebGPU', async ({ page }) => {
  await settings(page, 10, 100, 'webgpu');
  await press(page, 'Train');
  await status(page, 'Trained on WebGPU');
  for (const text of await page.locator('#panel-train .legend li').allTextContents())
    assert.match(text, /\d+\.\d % after 10 steps/);
});

training.run();
