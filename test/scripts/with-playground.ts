/** The playground, built and served, with a browser beside it, while something is done with them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { servePlayground } from '../../src/playground/server.js';
import { browserProgram } from '../helpers/programs.js';
import { buildPlayground } from './playground.js';

export async function withPlayground(
  work: (given: {
    readonly browser: Browser;
    readonly address: string;
    readonly folder: string;
  }) => Promise<void>,
): Promise<void> {
  const executablePath = browserProgram();
  if (executablePath === undefined) throw new Error('no browser (Debian: chromium)');
  const folder = mkdtempSync(join(tmpdir(), 'lossc-playground-'));
  await buildPlayground(folder);
  const { address, close } = await servePlayground(0, folder);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    await work({ browser, address, folder });
  } finally {
    await browser.close();
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
}
