import type { Explanation, Finding, Property } from '../explanation.js';
import { findingStatement, headLines, plainText } from './print.js';

/** How many findings a summary has. */
const MOST = 5;

/**
 * Of what a summary tells, the first it finds: what is wrong with a loss before what it is like. Those of the first group are
 * told where the loss has the property.
 */
const WARNINGS: readonly Property[] = [
  'swapped',
  'no effect',
  'held constant',
  'reduces batch',
  'saturation',
  'coupled',
];
const KINDS: readonly Property[] = [
  'minimum',
  'gradient scale',
  'symmetric',
  'bounded',
  'bounded gradient',
  'convex in the logits',
  'convex',
  'range',
  'values seen',
  'finite',
  'float32',
];

/** The formula and at most five findings, without their reasons, and how many there are beside them. */
export function printSummary(explanation: Explanation): string {
  const { findings } = explanation;
  const first = (property: Property): readonly Finding[] =>
    findings.filter((finding) => finding.property === property).slice(0, 1);
  const told = [
    ...WARNINGS.flatMap(first).filter(({ status, holds }) => status !== 'refuted' && holds !== false),
    ...KINDS.flatMap(first),
  ].slice(0, MOST);
  const lines = [...headLines(explanation), '', ...told.flatMap(findingStatement)];
  return `${lines.map(plainText).join('\n')}\n`;
}
