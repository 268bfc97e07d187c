import type { CompiledLoss } from '../../compile.js';
import type { Node } from '../../graph/graph.js';
import { reachable } from '../../graph/graph.js';
import { asWritten } from '../../guard/as-written.js';
import { type Guard, sayBound } from '../../guard/bounds.js';
import { unguarded } from '../../guard/unguarded.js';
import type { Domain } from '../../operators/domain.js';
import type { Range } from '../../operators/range.js';
import { short } from '../../raise/short.js';
import { figure, listed } from '../../words/sentence.js';
import type { Finding, Property } from '../explanation.js';

/** What can go wrong at an operator, in words: what it is, and what its argument may be. */
const HAZARDS: {
  readonly [K in Guard['op']]: {
    readonly what: (guard: Guard) => string;
    may(range: Range, guard: Guard): string;
  };
} = {
  function: { what: (guard) => `The ${nameOf(guard)} of`, may: (range, { of }) => leaves(of!.domain, range) },
  divide: { what: () => 'A division by', may: ({ nonzero }) => (nonzero ? TINY : 'may be 0') },
  root: { what: () => 'A root or fractional power of', may: () => 'may be negative' },
  power: {
    what: () => 'A power of',
    may: ({ nonzero }) => `${nonzero ? TINY : 'may be 0'} while the exponent is below 0`,
  },
  quotient: { what: () => 'The quotient', may: () => 'may be larger than float32 can hold' },
};

/** What is guarded, in a word: `log1p` is the log of something. */
const nameOf = ({ op, of }: Guard): string => of?.domain.called ?? of?.op ?? op;

/** How a value may leave a domain. */
function leaves({ least, most, open, overflow, overflowBelow }: Domain, range: Range): string {
  if (overflow !== undefined) return 'may be too large for exp in float32';
  if (overflowBelow !== undefined) return 'may be so far below 0 that the result underflows in float32';
  if (least !== undefined && most !== undefined) return `may lie outside ${figure(least)} to ${figure(most)}`;
  if (least === 0 || most === 0) return nearZero(range);
  const bound = figure((least ?? most)!);
  const side = least === undefined ? 'above' : 'below';
  return open === true ? `may be ${bound} or ${side}` : `may be ${side} ${bound}`;
}

/** Never 0 over the reals, but smaller than any number of float32. */
const TINY = 'may round to 0 in float32';

function nearZero({ lo, nonzero }: Range): string {
  if (lo < 0) return nonzero ? 'may be below 0' : 'may be 0 or below';
  return nonzero ? TINY : 'may be 0';
}

const BOUNDED = ' Repeated quotients are kept at most 1e36 in size.';

/** Guards that are told one by one. */
const MOST = 12;

/** One finding for each guard that the compiler put in: where value or gradient could stop being finite. */
export function explainGuards(
  compiled: CompiledLoss,
  property: Extract<Property, 'guard' | 'guard from logits'>,
): Finding[] {
  const { graph } = compiled.lowered;
  const strip = unguarded(graph, compiled.guards);
  const groups = new Map<string, { guard: Guard; argument: Node; kept: string[] }>();
  // Quotients are bounded where they divide by what is told anyway.
  const bounded = compiled.guards.some(({ op }) => op === 'quotient') ? BOUNDED : '';
  for (const found of compiled.guards) {
    if (found.op === 'quotient') continue;
    const { guard, argument } = asWritten(graph, found, strip);
    const kept = sayBound(guard, figure);
    const key = `${nameOf(guard)} ${argument.id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { guard, argument, kept: [kept] });
    else if (!group.kept.includes(kept)) group.kept.push(kept);
  }
  const from = property === 'guard' ? '' : 'From logits: ';
  const told = [...groups.values()].slice(0, groups.size > MOST ? MOST - 1 : MOST);
  const findings = told.map(({ guard, argument, kept }): Finding => {
    const hazard = HAZARDS[guard.op];
    const what = hazard.what(guard);
    const nodes = reachable([argument]);
    const names = [...compiled.inputs, ...compiled.parameters]
      .filter((leaf) => nodes.includes(leaf.node))
      .map((leaf) => leaf.name);
    const { lo, hi } = argument.range;
    return {
      topic: 'finite',
      property,
      status: 'proved',
      holds: false,
      statement: `${from}${from === '' ? what : what[0]!.toLowerCase() + what.slice(1)} ${short(graph, argument, names)}, which ${hazard.may(argument.range, guard)}: kept ${kept[0]}${kept.length === 1 ? '' : `, in powers ${listed(kept.slice(1))}`}.`,
      reason: `${boundsOf(lo, hi)} The guard is inserted after differentiation, so it does not flatten the gradient.${guard.op === 'divide' || guard.op === 'power' ? bounded : ''}`,
    };
  });
  if (told.length === groups.size) return once(findings);
  const rest = groups.size - told.length;
  return [
    ...once(findings),
    {
      topic: 'finite',
      property,
      status: 'proved',
      holds: false,
      statement: `${property === 'guard' ? '' : 'From logits: '}Guarded as well: ${rest} further operations.`,
      reason: 'Each could leave its domain, or the range of float32, on legal inputs.',
    },
  ];
}

const boundsOf = (lo: number, hi: number): string =>
  lo === Number.NEGATIVE_INFINITY && hi === Number.POSITIVE_INFINITY
    ? 'No declaration bounds it.'
    : `Its bounds are ${figure(lo)} and ${figure(hi)}.`;

/** Expressions too long to be shown read alike: they are told once, with how many they are. */
function once(findings: readonly Finding[]): Finding[] {
  const counts = new Map<string, number>();
  for (const { statement } of findings) counts.set(statement, (counts.get(statement) ?? 0) + 1);
  return findings
    .filter((finding, i) => findings.findIndex((other) => other.statement === finding.statement) === i)
    .map((finding) => {
      const count = counts.get(finding.statement)!;
      return count === 1 ? finding : { ...finding, reason: `This occurs ${count} times. ${finding.reason}` };
    });
}
