import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withRun } from '../../src/evolve/run/inspect.js';
import type { InspectedTuning } from '../../src/evolve/run/inspect-tuning.js';
import { runSearch } from '../../src/evolve/run/run-search.js';
import { openDatabase } from '../../src/evolve/store/database.js';
import { collect, type ReportData } from '../../src/report/data.js';
import { SCRIPT } from '../../src/report/script.js';
import { searchPage } from '../../src/report/search-page.js';
import { tuningPage } from '../../src/report/tuning-page.js';
import { writeReport } from '../../src/report/write-report.js';
import { tinyRun } from '../evolve/run/tiny-run.js';
import { browserProgram } from '../helpers/programs.js';

/** Reports of a folder that somebody has prepared: opened in a browser, nothing of it runs. */
const injection = suite('a report of a hostile folder');
const root = mkdtempSync(join(tmpdir(), 'lossc-injection-'));
const run = join(root, 'run');

/** Leaves an element, an attribute, a style, a comment and a script, and sets a variable wherever it is run. */
const HOSTILE = `"'>--></code></style></title></script><script>window.owned=1</script><img src=x onerror="window.owned=1"><svg onload="window.owned=1">`;

const CHROMIUM = browserProgram();
/** With a browser it is another test: one that has passed without does not stand for it. */
const opened = CHROMIUM === undefined ? '' : ', and a browser runs nothing of it';
let browser: Browser | undefined;

injection.before(async () => {
  await runSearch(tinyRun(run));
  if (CHROMIUM !== undefined)
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
});
injection.after(async () => {
  await browser?.close();
  rmSync(root, { recursive: true });
});

/** The same value with something behind every text in it. */
function poisoned<T>(value: T): T {
  if (typeof value === 'string') return `${value}${HOSTILE}` as T;
  if (Array.isArray(value)) return value.map(poisoned) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, poisoned(item)])) as T;
}

/** Every element and attribute that our own pages are made of; a hostile text that became one is not among them. */
const FOREIGN = 'img, iframe, object, embed, form, [onload], [onerror], [style], svg:not([viewBox])';

/** What the text alone can show, and what a browser makes of it. */
async function harmless(page: string, name: string): Promise<void> {
  assert.ok(page.includes('&lt;script&gt;window.owned=1'), 'it is in the page, as text');
  assert.is(page.split('<script').length, 2, 'one script');
  assert.ok(page.includes(`<script>${SCRIPT}</script>`));
  assert.not.match(page, /unsafe-inline|unsafe-eval/);
  if (browser === undefined) return;
  const file = join(root, name);
  writeFileSync(file, page);
  const tab = await browser.newPage();
  const complaints: string[] = [];
  tab.on('console', (message) => complaints.push(message.text()));
  tab.on('pageerror', (error) => complaints.push(String(error)));
  await tab.goto(pathToFileURL(file).href);
  // The page's own script and style are let through: the button works.
  await tab.locator('#theme').click();
  assert.ok(['light', 'dark'].includes(String(await tab.evaluate('document.documentElement.dataset.theme'))));
  assert.is(await tab.evaluate("getComputedStyle(document.querySelector('h1')).fontSize"), '22px');
  assert.is(await tab.evaluate('typeof window.owned'), 'undefined');
  assert.is(await tab.locator(FOREIGN).count(), 0);
  assert.equal(complaints, []);
  await tab.close();
}

/** Without a browser the text is looked at all the same, and the file says what it left out. */
if (CHROMIUM === undefined) console.log('SKIPPED the browser in the tests of injection: no chromium');

injection(`a search: markup in every text that the report shows is text${opened}`, async () => {
  const data = withRun(run, collect);
  const winner = data.winner!;
  await harmless(
    // What is learnt is one of the words that the schema of the settings lists.
    searchPage({
      ...poisoned<ReportData>(data),
      settings: { ...poisoned(data.settings), learning: data.settings.learning! },
      winner: { ...poisoned(winner) },
    }).toString(),
    'search.html',
  );
});

injection(`a tuning: markup in every text that the report shows is text${opened}`, async () => {
  const { settings } = withRun(run, collect);
  const { command, asked, seed, task, limits, environment, machine } = settings;
  const point = { parameters: { a: 1, b: [1, 2] }, score: 0.5, scores: [0.5] };
  const tuning: InspectedTuning = {
    settings: {
      ...{ format: 'tuning 2', command, asked, seed, task, limits, environment, machine },
      ...{ loss: settings.sketch, start: {}, tuning: { evaluations: 1, sigma: 1, mostEvaluations: 1 } },
    },
    loss: 'l',
    start: { a: 1, [HOSTILE]: 2 },
    result: undefined,
    best: point,
    history: [{ trainings: 1, best: 1, median: 1 }],
    trainings: [],
    text: 'loss l()',
  };
  await harmless(tuningPage(poisoned(tuning)).toString(), 'tuning.html');
});

injection(`a folder with markup wherever its files can hold a text${opened}`, async () => {
  const folder = join(root, 'prepared');
  cpSync(run, folder, { recursive: true });
  const settingsFile = join(folder, 'settings.json');
  const settings = JSON.parse(readFileSync(settingsFile, 'utf8'));
  const { command, seed, environment, machine, task, asked } = settings;
  Object.assign(settings, poisoned({ command, seed, environment, machine, asked }));
  Object.assign(task.cases[0], poisoned({ dataset: task.cases[0].dataset, model: task.cases[0].model }));
  writeFileSync(settingsFile, JSON.stringify(settings));
  const ledger = openDatabase(join(folder, 'ledger.sqlite'));
  ledger.run('UPDATE evaluations SET operator = ?, reason = ?', [HOSTILE, HOSTILE]);
  ledger.close();
  const summary = { count: 'NaN', mean: 0.5, standardDeviation: 0, low: 0.4, high: 0.6 };
  const loss = { name: HOSTILE, learningRate: 1, scale: 1, runs: [], test: summary, validation: summary };
  const comparison = {
    metric: { label: HOSTILE, goal: 'higher', isShare: true },
    ...{ dataset: HOSTILE, model: HOSTILE, split: { seed: HOSTILE }, trainExamples: 1, testExamples: 1 },
    ...{ steps: 1, batchSize: 1, optimizer: { kind: 'sgd', learningRate: 1 }, scale: 'raw' },
    ...{ losses: [{ ...loss, stepsTo: [], curve: [] }], interrupted: false },
  };
  writeFileSync(join(folder, 'comparison.json'), JSON.stringify(comparison));
  await harmless(readFileSync(writeReport(folder), 'utf8'), 'prepared.html');
});

injection.run();
