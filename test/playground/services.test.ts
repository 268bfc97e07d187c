/** The editor of the playground: the language services, from a worker. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inBrowser, SOON, write } from './open.js';

const services = suite('playground: editor');
const test = inBrowser(services);

const SQUARE = 'loss squares(target: real, prediction: real) = (target - prediction)^2\n';

test('a mistake is underlined and told with its line, and its correction corrects it', async ({ page }) => {
  await page.getByText('No mistakes').waitFor(SOON);
  await write(page, SQUARE.replace('(target - ', '(tagret - '));
  await page.getByText('1 mistake', { exact: true }).waitFor(SOON);
  const problem = page.locator('.problem.error');
  assert.match(
    String(await problem.textContent()),
    /line 1 unknown name "tagret".*did you mean "target"\?.*L201/,
  );
  await page.locator('.cm-lintRange-error').hover();
  await page.locator('.cm-diagnosticAction').click(SOON);
  await page.getByText('No mistakes').waitFor(SOON);
  assert.is(await page.locator('.cm-line').first().textContent(), SQUARE.trim());
});

test('a mistake is selected from the list by keyboard', async ({ page }) => {
  await write(page, SQUARE.replace('(target - ', '(tagret - '));
  await page.locator('.problem').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('target');
  await page.getByText('No mistakes').waitFor(SOON);
});

test('hovering over a name tells what it is', async ({ page }) => {
  await page.locator('.cm-content span', { hasText: 'onehot' }).hover();
  const said = page.locator('.cm-tooltip-hover');
  await said.waitFor(SOON);
  assert.match(String(await said.textContent()), /a single 1 along one axis, 0 elsewhere/);
});

test('completion offers domains, and brings the import of a standard loss along', async ({ page }) => {
  await write(page, 'loss two(target: ');
  await page.keyboard.type('re');
  const options = page.locator('.cm-tooltip-autocomplete li');
  await options.first().waitFor(SOON);
  assert.match(String(await options.first().textContent()), /^real/);
  await page.keyboard.press('Escape');
  await write(page, 'loss two(target: real, prediction: real) = 2 * log_cos');
  await page.keyboard.press('Control+Space');
  await options.filter({ hasText: 'std/log_cosh' }).first().click(SOON);
  assert.match(
    String(await page.locator('.cm-line').first().textContent()),
    /^import \{ log_cosh \} from "std\/log_cosh"/,
  );
});

test('formatting brings the text into its layout', async ({ page }) => {
  await write(page, SQUARE.replaceAll(' - ', '-').replace(', ', ','));
  await page.getByText('No mistakes').waitFor(SOON);
  await page.getByRole('button', { name: 'Format' }).click();
  await page.locator('.cm-line', { hasText: SQUARE.trim() }).waitFor(SOON);
});

test('imports come from the standard library, and from nowhere else', async ({ page }) => {
  await write(
    page,
    `import { huber } from "std/huber"\nloss mine(target: real, prediction: real) = huber(target, prediction)`,
  );
  await page.getByText('No mistakes').waitFor(SOON);
  await write(page, 'import { huber } from "./huber.loss"\n');
  const problem = page.locator('.problem.error');
  await problem.waitFor(SOON);
  assert.match(String(await problem.textContent()), /this page has one text/);
});

test('a text that is too deep is a mistake like any other, and the page goes on', async ({ page }) => {
  await write(page, `loss deep(target: real, prediction: real) = ${'('.repeat(20_000)}`);
  await page.locator('.problem.error').first().waitFor(SOON);
  await write(page, SQUARE);
  await page.getByText('No mistakes').waitFor(SOON);
});

services.run();
