/** What the editor of the playground knows of names: definition, uses, another name, and what a call takes. */
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inBrowser, SOON, write } from './open.js';

const names = suite('playground: names');
const test = inBrowser(names);

const LINES = [
  'import { huber } from "std/huber"',
  'fn twice(x) = 2 * x',
  'loss mine(target: real, prediction: real; scale = 2) =',
  '  let error = target - prediction',
  '  scale * twice(error) + huber(target, prediction)',
];
const TEXT = `${LINES.join('\n')}\n`;

/** Puts the cursor into the first of these words in a line, which is counted from 0. No line is wrapped. */
async function goTo(page: Page, line: number, word: string): Promise<void> {
  await page.locator('.cm-content').first().focus();
  await page.keyboard.press('Control+Home');
  for (let i = 0; i < line; i++) await page.keyboard.press('ArrowDown');
  const column = LINES[line]!.indexOf(word) + 1;
  for (let i = 0; i < column; i++) await page.keyboard.press('ArrowRight');
}

const lines = (page: Page): Promise<string[]> => page.locator('#editor .cm-line').allTextContents();

test('F12 goes to a definition in the text', async ({ page }) => {
  await write(page, TEXT);
  await goTo(page, 4, 'error');
  await page.keyboard.press('F12');
  const selected = page.locator('.cm-activeLine', { hasText: 'let error' });
  await selected.waitFor(SOON);
  await page.keyboard.type('difference');
  assert.is((await lines(page))[3], '  let difference = target - prediction');
});

test('a definition in the standard library is shown there, and can be taken', async ({ page }) => {
  await write(page, TEXT);
  await goTo(page, 4, 'huber');
  await page.getByRole('button', { name: 'Definition' }).click();
  const dialog = page.getByRole('dialog', { name: 'std/huber' });
  await dialog.waitFor(SOON);
  assert.is(await page.locator('#source-text .cm-place').textContent(), 'huber');
  await page.keyboard.press('Escape');
  assert.is(await dialog.isVisible(), false);
  // What an import names is that file.
  await goTo(page, 0, 'std/');
  await page.keyboard.press('F12');
  await dialog.waitFor(SOON);
  await page.getByRole('button', { name: 'Open in the editor' }).click();
  await page.locator('#subject', { hasText: 'huber' }).waitFor(SOON);
});

test('uses are listed, and gone to by keyboard', async ({ page }) => {
  await write(page, TEXT);
  await goTo(page, 2, 'scale');
  await page.keyboard.press('Shift+F12');
  const uses = page.locator('#uses');
  await uses.getByText('Used 2 times').waitFor(SOON);
  assert.equal(await uses.locator('.problem').allTextContents(), [
    `line 3 ${LINES[2]}`,
    `line 5 ${LINES[4]!.trim()}`,
  ]);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.type('3');
  assert.is((await lines(page))[4], LINES[4]!.replace('scale', '3'));
  assert.is(await uses.isVisible(), false);
  await goTo(page, 0, 'huber');
  await page.keyboard.press('Shift+F12');
  await uses.locator('.problem', { hasText: 'std/huber line' }).first().waitFor(SOON);
  await page.keyboard.press('Escape');
  assert.is(await uses.isVisible(), false);
});

test('a name is changed wherever it is used, unless it cannot be', async ({ page }) => {
  await write(page, TEXT);
  const notice = page.locator('#notice');
  const rename = async (name: string): Promise<void> => {
    await page.keyboard.press('F2');
    const field = page.getByLabel('Rename error to');
    await field.waitFor(SOON);
    await field.fill(name);
    await page.keyboard.press('Enter');
  };
  await goTo(page, 4, 'error');
  await rename('let');
  await notice.getByText('"let" is a reserved word').waitFor(SOON);
  await rename('difference');
  await page.locator('.cm-line', { hasText: 'let difference = target - prediction' }).waitFor(SOON);
  await page.locator('.cm-line', { hasText: 'twice(difference)' }).waitFor(SOON);
  await page.getByText('No mistakes').waitFor(SOON);
  await goTo(page, 0, 'huber');
  await page.getByRole('button', { name: 'Rename' }).click();
  await notice.getByText('"huber" belongs to the standard library').waitFor(SOON);
});

test('a call says what it takes while it is written', async ({ page }) => {
  await write(page, `${LINES.slice(0, 4).join('\n')}\n  scale + `);
  await page.keyboard.press('Control+End');
  await page.keyboard.type('huber(');
  const help = page.locator('.said.call');
  await help.waitFor(SOON);
  assert.match(String(await help.textContent()), /^huber\(target: real.*prediction: real/);
  await help.locator('b', { hasText: 'target' }).waitFor(SOON);
  await page.keyboard.type('target, ');
  await help.locator('b', { hasText: 'prediction' }).waitFor(SOON);
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'detached', ...SOON });
});

names.run();
