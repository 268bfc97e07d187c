/** What the playground tells of a loss: mathematics, explanation, code, and the link that carries the text. */
import { deflateRawSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inBrowser, SOON, write } from './open.js';

const panels = suite('playground: panels');
const test = inBrowser(panels);

const TWO = `/// Squares.
loss squares(target: real, prediction: real; scale: positive = 2) = scale * (target - prediction)^2
loss line(target: real, prediction: real) = abs(target - prediction)
`;
const packed = (text: string | Buffer): string => `#text=${deflateRawSync(text).toString('base64url')}`;

test(
  'value and gradient are mathematics, of the loss at the cursor',
  async ({ page }) => {
    await write(page, TWO);
    const subject = page.locator('#subject', { hasText: 'line' });
    await subject.waitFor(SOON);
    await page.locator('.formula .katex-display').nth(1).waitFor(SOON);
    assert.ok((await page.locator('.formula mo', { hasText: '∣' }).count()) > 0);
    await page.locator('.cm-line').nth(1).click();
    await page.locator('#subject', { hasText: 'squares' }).waitFor(SOON);
    await page.locator('.formula', { hasText: 'scale' }).nth(1).waitFor(SOON);
    await page.getByRole('button', { name: 'Copy LaTeX' }).nth(1).click();
    await page.getByText('Copied').waitFor(SOON);
    assert.match(
      String(await page.evaluate('navigator.clipboard.readText()')),
      /\\frac\{\\partial\\, \\mathrm\{squares\}\}\{\\partial\\, \\mathrm\{prediction\}\}/,
    );
  },
  { fragment: '' },
);

test('the explanation has findings with reasons, and tabs are changed by arrow keys', async ({ page }) => {
  await page.locator('#tab-loss').focus();
  await page.keyboard.press('ArrowRight');
  const finding = page.locator('.finding', { hasText: 'The value is at least 0.' });
  await finding.waitFor(SOON);
  assert.match(String(await finding.locator('.status').textContent()), /proved/);
  assert.is(await page.locator('#panel-loss').isVisible(), false);
});

test('every target has code, which is copied', async ({ page }) => {
  await page.locator('#tab-code').click();
  const found: Record<string, string> = {};
  await page.locator('.file').first().waitFor(SOON);
  for (const target of ['ts', 'js', 'latex', 'keras', 'pytorch', 'jax', 'onnx']) {
    await page.locator(`[data-target=${target}]`).click();
    await page.locator(`[data-target=${target}][aria-pressed=true]`).waitFor(SOON);
    const ending = { ts: '.ts', js: '.js', latex: '.tex', onnx: '.onnx' }[target] ?? '.py';
    const file = page.locator('.file', {
      has: page.locator('h3', { hasText: new RegExp(`^mine${ending}$`) }),
    });
    await file.waitFor(SOON);
    found[target] = String(await file.textContent());
    await page.waitForTimeout(300);
    found[target] = String(await file.textContent());
  }
  assert.match(found['pytorch']!, 'import torch');
  assert.match(found['keras']!, 'keras');
  assert.match(found['jax']!, 'jax');
  assert.match(found['js']!, 'export function mine');
  assert.match(found['ts']!, /export function mine\([^)]*options: MineOptions = \{\},?\s*\): tf\.Tensor \{/);
  assert.match(found['onnx']!, /A model of \d+ bytes/);
  await page.locator('[data-target=pytorch]').click();
  await page.locator('.file code', { hasText: 'import torch' }).waitFor(SOON);
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await page.getByText('Copied').waitFor(SOON);
  assert.match(String(await page.evaluate('navigator.clipboard.readText()')), 'def mine(target, prediction');
});

test('the link carries the text, and a page that is opened with it has it', async ({ page, requests }) => {
  await write(page, TWO);
  await page.getByText('No mistakes').waitFor(SOON);
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.locator('#notice', { hasText: 'Link copied' }).waitFor(SOON);
  const link = String(await page.evaluate('navigator.clipboard.readText()'));
  assert.is(new URL(link).hash, await page.evaluate('location.hash'));
  await page.goto('about:blank');
  await page.goto(link);
  await page.locator('#subject', { hasText: 'squares' }).waitFor(SOON);
  assert.is(await page.locator('.cm-line').first().textContent(), '/// Squares.');
  assert.equal(
    requests.filter((url) => url.includes('text=') && !url.includes('#')),
    [],
  );
});

test(
  'a link that unpacks to more than a page takes, or to nothing, is told of',
  async ({ page }) => {
    await page.locator('#notice', { hasText: 'contains no text, or only a part of it' }).waitFor(SOON);
    await page.locator('#subject', { hasText: 'mine' }).waitFor(SOON);
  },
  { fragment: packed(Buffer.alloc(50_000_000, 32)) },
);

const HOSTILE = '<img src=x onerror="window.owned=1"><script>window.owned=1</script>';
test(
  'a text in a link is text, whatever it holds',
  async ({ page }) => {
    await page.locator('.problem').first().waitFor(SOON);
    await page.locator('.cm-line', { hasText: 'onerror' }).first().waitFor(SOON);
    await write(
      page,
      `/// ${HOSTILE}\nloss a(target: real, prediction: real) = (target - prediction)^2 // ${HOSTILE}`,
    );
    await page.getByText('No mistakes').waitFor(SOON);
    await page.locator('#tab-explanation').click();
    await page.locator('.doc', { hasText: 'onerror' }).waitFor(SOON);
    await page.locator('.cm-content span', { hasText: 'loss' }).first().hover();
    assert.is(await page.evaluate('typeof window.owned'), 'undefined');
    assert.is(await page.locator('img, iframe, object, embed, [onerror]').count(), 0);
  },
  { fragment: packed(`loss ${HOSTILE}`) },
);

panels.run();
