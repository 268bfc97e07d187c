import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { plotLosses } from '../../src/charts/plot.js';
import { pngOf } from '../../src/charts/png.js';
import { RunError } from '../../src/errors.js';
import { standard } from '../compiler/explain/helpers.js';
import { lossc, scratch } from '../helpers/command-line.js';

const png = suite('PNG');

const PACKAGE = '@resvg/resvg-js';
const isThere = await import(PACKAGE).then(
  () => true,
  () => false,
);
const whereThere: typeof png = isThere ? png : (png.skip as typeof png);
if (!isThere) console.log(`SKIPPED how a PNG looks: ${PACKAGE} is not installed`);

const SIGNATURE = '89504e470d0a1a0a';
const svg = plotLosses([standard('focal')]);

whereThere('a picture has twice the size of the SVG, and its text is drawn', async () => {
  const drawn = Buffer.from(await pngOf(svg));
  assert.is(drawn.subarray(0, 8).toString('hex'), SIGNATURE);
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!;
  assert.equal([drawn.readUInt32BE(16), drawn.readUInt32BE(20)], [2 * Number(width), 2 * Number(height)]);
  const wordless = Buffer.from(await pngOf(svg.replaceAll(/<text[\s\S]*?<\/text>/g, '')));
  assert.ok(drawn.length > 1.5 * wordless.length, `${drawn.length} bytes, ${wordless.length} without words`);
});

const refusal = async (load: () => Promise<unknown>): Promise<RunError> => {
  try {
    await pngOf(svg, load);
  } catch (thrown) {
    assert.instance(thrown, RunError);
    return thrown as RunError;
  }
  throw new Error('it was drawn');
};

png('without the package it is said what to install', async () => {
  const nowhere = 'none-of-this-name';
  const missing = await refusal(() => import(nowhere));
  assert.is(missing.message, `a PNG needs the package ${PACKAGE}, which is not installed`);
  assert.is(missing.hint, `npm install ${PACKAGE}, or write SVG`);
  const broken = await refusal(() => Promise.reject(new Error('no binary for this system\nof all')));
  assert.is(
    broken.message,
    `a PNG needs the package ${PACKAGE}, which does not load (no binary for this system)`,
  );
});

png('without fonts it is said, and nothing is drawn without words', async () => {
  class Resvg {
    render(): { pixels: Uint8Array; asPng(): Uint8Array } {
      return { pixels: new Uint8Array(16), asPng: () => new Uint8Array() };
    }
  }
  const { message, hint } = await refusal(() => Promise.resolve({ Resvg }));
  assert.match(message, /^no font for the text of a PNG is installed$/);
  assert.match(hint!, /^install DejaVu Sans/);
});

png('lossc plot --out curve.png writes a PNG, or says what is missing and writes nothing', async () => {
  const cwd = scratch();
  const { code, stdout, stderr } = await lossc(['plot', 'std/focal', '--out', 'curve.png'], { cwd });
  if (isThere) {
    assert.equal([code, stdout], [0, 'wrote curve.png\n']);
    assert.is(readFileSync(join(cwd, 'curve.png')).subarray(0, 8).toString('hex'), SIGNATURE);
  } else {
    assert.is.not(code, 0);
    assert.match(stderr, `error: a PNG needs the package ${PACKAGE}, which is not installed`);
    assert.match(stderr, `hint: npm install ${PACKAGE}`);
    assert.not.ok(existsSync(join(cwd, 'curve.png')));
  }
  assert.equal(readdirSync(cwd), isThere ? ['curve.png'] : []);
});

png.run();
