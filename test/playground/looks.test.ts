/** The playground on a phone's width, and its colours. */
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inBrowser, SOON } from './open.js';

const looks = suite('playground: looks');
const test = inBrowser(looks);

const TABS = ['loss', 'explanation', 'code', 'compare', 'train', 'evolve'] as const;
/** What a panel has once it has loaded. */
const LOADED: { readonly [K in (typeof TABS)[number]]: string } = {
  loss: '.formula .katex-display',
  explanation: '.finding',
  code: '.file code',
  compare: 'table td.refuted',
  train: 'button.main',
  evolve: 'button.main',
};

async function show(page: Page, tab: (typeof TABS)[number]): Promise<void> {
  await page.locator(`#tab-${tab}`).click();
  await page.locator(`#panel-${tab} ${LOADED[tab]}`).first().waitFor(SOON);
}

/** Elements that reach out of the page on the right, but for what stands in a part that is scrolled by itself. */
const OUTSIDE = `(() => {
  const scrolls = (element) => element !== null && element.id !== 'panels' && element !== document.body &&
    (/auto|scroll|hidden/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  return [...document.querySelectorAll('body *')]
    .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 0.5)
    .filter((element) => !element.closest('.skip') && !scrolls(element))
    .map((element) => element.outerHTML.slice(0, 90));
})()`;
/** What is written in a picture and reaches out of it. */
const CUT = `[...document.querySelectorAll('svg.chart text')]
  .filter((text) => text.getBoundingClientRect().right > text.ownerSVGElement.getBoundingClientRect().right + 0.5)
  .map((text) => text.textContent)`;
const SIDEWAYS = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

test(
  'on a phone nothing is scrolled sideways, and every panel can be used',
  async ({ page }) => {
    for (const tab of TABS) {
      await show(page, tab);
      assert.is(await page.evaluate(SIDEWAYS), 0, tab);
      assert.equal(await page.evaluate(OUTSIDE), [], tab);
    }
    for (const name of ['Evolve', 'Train'] as const) {
      const panel = page.locator(`#panel-${name.toLowerCase()}`);
      await page.getByRole('tab', { name }).click();
      await panel.getByRole('button', { name }).click();
      await panel
        .locator('svg circle, svg polyline')
        .first()
        .waitFor({ state: 'attached', timeout: 180_000 });
      assert.equal(await page.evaluate(CUT), [], name);
      assert.is(await page.evaluate(SIDEWAYS), 0, name);
      await panel.getByRole('button', { name: 'Stop' }).click();
    }
    await show(page, 'compare');
    await page.getByLabel('Compare with another loss').selectOption('focal:focal');
    await page.locator('#panel-compare .legend li', { hasText: 'focal' }).waitFor(SOON);
    assert.is(await page.evaluate(SIDEWAYS), 0);
    await show(page, 'code');
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await show(page, 'loss');
    await page.getByRole('slider', { name: 'gamma' }).fill('3');
    await page.getByRole('button', { name: 'Uses' }).click();
    await page.getByRole('button', { name: 'Gallery' }).click();
    await page.locator('.entry').first().waitFor(SOON);
    assert.is(await page.evaluate(SIDEWAYS), 0);
    assert.equal(await page.evaluate(OUTSIDE), []);
  },
  { width: 390 },
);

/**
 * Texts that are seen with less contrast than 4.5 to what they stand on, by the formula of WCAG 2: their own colour, and the first
 * background around them.
 */
const PALE = `(() => {
  const channels = (colour) => {
    const found = /^rgba?\\(([\\d.]+), ([\\d.]+), ([\\d.]+)(?:, ([\\d.]+))?\\)$/.exec(colour);
    if (found === null) throw new Error('what colour is ' + colour);
    return found.slice(1).map((text) => (text === undefined ? 1 : Number(text)));
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((c) => {
      const share = c / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const around = (element) => element.parentElement ?? element.getRootNode().host ?? null;
  const background = (element) => {
    if (element === null) return [255, 255, 255];
    const colour = channels(getComputedStyle(element).backgroundColor);
    if (colour[3] === 1) return colour;
    const behind = background(around(element));
    return [0, 1, 2].map((i) => colour[3] * colour[i] + (1 - colour[3]) * behind[i]);
  };
  const roots = [document.body, ...[...document.querySelectorAll('*')].flatMap((one) => one.shadowRoot ?? [])];
  const found = new Set();
  let count = 0;
  for (const root of roots) {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      const element = text.parentElement;
      if (text.data.trim() === '' || element === null || !element.checkVisibility()) continue;
      // Typeset twice: what is read aloud is not seen.
      if (element.closest('.skip, .katex-mathml, option') !== null) continue;
      count += 1;
      const style = getComputedStyle(element);
      const ink = channels(element instanceof SVGElement ? style.fill : style.color);
      const [high, low] = [luminance(ink), luminance(background(element))].sort((a, b) => b - a);
      const ratio = (high + 0.05) / (low + 0.05);
      if (ratio < 4.5) found.add(ratio.toFixed(2) + ' ' + text.data.trim().slice(0, 40));
    }
  }
  return { count, pale: [...found] };
})()`;

for (const scheme of ['light', 'dark'] as const)
  test(
    `every text can be read in ${scheme}`,
    async ({ page }) => {
      assert.is(await page.evaluate(`matchMedia('(prefers-color-scheme: ${scheme})').matches`), true);
      for (const tab of TABS) {
        await show(page, tab);
        // Panels that are being worked out are faint.
        await page.waitForTimeout(300);
        const { count, pale } = (await page.evaluate(PALE)) as { count: number; pale: string[] };
        assert.ok(count > 30, `${tab}: ${count} texts`);
        assert.equal(pale, [], tab);
      }
    },
    { scheme },
  );

test('the button changes between light and dark', async ({ page }) => {
  const background = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
  const light = await background();
  await page.getByRole('button', { name: 'Light or dark' }).click();
  const dark = await background();
  assert.is.not(dark, light);
  await page.getByRole('button', { name: 'Light or dark' }).click();
  assert.is(await background(), light);
});

looks.run();
