/** Where a search begins: the sketch that it works on, and what the losses to begin with are in it. */
import { printFile } from '../../../grammar/print/print.js';
import type { Expr, LossDecl, SketchDecl } from '../../../grammar/tree/ast.js';
import { visit } from '../../../grammar/tree/walk.js';
import { RunError } from '../../errors.js';
import { GENOME_CODEC } from '../gp/genome.js';
import { matchSeed, type SeedMatch } from '../gp/seed.js';
import { searchSpace } from '../gp/space.js';
import { spaceContext } from '../losses/compiler.js';
import { openLoss, readSketch } from '../losses/subject.js';
import type { NamedSources } from '../model/sources.js';
import { deriveSpace, type Seed } from './derive.js';
import { Forms } from './forms.js';
import { NotOpened, Opener } from './open.js';

export interface Beginning {
  readonly sketch: NamedSources;
  /** The genomes of the losses, in their order. */
  readonly genomes: readonly (readonly string[])[];
}

export interface BeginningOptions {
  /** Without one the space follows from the losses. */
  readonly sketch?: NamedSources;
  readonly seeds: readonly NamedSources[];
  /** The sketch whose operators and constants a space that follows from losses is joined with. */
  readonly base: NamedSources;
  /** Adds to the sketch what the losses need beyond it. */
  readonly widen?: boolean;
}

/** Throws a RunError that says why the search cannot begin with a loss. */
export function beginning({ sketch, seeds, base, widen = false }: BeginningOptions): Beginning {
  const opened = seeds.map(({ sources, name }) => openLoss(sources, name));
  if (sketch === undefined) return derived(opened, base);
  const matches = opened.map((seed) => matchIn(sketch, seed));
  if (!widen) requireMatches(opened, matches);
  const genomes = matches.map((match) => ('trees' in match ? GENOME_CODEC.print(match.trees) : []));
  if (matches.every((match) => whyNot(match) === undefined)) return { sketch, genomes };
  if (matches.some((match) => 'problem' in match)) return derived(opened, sketch);
  return { sketch: widened(sketch, opened, matches), genomes };
}

function derived(seeds: readonly Seed[], { sources, name }: NamedSources): Beginning {
  const base = readSketch(sources, name).sketch;
  const space = deriveSpace(seeds, base);
  return {
    sketch: { sources: space.sources },
    genomes: space.trees.map((tree) => GENOME_CODEC.print([tree])),
  };
}

/** What a loss is in a sketch, whose functions it is written in where they reduce. */
function matchIn({ sources, name }: NamedSources, seed: Seed): SeedMatch {
  const subject = readSketch(sources, name);
  const { sketch, library } = subject;
  const space = searchSpace(sketch, spaceContext(subject));
  const axes = sketch.inputs.flatMap(({ domain }) =>
    (domain?.axes ?? []).flatMap((axis) => (axis.kind === 'axis' ? [axis.name.name] : [])),
  );
  const spell = (tree: Expr): Expr => {
    if (space.holeAxes === undefined) return tree;
    const forms = new Forms({ axes: new Set(['batch', ...axes]), own: new Map(), taken: new Set() });
    forms.know(library);
    const spelled = forms.tree(tree);
    return forms.lets.size > 0 ? tree : spelled;
  };
  return matchSeed(sketch, withoutCalls(seed), space, spell);
}

/** The loss with what it calls written out; as it is where that cannot be. */
function withoutCalls({ program, loss }: Seed): LossDecl {
  if (!callsLosses(program, loss)) return loss;
  try {
    return { ...loss, body: { lets: [], result: new Opener().open(program, loss, new Map()) } };
  } catch (thrown) {
    if (thrown instanceof NotOpened) return loss;
    throw thrown;
  }
}

function callsLosses({ module }: Seed['program'], { body }: LossDecl): boolean {
  let calls = false;
  for (const root of [...body.lets.map(({ value }) => value), body.result])
    visit(root, (node) => {
      if (node.kind === 'call') calls ||= module.callables.has(node.callee.name);
    });
  return calls;
}

/** Why a loss is not in a sketch, or undefined. */
function whyNot(match: SeedMatch): string | undefined {
  if ('problem' in match) return match.problem;
  const { operators, leaves } = match.missing;
  if (operators.length + leaves.length === 0) return undefined;
  return `the sketch lacks ${[...listed('operator', 'operators', operators), ...listed('leaf', 'leaves', leaves)].join(' and ')}`;
}

const listed = (one: string, several: string, names: readonly string[]): string[] =>
  names.length === 0 ? [] : [`the ${names.length === 1 ? one : several} ${names.join(', ')}`];

/** One list of all that the losses need beyond the sketch. */
function requireMatches(seeds: readonly Seed[], matches: readonly SeedMatch[]): void {
  const reasons = seeds.flatMap(({ loss }, i) => {
    const reason = whyNot(matches[i]!);
    return reason === undefined ? [] : [`${loss.name.name}: ${reason}`];
  });
  if (reasons.length === 0) return;
  throw new RunError(
    `the search cannot start from ${reasons.join('; ')}`,
    'widen the sketch with --widen, or leave it out: the search space then follows from the losses',
  );
}

/** The sketch with the operators and leaves that the losses need; a number that no leaf allows asks for all of them. */
function widened(
  { sources, name }: NamedSources,
  seeds: readonly Seed[],
  matches: readonly SeedMatch[],
): NamedSources {
  const { sketch, library } = readSketch(sources, name);
  const opener = new Opener();
  for (const { program, loss } of seeds) opener.open(program, loss, new Map());
  const missing = matches.flatMap((match) => ('missing' in match ? [match.missing] : []));
  const operators = new Set([
    ...sketch.operators.map((operator) => operator.name),
    ...missing.flatMap((one) => one.operators),
  ]);
  const leaves = [...new Set(missing.flatMap((one) => one.leaves))];
  const names = leaves.filter((leaf) => Number.isNaN(Number(leaf)));
  const wider: SketchDecl = {
    ...sketch,
    operators: [...operators].map((operator) => ({ name: operator })),
    leaves: [
      ...sketch.leaves,
      ...[...names, ...(names.length < leaves.length ? ['real'] : [])].map((leaf) => ({
        kind: 'name' as const,
        name: { name: leaf },
      })),
    ],
  };
  const functions = new Map(
    [...opener.kept.values(), ...library].flatMap((decl) =>
      decl.kind === 'fn' || decl.kind === 'loss' ? [[decl.name.name, decl] as const] : [],
    ),
  );
  const text = printFile({ declarations: [...functions.values(), wider] });
  return { sources: { source: { name: sources.source.name, text }, imports: [] }, name: sketch.name.name };
}
