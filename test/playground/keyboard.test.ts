/** The playground without a mouse, and what happens when the compiler takes too long. */
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inBrowser, SOON, write } from './open.js';

const keyboard = suite('playground: keyboard');
const test = inBrowser(keyboard);

/** The element that has the focus: its id, or else its text. */
const focused = (page: Page): Promise<string> =>
  page.evaluate("document.activeElement.id || document.activeElement.textContent || ''");

/** Presses Tab until something has the focus, and tells what had it on the way. */
async function tabTo(page: Page, wanted: string): Promise<readonly string[]> {
  const before: string[] = [];
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    if (now === wanted) return before;
    before.push(now);
  }
  throw new Error(`Tab never gets to ${wanted}: ${before.join(', ')}`);
}

test('Tab goes through the page: buttons, editor, tabs, what a panel has to copy', async ({ page }) => {
  await page.locator('#subject', { hasText: 'mine' }).waitFor(SOON);
  const toEditor = await tabTo(page, 'editor');
  assert.equal(toEditor.slice(-4), ['open-gallery', 'format', 'share', 'theme']);
  // Tab leaves the editor too: no key that types nothing is kept.
  const toTabs = await tabTo(page, 'tab-loss');
  assert.ok(toTabs.includes('Rename'), toTabs.join());
  await page.keyboard.press('End');
  assert.is(await focused(page), 'tab-evolve');
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft');
  assert.is(await focused(page), 'tab-code');
  await page.locator('.file code', { hasText: 'import torch' }).waitFor(SOON);
  await tabTo(page, 'Copy');
  await page.keyboard.press('Enter');
  await page.getByText('Copied').waitFor(SOON);
  assert.match(String(await page.evaluate('navigator.clipboard.readText()')), 'def mine(');
});

test('Escape leaves the editor, once nothing is open in it', async ({ page }) => {
  await page.locator('.cm-content').focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\nloss two(target: re');
  await page.locator('.cm-tooltip-autocomplete').waitFor(SOON);
  await page.keyboard.press('Escape');
  await page.locator('.cm-tooltip-autocomplete').waitFor({ state: 'detached', ...SOON });
  assert.is(await focused(page), 'editor');
  await page.keyboard.press('Escape');
  assert.is(await focused(page), 'tab-loss');
});

/** No text keeps the compiler busy for ever on every machine, so this is a worker that never gets done with one. */
const STUCK = `
addEventListener('message', ({ data: { kind, ask } }) => {
  while (kind === 'read' && ask.text.includes('endless'));
});`;

test('a compiler that takes too long is stopped, says so, and goes on with the next text', async ({
  page,
}) => {
  await page.route('**/worker.js', async (route) => {
    const response = await route.fetch();
    const { 'content-length': _, ...headers } = response.headers();
    // In front: what hears of a message first is done with it first.
    await route.fulfill({ headers, body: STUCK + (await response.text()) });
  });
  await page.reload();
  await page.locator('#subject', { hasText: 'mine' }).waitFor(SOON);
  await write(page, 'loss endless(target: real, prediction: real) = abs(target - prediction)\n');
  await page.locator('#notice', { hasText: 'The compiler took more than 15 seconds' }).waitFor(SOON);
  assert.is(await page.locator('#subject').textContent(), 'mine');
  await write(page, 'loss squares(target: real, prediction: real) = (target - prediction)^2\n');
  await page.locator('#subject', { hasText: 'squares' }).waitFor(SOON);
  await page.getByText('No mistakes').waitFor(SOON);
  assert.is(await page.locator('#notice').isVisible(), false);
  await page.locator('.formula .katex-display').nth(1).waitFor(SOON);
});

keyboard.run();
