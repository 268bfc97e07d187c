import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { roundTicks } from '../../src/charts/scale.js';
import { tickLabel } from '../../src/charts/svg.js';
import { runSearch } from '../../src/evolve/run/run-search.js';
import { type Content, html, trusted } from '../../src/report/html.js';
import { writeReport } from '../../src/report/write-report.js';
import { tinyRun } from '../evolve/run/tiny-run.js';
import { browserProgram } from '../helpers/programs.js';

const report = suite('report');
const CHROMIUM = browserProgram();
const root = mkdtempSync(join(tmpdir(), 'lossc-report-'));
const file = join(root, 'run', 'report.html');
let browser: Browser | undefined;

const summary = { count: 3, mean: 0.9, standardDeviation: 0.01, low: 0.88, high: 0.92 };
const oneLoss = (name: string, more: object) => ({
  name,
  learningRate: 0.3,
  scale: 1,
  tuning: { rates: [], atEdge: false },
  runs: [],
  test: summary,
  validation: summary,
  stepsTo: [],
  curve: [0, 50, 100].map((step) => ({ step, value: summary })),
  ...more,
});
/** As `lossc evolve` leaves it beside the ledger. */
const COMPARISON = {
  metric: { label: 'accuracy', goal: 'higher', isShare: true },
  dataset: 'digits',
  model: 'mlp',
  split: { seed: '1' },
  trainExamples: 200,
  testExamples: 2000,
  steps: 100,
  batchSize: 100,
  optimizer: { kind: 'sgd', learningRate: 0.1 },
  scale: 'raw',
  losses: [
    oneLoss('cross_entropy', {}),
    oneLoss('evolved_7', {
      versusFirst: { difference: 0.031, t: 9, degreesOfFreedom: 4, p: 1e-7, holm: 2.5e-7 },
      test: { ...summary, low: 'NaN' },
    }),
  ],
  interrupted: false,
};

report.before(async () => {
  await runSearch(tinyRun(join(root, 'run')));
  writeFileSync(join(root, 'run', 'comparison.json'), JSON.stringify(COMPARISON));
  assert.is(writeReport(join(root, 'run')), file);
  if (CHROMIUM !== undefined) {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  }
});
report.after(async () => {
  await browser?.close();
  rmSync(root, { recursive: true });
});

report('is one file that asks for nothing else, and what the user wrote is escaped', () => {
  const html = readFileSync(file, 'utf8');
  assert.not.match(html, /(src|href)="(?!data:)/);
  assert.not.match(html, /https?:\/\/(?!www\.w3\.org)/);
  assert.ok(html.includes('lossc evolve &lt;tiny&gt; &amp; co'));
  assert.not.ok(html.includes('<tiny>'));
});

report('names every part', () => {
  const html = readFileSync(file, 'utf8');
  for (const id of [
    'overview',
    'winner',
    'comparison',
    'progress',
    'front',
    'learning',
    'rejected',
    'time',
    'lineage',
    'candidates',
    'reproduce',
  ]) {
    assert.ok(html.includes(`<section id="${id}"`), id);
  }
});

report('the held-out comparison has rates, intervals and p values', () => {
  const html = readFileSync(file, 'utf8');
  for (const text of ['0.3 (tuned)', '88.00 % to 92.00 %', '+3.10 points', '2.5e-7'])
    assert.ok(html.includes(text), text);
  assert.not.match(html, /NaN/);
});

report('whatever is no HTML is escaped, whatever its type says', () => {
  const hostile = `<a b="c" d='e'>&`;
  const shown = '&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;';
  const claimed = { toString: () => hostile, text: hostile } as unknown as Content;
  for (const value of [hostile, hostile as unknown as number, claimed, [hostile], [[claimed]]])
    assert.is(String(html`<p title="${value}">${value}</p>`), `<p title="${shown}">${shown}</p>`);
  assert.is(String(html`${[html`<b>${hostile}</b>`, undefined, 1, trusted('<i>')]}`), `<b>${shown}</b>1<i>`);
});

report('ticks are round and cover the axis', () => {
  assert.equal(roundTicks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.equal(roundTicks(0.81, 0.88, 5), [0.82, 0.84, 0.86, 0.88]);
  assert.equal([0, 0.25, 12_500, 2e6, 0.00012, 1e10].map(tickLabel), [
    '0',
    '0.25',
    '12.5k',
    '2M',
    '1.2e\u22124',
    '1e10',
  ]);
});

/** A browser test, or a loud skip. */
function inBrowser(title: string, test: (page: Page, errors: readonly string[]) => Promise<void>): void {
  if (CHROMIUM === undefined) {
    console.log(`SKIPPED ${title}: no browser (Debian: chromium)`);
    report.skip(title, () => {});
    return;
  }
  report(title, async () => {
    const page = await browser!.newPage();
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:') && !request.url().startsWith('data:'))
        errors.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    await test(page, errors);
    assert.equal(errors, []);
    await page.close();
  });
}

for (const width of [1280, 380]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    inBrowser(
      `renders ${width} pixels wide in ${colorScheme}: no errors, no sideways scrolling, all charts drawn`,
      async (page) => {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        assert.ok(((await page.evaluate('document.documentElement.scrollWidth')) as number) <= width);
        assert.ok((await page.locator('svg polyline').count()) > 4);
        const [page0, ink] = (await page.evaluate(
          '[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]',
        )) as [string, string];
        const brightness = (colour: string): number => Number(/\d+/.exec(colour)![0]);
        assert.is(brightness(page0) > brightness(ink), colorScheme === 'light');
        const wide = (await page.evaluate(
          "getComputedStyle(document.querySelector('main')).gridTemplateColumns.split(' ').length",
        )) as number;
        assert.is(wide, width > 900 ? 2 : 1);
      },
    );
  }
}

inBrowser('switches show one panel each', async (page) => {
  const panels = page.locator('[data-panel-of="clock"]');
  assert.is(await panels.nth(0).isVisible(), true);
  await page.getByRole('button', { name: 'training steps' }).click();
  assert.is(await panels.nth(0).isVisible(), false);
  assert.is(await panels.nth(2).isVisible(), true);
  assert.is(await page.getByRole('button', { name: 'training steps' }).getAttribute('aria-pressed'), 'true');
  await page.getByRole('button', { name: 'negative gradient', exact: true }).click();
  assert.is(await page.locator('[data-panel-of="curve"]').nth(1).isVisible(), true);
});

inBrowser('the theme button turns dark to light and back', async (page) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  const background = (): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor');
  const dark = await background();
  await page.getByRole('button', { name: 'Light or dark' }).click();
  assert.is.not(await background(), dark);
  await page.getByRole('button', { name: 'Light or dark' }).click();
  assert.is(await background(), dark);
});

inBrowser('the list of candidates can be filtered by text and outcome', async (page) => {
  const visible = (): Promise<number> => page.locator('#list tbody tr:visible').count();
  const all = await visible();
  await page.selectOption('#outcome', 'rejected');
  const rejected = await visible();
  assert.ok(rejected > 0 && rejected < all);
  await page.selectOption('#outcome', '');
  await page.fill('#search', 'no such loss');
  assert.is(await visible(), 0);
  assert.is(await page.locator('#count').textContent(), '0 shown');
  await page.fill('#search', '');
  assert.is(await visible(), all);
});

report.run();
