import { suite } from 'uvu';
import { assertClose } from '../helpers/close.js';
import { PYTHON_CASES } from './python-cases.js';
import { worthOf } from './values.js';

const python = suite('formulas of Python');

for (const one of PYTHON_CASES)
  python(one.formula, async () => assertClose(await worthOf(one), one.value, 1e-9));

python.run();
