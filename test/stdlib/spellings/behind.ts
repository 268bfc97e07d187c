/**
 * The spellings that fall behind, by `keyOf`, and where their digits go. The list can only shrink: one that keeps up now has to be taken off.
 */
import type { Form } from '../forms.js';
import type { Spelled } from './spell.js';

export const keyOf = ({ name, fromLogits }: Form, { way }: Spelled): string =>
  `${name}${fromLogits ? ' from logits' : ''}, ${way}`;

const NOT_BROUGHT_TOGETHER =
  'softmax written in several ways is one softmax only after the sums around it have their form, in which terms would have cancelled';

export const BEHIND: Readonly<Record<string, string>> = {
  'aqfl, random':
    'the standard deviation written as a root of a quotient, of numbers whose squares are near the end of float32',
  'exo_pair, random':
    'q * (log(q) - …) + (1 - q) * (log(1 - q) - …) with q and log(q) written out: far from 0 the constant goes with the term that vanishes',
  'js from logits, definitions':
    'p * log(p) instead of xlogy(p, p): where target and prediction agree, rounding leaves 3e-8 of what is 0',
  'ngl from logits, by hand': NOT_BROUGHT_TOGETHER,
  'nnfl from logits, by hand':
    'a probability at the floor is compared with it after another rounding, so a slope of 2e-19 is left of 0',
  'quality_focal from logits, by hand':
    'the slope of abs(t - sigmoid(z))^2 at t = 1 where it is written as (-abs(…))^2',
  'spherical from logits, by hand': NOT_BROUGHT_TOGETHER,
  'unlikelihood from logits, by hand': NOT_BROUGHT_TOGETHER,
};
