import type { Widening } from '../../algebra/simplifier.js';
import type { CompiledLoss } from '../../compile.js';
import { short } from '../../raise/short.js';
import { listed } from '../../words/sentence.js';
import type { Finding } from '../explanation.js';

/** What each kind of widening means for a user: the claim that the simplified form rests on. */
const ASSUMED: Readonly<Record<Widening['reason'], (text: string) => string>> = {
  cancelled: (text) => `${text} cancelled out, so its value is assumed to be defined`,
  'divided by': (text) => `${text} was divided out, so it is assumed not to be 0`,
  'multiplied by 0': (text) => `${text} was multiplied by 0, so it is assumed to be finite`,
  'root of': (text) => `a root of ${text} was taken and undone, so it is assumed not to be negative`,
};

/** `assumption` and `rules`: what simplifying assumed, and what it used. */
export function explainSimplification(compiled: CompiledLoss): Finding[] {
  const { graph } = compiled.lowered;
  const base = { topic: 'simplification', status: 'proved' } as const;
  const assumed = new Set(
    compiled.widenings.map(({ reason, node }) => {
      const claim = ASSUMED[reason](short(graph, node, []));
      return `${claim[0]!.toUpperCase()}${claim.slice(1)}.`;
    }),
  );
  const findings: Finding[] = [...assumed].map((statement) => ({
    ...base,
    property: 'assumption',
    holds: true,
    statement,
    reason: 'The simplified loss has a value there, where the loss as written has none.',
  }));
  if (findings.length === 0) {
    findings.push({
      ...base,
      property: 'assumption',
      holds: false,
      statement: 'Nothing was assumed: the simplified loss is defined wherever the loss as written is.',
      reason: 'No step widened the domain.',
    });
  }
  const rules = [...compiled.fired].map(([name, times]) => (times === 1 ? name : `${name} (${times} times)`));
  findings.push({
    ...base,
    property: 'rules',
    statement:
      rules.length === 0
        ? 'No rewrite rule was needed other than collecting terms and factors.'
        : `Rewrite rules used: ${listed(rules.sort())}.`,
    reason:
      compiled.stopped === 'normal'
        ? 'Rewriting ended because no further rule applied.'
        : 'Rewriting ended at its limit: the form may not be the simplest.',
  });
  return findings;
}
