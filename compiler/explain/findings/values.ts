import type { Range } from '../../operators/range.js';
import { figure, figures, plural } from '../../words/sentence.js';
import { AT_SETTING, type Finding, type Witness } from '../explanation.js';
import type { Forms } from '../facts/settled.js';
import { proved } from '../finding.js';
import type { Probe } from '../probe/probe.js';
import { legalValues } from '../probe/samples.js';
import { Sequence } from '../probe/sequence.js';

/** Items that are read, and items of a batch where they belong together. */
const ITEMS = 240;
const TOGETHER = 8;
const BATCHES = 12;

/**
 * `range`, `values seen` and `finite`: what the facts say of the value, and what legal inputs show, of the loss as written and
 * of the one on logits.
 */
export function explainValues(forms: Forms, probes: readonly Probe[]): Finding[] {
  const [plain, onLogits] = probes;
  return [
    rangeFinding(forms),
    ...(plain === undefined ? [] : seen(plain, '')),
    ...(onLogits === undefined ? [] : seen(onLogits, 'From logits, ')).filter(
      ({ topic }) => topic === 'finite',
    ),
  ];
}

function rangeFinding({ general, settled }: Forms): Finding {
  const base = { topic: 'range', property: 'range' } as const;
  const [all, own] = [general.formula.value.range, settled.formula.value.range];
  const reason = 'Interval analysis of the formula from the declared domains. A bound need not be reached.';
  if (isEndless(all) && isEndless(own)) {
    return {
      ...base,
      status: 'unknown',
      statement: 'Interval analysis gives no bounds on the value.',
      reason:
        'Interval analysis of the formula from the declared domains. The value may be bounded nevertheless.',
    };
  }
  const narrower = own.lo !== all.lo || own.hi !== all.hi;
  const statement = isEndless(all)
    ? `${boundsText(own)}, ${AT_SETTING}.`
    : `${boundsText(all)}${narrower ? `, for all legal parameters. ${boundsText(own)}, ${AT_SETTING}` : ''}.`;
  return proved(base, statement, reason);
}

const isEndless = ({ lo, hi }: Range): boolean =>
  lo === Number.NEGATIVE_INFINITY && hi === Number.POSITIVE_INFINITY;

function boundsText({ lo, hi, nonzero }: Range): string {
  const least = lo === 0 && nonzero ? 'greater than 0' : `at least ${figure(lo)}`;
  if (hi === Number.POSITIVE_INFINITY) return `The value is ${least}`;
  if (lo === Number.NEGATIVE_INFINITY) return `The value is at most ${figure(hi)}`;
  return lo === hi ? `The value is ${figure(lo)}` : `The value lies between ${figure(lo)} and ${figure(hi)}`;
}

function seen(probe: Probe, prefix: string): Finding[] {
  const { compiled, world } = probe;
  const together = compiled.scalar || compiled.coupled;
  const count = together ? TOGETHER : probe.affordable(ITEMS);
  const sequence = new Sequence(7);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let round = 0; round < (together ? BATCHES : 1); round++) {
    const inputs = new Map(
      compiled.inputs.map((input) => [input.name, legalValues(input, world.sizes, count, sequence)] as const),
    );
    const { values, gradients } = probe.batch(count, inputs);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    const steep = [...gradients].find(([, gradient]) => gradient.some((x) => !Number.isFinite(x)));
    if (bad >= 0 || steep !== undefined) {
      return [
        notFinite(
          probe,
          inputs,
          count,
          bad >= 0 ? bad : rowOf(probe, steep!),
          sentence(
            `the ${bad >= 0 ? 'value' : 'gradient'} is not finite at a legal input, despite the guards.`,
            prefix,
          ),
        ),
      ];
    }
    low = Math.min(low, ...values);
    high = Math.max(high, ...values);
  }
  const what = together ? plural(BATCHES, 'batch', 'batches') : plural(count, 'item');
  return [
    {
      topic: 'range',
      property: 'values seen',
      status: 'measured',
      statement: `Values from ${figure(low)} to ${figure(high)} were seen.`,
      reason: `For ${what} of legal inputs, from everyday ones to the edges of the domains.`,
      witness: { lowest: low, highest: high },
    },
    {
      topic: 'finite',
      property: 'finite',
      status: 'measured',
      holds: true,
      statement: sentence('value and gradient were finite at every legal input that was tried.', prefix),
      reason:
        prefix === ''
          ? `Tried in float64 with ${what}, including the edges of the domains.`
          : `Tried in float64 with ${what}, including logits of several hundred.`,
    },
  ];
}

const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);
const sentence = (text: string, prefix: string): string => (prefix === '' ? capital(text) : prefix + text);

const rowOf = (probe: Probe, [name, gradient]: readonly [string, Float64Array]): number =>
  Math.floor(gradient.findIndex((x) => !Number.isFinite(x)) / probe.width(name));

function notFinite(
  probe: Probe,
  inputs: ReadonlyMap<string, Float64Array>,
  count: number,
  item: number,
  statement: string,
): Finding {
  const together = probe.compiled.scalar || probe.compiled.coupled;
  const witness: Record<string, number | readonly number[]> = {};
  for (const [name, data] of inputs) {
    const width = data.length / count;
    const part = [...(together ? data : data.subarray(item * width, (item + 1) * width))];
    witness[name] = part.length === 1 ? part[0]! : part;
  }
  return {
    topic: 'finite',
    property: 'finite',
    status: 'refuted',
    holds: false,
    statement,
    reason: together
      ? 'Observed in a batch of legal inputs; a reduction over no items, such as no partner of the same label, is the usual cause.'
      : `Observed with ${Object.entries(witness)
          .map(([name, part]) => `${name} = ${typeof part === 'number' ? figure(part) : figures(part)}`)
          .join(', ')}.`,
    witness: witness satisfies Witness,
  };
}
