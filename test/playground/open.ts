/** The playground in a browser: built once for a test file, served as `lossc playground` serves it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LocalServer } from '../../src/local-server.js';
import { servePlayground } from '../../src/playground/server.js';
import { browserProgram } from '../helpers/programs.js';
import { buildPlayground } from '../scripts/playground.js';

const CHROMIUM = browserProgram();
/** A page that has not read its text by then never will. */
const READY = 90_000;

export interface Opened {
  readonly page: Page;
  /** What was asked for, but for the page itself. */
  readonly requests: readonly string[];
}

interface OpenOptions {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  /** Behind the address. */
  readonly fragment?: string;
}

/** Adds tests in a browser to a suite; where there is none they are left out, and said to be. */
export function inBrowser(suite: Test, args: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'lossc-playground-'));
  let browser: Browser | undefined;
  let served: LocalServer | undefined;
  suite.before(async () => {
    if (CHROMIUM === undefined) return;
    await buildPlayground(folder);
    served = await servePlayground(0, folder);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', ...args] });
  });
  suite.after(async () => {
    await browser?.close();
    await served?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return (
    title: string,
    test: (opened: Opened) => Promise<void>,
    { width = 1280, scheme = 'light', fragment = '' }: OpenOptions = {},
  ): void => {
    if (CHROMIUM === undefined) {
      console.log(`SKIPPED ${title}: no browser (Debian: chromium)`);
      suite.skip(title, () => {});
      return;
    }
    suite(title, async () => {
      const context = await browser!.newContext({
        viewport: { width, height: width < 500 ? 844 : 860 },
        colorScheme: scheme,
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      try {
        const page = await context.newPage();
        const complaints: string[] = [];
        const requests: string[] = [];
        page.on('console', (message) => {
          if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
        });
        page.on('pageerror', (error) => complaints.push(String(error)));
        page.on('request', (request) => requests.push(request.url()));
        await page.goto(`${served!.address}${fragment}`);
        await page.locator('#problems p').waitFor({ timeout: READY });
        await test({ page, requests });
        // The policy of the page has let all through that it needs, and nothing has asked for anything from elsewhere.
        assert.equal(complaints, []);
        assert.equal(
          requests.filter((url) => !url.startsWith(served!.address) && !/^(?:data|blob):/.test(url)),
          [],
        );
      } finally {
        await context.close();
      }
    });
  };
}

/** Pastes a text in the place of that in the editor. */
export async function write(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+A');
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await page.keyboard.press('Control+V');
}

/** A test of a page waits for what it wants to see; this is how long. */
export const SOON = { timeout: 60_000 };
