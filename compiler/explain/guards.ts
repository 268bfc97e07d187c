import type { CompiledLoss } from '../compile.js';
import type { Graph, Node } from '../graph/graph.js';
import { reachable } from '../graph/graph.js';
import { RawBuilder } from '../graph/raw.js';
import { rebuildNode } from '../graph/rebuild.js';
import type { Guard } from '../guard.js';
import type { Finding, Property } from './explanation.js';
import { figure, listed, short } from './text.js';

/** What can go wrong at an operator, in words: what it is, and what its argument may be. */
const HAZARDS: Readonly<Record<Guard['op'], { readonly what: string; may(lo: number, hi: number): string }>> =
  {
    log: { what: 'The log of', may: (lo) => (lo < 0 ? 'may be 0 or below' : 'may be 0') },
    divide: { what: 'A division by', may: () => 'may be 0' },
    root: { what: 'A root or broken power of', may: () => 'may be negative' },
    power: { what: 'A power of', may: () => 'may be 0 while the exponent is below 0' },
    exp: { what: 'The exp of', may: () => 'may be larger than float32 can raise e to' },
    acos: { what: 'The acos of', may: () => 'may lie outside -1 to 1' },
    lgamma: { what: 'The log-gamma of', may: (lo) => (lo < 0 ? 'may be 0 or below' : 'may be 0') },
  };

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
  for (const guard of compiled.guards) {
    const { argument, kept } = shownArgument(graph, guard, strip);
    const key = `${guard.op} ${argument.id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { guard, argument, kept: [kept] });
    else if (!group.kept.includes(kept)) group.kept.push(kept);
  }
  const from = property === 'guard' ? '' : 'From logits: ';
  const told = [...groups.values()].slice(0, groups.size > MOST ? MOST - 1 : MOST);
  const findings = told.map(({ guard, argument, kept }): Finding => {
    const { what, may } = HAZARDS[guard.op];
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
      statement: `${from}${from === '' ? what : what[0]!.toLowerCase() + what.slice(1)} ${short(graph, argument, names)}, which ${may(lo, hi)}: kept ${kept[0]}${kept.length === 1 ? '' : `, in powers ${listed(kept.slice(1))}`}.`,
      reason: `${boundsOf(lo, hi)} The guard was put in after differentiating, so it does not flatten the gradient.`,
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
      statement: `${property === 'guard' ? '' : 'From logits: '}${rest} further operations are guarded.`,
      reason: 'Each could leave its domain, or float32, on legal inputs.',
    },
  ];
}

const boundsOf = (lo: number, hi: number): string =>
  lo === Number.NEGATIVE_INFINITY && hi === Number.POSITIVE_INFINITY
    ? 'Nothing that is declared bounds it.'
    : `Its bounds are ${figure(lo)} and ${figure(hi)}.`;

/** Expressions too long to be shown read alike: they are told once, with how many they are. */
function once(findings: readonly Finding[]): Finding[] {
  const counts = new Map<string, number>();
  for (const { statement } of findings) counts.set(statement, (counts.get(statement) ?? 0) + 1);
  return findings
    .filter((finding, i) => findings.findIndex((other) => other.statement === finding.statement) === i)
    .map((finding) => {
      const count = counts.get(finding.statement)!;
      return count === 1 ? finding : { ...finding, reason: `So it is ${count} times. ${finding.reason}` };
    });
}

/** What a person would call the argument, and what it is kept to: log1p(x) is the log of 1 + x. */
function shownArgument(
  graph: Graph,
  guard: Guard,
  strip: (node: Node) => Node,
): { argument: Node; kept: string } {
  const argument = strip(guard.argument);
  const words = guard.kept.replace(/-?\d[\d.]*(e[+-]?\d+)?/g, (text) => figure(Number(text)));
  const bound = /^at least (-0\.9\S*)$/.exec(guard.kept);
  if (guard.op !== 'log' || bound === null) return { argument, kept: words };
  const one = graph.make('add', [graph.constant(1), argument]);
  return { argument: one, kept: `at least ${figure(1 + Number(bound[1]))}` };
}

/** Takes the guards out again, for guards stand in the arguments of others. */
function unguarded(graph: Graph, guards: readonly Guard[]): (node: Node) => Node {
  const guarded = new Set(guards.map((guard) => guard.argument));
  const builder = new RawBuilder(graph);
  const known = new Map<Node, Node>();
  return (root) => {
    for (const node of reachable([root])) {
      if (known.has(node)) continue;
      const inner = innerOf(node, guarded);
      known.set(
        node,
        inner === undefined
          ? rebuildNode(
              builder,
              node,
              node.args.map((arg) => known.get(arg)!),
            )
          : known.get(inner)!,
      );
    }
    return known.get(root)!;
  };
}

/** What a guard was put around: max(x, 1e-36), or the choice that keeps the sign. */
function innerOf(node: Node, guarded: ReadonlySet<Node>): Node | undefined {
  if (node.op === 'max' || node.op === 'min') {
    const [x, bound] = node.args;
    return guarded.has(x!) && bound!.op === 'const' ? x : undefined;
  }
  const last = node.op === 'select' ? node.args[2]! : undefined;
  return last !== undefined && guarded.has(last) && node.args[0]!.op === 'lt' ? last : undefined;
}
