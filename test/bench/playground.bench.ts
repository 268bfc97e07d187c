/**
 * How soon the playground is there: `npm run bench:playground -- [FILE.json]`, half a minute. The page is built, served from this machine, and
 * opened in a browser whose cache is empty, one time after the other. Writes runs/bench-playground.json, or the file that is named.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { withPlayground } from '../scripts/with-playground.js';

const ROUNDS = 15;
/** Opened before, uncounted: the first start of a browser reads it from the disk. */
const WARM_UP = 2;

/** What is waited for, from the first to the last. */
const MOMENTS = {
  'first contentful paint': undefined,
  'the editor can be typed in': '#editor .cm-content',
  'the text is checked': '#problems p',
  'curves and mathematics': '#panel-loss .katex-display',
} as const;
type Moment = keyof typeof MOMENTS;

async function opened(browser: Browser, address: string): Promise<Record<Moment, number>> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  try {
    const page = await context.newPage();
    const started = performance.now();
    await page.goto(address, { waitUntil: 'commit' });
    const found: Partial<Record<Moment, number>> = {};
    for (const [moment, selector] of Object.entries(MOMENTS)) {
      if (selector === undefined) continue;
      await page.locator(selector).first().waitFor();
      found[moment as Moment] = performance.now() - started;
    }
    const paint = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime");
    return { ...found, 'first contentful paint': Number(paint) } as Record<Moment, number>;
  } finally {
    await context.close();
  }
}

/** What the page is made of, compressed, by the parts that are loaded together. */
function sizes(folder: string): Record<string, number> {
  const compressed = (name: string): number => gzipSync(readFileSync(join(folder, name))).length;
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:js|css|html|json)$/.test(name))
      .map((name) => [name, compressed(name)]),
  );
}

const quantile = (times: readonly number[], share: number): number =>
  times.toSorted((a, b) => a - b)[Math.floor(share * (times.length - 1))]!;

await withPlayground(async ({ browser, address, folder }) => {
  const rounds: Record<Moment, number>[] = [];
  for (let i = 0; i < WARM_UP + ROUNDS; i++) rounds.push(await opened(browser, address));
  const milliseconds = Object.fromEntries(
    Object.keys(MOMENTS).map((moment) => {
      const times = rounds.slice(WARM_UP).map((round) => round[moment as Moment]);
      return [moment, { median: quantile(times, 0.5), p95: quantile(times, 0.95), all: times }];
    }),
  );
  for (const [moment, { median, p95 }] of Object.entries(milliseconds))
    console.log(`${moment}: ${median.toFixed(0)} ms (95 %: ${p95.toFixed(0)})`);
  const file = process.argv[2] ?? 'runs/bench-playground.json';
  mkdirSync(dirname(file), { recursive: true });
  const about = {
    machine: cpus()[0]?.model,
    cores: cpus().length,
    browser: browser.version(),
    rounds: ROUNDS,
  };
  writeFileSync(
    file,
    `${JSON.stringify({ ...about, milliseconds, compressed: sizes(folder) }, undefined, 2)}\n`,
  );
  console.log(`written to ${file}`);
});
