/** Curves, sliders, comparison and the gallery of the playground. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inBrowser, SOON, write } from './open.js';

const curves = suite('playground: curves');
const test = inBrowser(curves);

/** Its curve is known: scale times the error squared, whose slope is twice scale times the error. */
const SQUARES =
  'loss squares(target: real, prediction: real; scale: positive = 2) = scale * (target - prediction)^2\n';

test('the curves are read by arrow keys and by the pointer', async ({ page }) => {
  await write(page, SQUARES);
  const pictures = page.locator('#panel-loss .pictures');
  await page.locator('#panel-loss h3', { hasText: 'Regression' }).waitFor(SOON);
  await page.locator('#subject', { hasText: 'squares' }).waitFor(SOON);
  await pictures.focus();
  await page.keyboard.press('ArrowRight');
  // Four points of 320 for a width of 8 behind the middle.
  const said = page.locator('#panel-loss .legend output');
  assert.is(await said.textContent(), '0.02, slope 0.4');
  assert.is(await page.locator('#panel-loss .place').textContent(), 'at 0.1');
  const box = (await pictures.locator('svg').first().boundingBox())!;
  await page.mouse.move(box.x + 58, box.y + box.height / 2);
  await page.locator('#panel-loss .place', { hasText: '\u22124' }).waitFor(SOON);
  assert.is(await said.textContent(), '32, slope \u221216');
  assert.is((await page.locator('#panel-loss .pointer circle').count()) > 0, true);
});

test('a slider moves the curve, the code too, and goes back to what is written', async ({ page }) => {
  await write(page, SQUARES);
  const slider = page.getByRole('slider', { name: 'scale' });
  await slider.waitFor(SOON);
  await slider.fill('4');
  const said = page.locator('#panel-loss .legend output');
  await page.locator('#panel-loss .pictures').focus();
  const reads = async (text: string): Promise<void> => {
    for (let tries = 0; tries < 40 && (await said.textContent()) !== text; tries++) {
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowLeft');
      await page.waitForTimeout(100);
    }
    assert.is(await said.textContent(), text);
  };
  await page.waitForTimeout(500);
  await page.locator('#panel-loss .pictures').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await reads('0.16, slope 1.6');
  await page.locator('#tab-code').click();
  await page.locator('.file code', { hasText: 'scale=4' }).waitFor(SOON);
  await page.locator('#tab-loss').click();
  await page.getByRole('button', { name: 'As written' }).click();
  assert.is(await page.locator('.knob output').textContent(), '2');
});

test('losses are compared on the same axes, with their properties', async ({ page }) => {
  await page.locator('#tab-compare').click();
  const legend = page.locator('#panel-compare .legend li');
  await legend.nth(1).waitFor(SOON);
  assert.equal(
    (await legend.allTextContents()).map((text) => text.trim()),
    ['mine', 'cross_entropy'],
  );
  await page.getByLabel('Compare with another loss').selectOption('focal:focal');
  await page.locator('#panel-compare .legend li', { hasText: 'focal' }).waitFor(SOON);
  const table = page.locator('#panel-compare table');
  await table.locator('th', { hasText: 'focal' }).waitFor(SOON);
  const bounded = table.locator('tr', { has: page.locator('th', { hasText: /^bounded$/ }) });
  assert.equal(await bounded.locator('td').allTextContents(), ['no', 'no', 'no']);
  await page.getByRole('button', { name: 'Remove cross_entropy' }).click();
  await page
    .locator('#panel-compare .legend li', { hasText: 'cross_entropy' })
    .waitFor({ state: 'detached', ...SOON });
});

test('the gallery is searched by the names of others, and opens a loss in the editor', async ({ page }) => {
  await page.getByRole('button', { name: 'Gallery' }).click();
  await page
    .locator('.entry')
    .nth(100)
    .waitFor({ state: 'attached', ...SOON });
  await page.keyboard.type('SmoothL1Loss');
  const entry = page.locator('.entry', { has: page.locator('strong', { hasText: /^smooth_l1$/ }) });
  await entry.waitFor(SOON);
  assert.ok((await page.locator('.entry').count()) < 5);
  await entry.locator('.thumbnail polyline').waitFor({ state: 'attached', ...SOON });
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await entry.locator('.open').press('Enter');
  await page.locator('#subject', { hasText: 'smooth_l1' }).waitFor(SOON);
  await page.getByRole('button', { name: 'Gallery' }).click();
  await page.getByLabel('Search the standard library').fill('no such loss anywhere');
  await page.getByText('Nothing in the standard library matches.').waitFor(SOON);
  await page.keyboard.press('Escape');
  assert.is(await page.locator('#gallery').isVisible(), false);
});

curves.run();
