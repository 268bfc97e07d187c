import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PYTHON_LIBRARY } from '../../../../compiler/emit/helpers/python-texts.js';
import { LARGEST_SLICE } from '../../../../compiler/emit/plan/tiles.js';
import { PYTHON_HELPERS } from '../../../../compiler/emit/python/helpers.js';
import { besselBend, besselGap, scaledFar } from '../../../../compiler/operators/bessel.js';
import { scaledSeries } from '../../../../compiler/operators/error-function.js';
import { pythonWith } from '../../../helpers/programs.js';
import { pythonScript } from '../../../helpers/python.js';
import { type PythonLibrary, readPythonLibrary } from '../../../scripts/python-library.js';

const FOLDER = fileURLToPath(new URL('../../../../compiler/emit/library/python/', import.meta.url));
const TEXTS: PythonLibrary = PYTHON_LIBRARY;

const library = suite('the Python library');

library('has the texts of its files: `npm run build:library` makes them anew', () => {
  assert.equal(TEXTS, readPythonLibrary());
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.py'));
  assert.equal(
    files.sort(),
    Object.keys(TEXTS)
      .map((name) => `${name}.py`)
      .sort(),
  );
});

library(
  'has a place in the order for each function, and cuts slices half as long as TensorFlow.js does',
  () => {
    const names = Object.values(TEXTS).flatMap((functions) => Object.keys(functions));
    assert.equal([...new Set(names)].sort(), [...PYTHON_HELPERS].sort());
    assert.ok(TEXTS['common']!['_in_slices']!.join('').includes(`${LARGEST_SLICE / 2} * length`));
  },
);

/** The Chebyshev series of both languages. */
const SERIES: Readonly<Record<string, readonly number[]>> = {
  _scaled_erfc: scaledSeries(0),
  _scaled_slope: scaledSeries(1),
  _bessel_far: scaledFar(),
  _gap_near: besselGap(false),
  _gap_far: besselGap(true),
  _bend_near: besselBend(2, false),
  _bend_far: besselBend(2, true),
};

library('has the coefficients of the operators', () => {
  const found = Object.entries(TEXTS['common']!).flatMap(([name, text]) => {
    const series = /series = \(([^)]*)\)/.exec(text.join(''));
    return series === null ? [] : [[name, series[1]!.split(',').slice(0, -1).map(Number)]];
  });
  assert.equal(Object.fromEntries(found), SERIES);
});

const NEEDED = { pytorch: 'torch', jax: 'numpy', keras: 'numpy' } as const;

for (const [framework, needed] of Object.entries(NEEDED)) {
  const interpreter = pythonWith(needed);
  if (interpreter === undefined) console.log(`SKIPPED ${framework}: no Python on the PATH has ${needed}`);
  const test = interpreter === undefined ? library.skip : library;
  test(`does what it says in ${framework}`, () => {
    const found = JSON.parse(pythonScript(interpreter!, 'library.py', FOLDER, framework)) as Readonly<
      Record<string, string | null>
    >;
    assert.is(Object.keys(found).length, 7);
    for (const [name, problem] of Object.entries(found)) assert.is(problem, null, `${name}: ${problem}`);
  });
}

library.run();
