/**
 * Makes the picture of the playground in the README anew, in a real browser:
 *
 *     npm run picture:playground
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { servePlayground } from '../../src/playground/server.js';
import { browserProgram } from '../helpers/programs.js';
import { buildPlayground } from './playground.js';

const PICTURE = fileURLToPath(new URL('../../examples/playground.png', import.meta.url));
const executablePath = browserProgram();
if (executablePath === undefined) throw new Error('no browser (Debian: chromium)');

const folder = mkdtempSync(join(tmpdir(), 'lossc-playground-'));
await buildPlayground(folder);
const { address, close } = await servePlayground(0, folder);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 560 } });
  await page.goto(address);
  await page.getByRole('tab', { name: 'Compare' }).click();
  await page.locator('#panel-compare .pictures svg').first().waitFor();
  // Everything that is asked for while the page opens is there.
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: PICTURE });
} finally {
  await browser.close();
  await close();
  rmSync(folder, { recursive: true, force: true });
}
