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
  'js from logits, definitions':
    'p * log(p) instead of xlogy(p, p): where target and prediction agree, rounding leaves 3e-8 of what is 0',
  'ngl from logits, by hand': NOT_BROUGHT_TOGETHER,
  'quality_focal from logits, by hand':
    'the slope of abs(t - sigmoid(z))^2 at t = 1 where it is written as (-abs(…))^2',
  'spherical from logits, by hand': NOT_BROUGHT_TOGETHER,
};
