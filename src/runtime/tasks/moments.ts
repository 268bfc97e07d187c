/** A mean and a variance as the two outputs of a network: any number, and one that softplus makes a variance. */
import { softplus } from '../../../compiler/operators/special.js';

/** What is added to a variance, as in std/gaussian_nll_packed: it never reaches 0. In squared units of the targets. */
export const LEAST_VARIANCE = 1e-6;

/** The variance that an output stands for. */
export const varianceOf = (output: number): number => softplus(output) + LEAST_VARIANCE;
