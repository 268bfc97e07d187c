import type { Expr } from '../../grammar/tree/ast.js';
import { type Graph, type Node, reachable } from '../graph/graph.js';
import { shortForm } from '../raise/short.js';
import { figure } from '../words/sentence.js';
import { asWritten } from './as-written.js';
import { BOUNDS, type Guard } from './bounds.js';
import { type Deciding, type DecidingGuard, decidingGuards } from './deciding.js';
import { unguarded } from './unguarded.js';

/** A guard that can decide a result, as it is told to people and programs. */
export interface GuardNote {
  /** What is guarded: operators, and of a function what it is called. */
  readonly guarded: readonly { readonly op: Guard['op']; readonly called?: string }[];
  /** The argument without the guards in it, in the language; undefined where it is too long to be read. */
  readonly argument: Expr | undefined;
  /** Inputs and parameters that the argument depends on. */
  readonly names: readonly string[];
  /** What the argument is kept to. */
  readonly guard: Guard;
  /** Where it decides, as a condition of the language; undefined where the argument is, and where the exponent has a say. */
  readonly where: Expr | undefined;
  /** Whether it can decide the value, and the derivatives by which predictions and parameters. */
  readonly value: boolean;
  readonly gradients: readonly string[];
}

interface Named {
  readonly name: string;
  readonly node: Node;
}

/** What guards were put into. */
interface Guarded {
  readonly graph: Graph;
  readonly guards: readonly Guard[];
  readonly value: Node;
  readonly gradients: readonly Named[];
  /** Inputs and parameters. */
  readonly leaves: readonly Named[];
}

/** Guards that can decide. */
export interface GuardNotes {
  readonly all: readonly GuardNote[];
  /** The predictions and parameters whose derivatives were looked at. */
  readonly gradients: readonly string[];
  /** How many guards were not looked at, since the loss is very large. */
  readonly unknown: number;
}

/** Those of the value and of some derivatives alone. */
export function notesOn(notes: GuardNotes, gradients: readonly string[]): GuardNotes {
  const all = notes.all
    .map((note) => ({ ...note, gradients: note.gradients.filter((name) => gradients.includes(name)) }))
    .filter((note) => note.value || note.gradients.length > 0);
  return { all, gradients, unknown: notes.unknown };
}

/** The guards of a loss that can decide its value or gradient, found out when they are asked for. */
export class FoundNotes implements GuardNotes {
  #deciding: Deciding | undefined;
  #all: readonly GuardNote[] | undefined;

  constructor(private readonly guarded: Guarded) {}

  get all(): readonly GuardNote[] {
    const { graph, guards } = this.guarded;
    const strip = unguarded(graph, guards);
    this.#all ??= this.#found().guards.map((guard) => this.#note(guard, strip));
    return this.#all;
  }

  get gradients(): readonly string[] {
    return this.guarded.gradients.map(({ name }) => name);
  }

  get unknown(): number {
    return this.#found().unknown;
  }

  #found(): Deciding {
    const { graph, guards, value, gradients } = this.guarded;
    this.#deciding ??= decidingGuards(graph, guards, [value, ...gradients.map(({ node }) => node)]);
    return this.#deciding;
  }

  #note({ guards: found, decides }: DecidingGuard, strip: (node: Node) => Node): GuardNote {
    const { graph, gradients, leaves } = this.guarded;
    const { guard, argument } = asWritten(graph, found[0], strip);
    const { bound, distance, exponent } = guard;
    const below = new Set(reachable([argument]));
    // A seed has no name that a person could know.
    const isReadable = [...below].every(({ leaf }) => leaf?.kind !== 'seed');
    const expr = isReadable ? shortForm(graph, argument) : undefined;
    return {
      guarded: found.map(({ op, of }) =>
        of === undefined ? { op } : { op, called: of.domain.called ?? of.op },
      ),
      argument: expr,
      names: leaves.filter(({ node }) => below.has(node)).map(({ name }) => name),
      guard,
      where:
        expr === undefined || exponent !== undefined
          ? undefined
          : BOUNDS[bound].where(expr, Number(figure(distance))),
      value: decides.includes(0),
      gradients: gradients.filter((_, i) => decides.includes(i + 1)).map(({ name }) => name),
    };
  }
}
