/**
 * Makes the picture of the playground in the README anew, in a real browser:
 *
 *     npm run picture:playground
 */
import { fileURLToPath } from 'node:url';
import { withPlayground } from './with-playground.js';

const PICTURE = fileURLToPath(new URL('../../examples/playground.png', import.meta.url));

await withPlayground(async ({ browser, address }) => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 560 } });
  await page.goto(address);
  await page.getByRole('tab', { name: 'Compare' }).click();
  await page.locator('#panel-compare .pictures svg').first().waitFor();
  // Everything that is asked for while the page opens is there.
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: PICTURE });
});
