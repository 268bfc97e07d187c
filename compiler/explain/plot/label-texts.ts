import type { Labelled } from '../probe/labelled.js';
import type { Pair } from '../signature.js';
import { held, moved, rest } from './entry.js';
import type { Texts } from './stated.js';

/** How a label and the row in which it leads by x, or has the probability x, are written. */
export function labelTexts(
  { target, prediction }: Pair,
  /** The domain in the signature, which compiling from logits changes. */
  domain: string,
  loss: Labelled,
  label: number,
): Texts {
  const texts = loss.family === 'classes' ? rowText(domain, loss, label) : [numberText(domain, label)];
  const asRow = loss.family === 'classes' && target.axes.length > 0;
  const targets = asRow
    ? texts.map((_, i) => held(Number(i === label)).text)
    : [held(loss.targetOf(label)).text];
  return new Map([
    [target.name, targets],
    [prediction.name, texts],
  ]);
}

function rowText(domain: string, { labels, scores }: Labelled, label: number): readonly string[] {
  const [own, other] = scores ? ['x', '0'] : [moved().text, rest(labels - 1).text];
  const written = (text: string): string => (domain === 'logits' && !scores ? `log(${text})` : text);
  return Array.from({ length: labels }, (_, i) => written(i === label ? own : other));
}

/** One logit or score, for label 1 or against it; a probability is the sigmoid of it. */
function numberText(domain: string, label: number): string {
  if (domain === 'unit') return `1/(1 + exp(${label === 1 ? '\u2212x' : 'x'}))`;
  return moved(0, label === 1 ? 1 : -1).text;
}
