/** In the place of `src/runtime/data/load-dataset.ts`, in the bundle of the page: the digits are drawn, as many as a page needs. */
import { drawDigits } from '../../runtime/data/digits.js';
import type * as original from '../../runtime/data/load-dataset.js';

/** Few enough to be drawn while one waits. */
const DIGITS = 1000;

export const loadDataset: typeof original.loadDataset = async () => drawDigits({ train: DIGITS, test: 1 });
