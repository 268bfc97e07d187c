import type { Note, Source } from '../../grammar/diagnostics/diagnostic.js';
import type { Span } from '../../grammar/tree/ast.js';
import { type Located, spanOf } from '../../grammar/tree/span.js';
import type { Graph, Node } from '../graph/graph.js';
import type { Place } from '../messages/message.js';
import type { Callable, Module } from '../resolve/program.js';

/** What a name means in a body: a value, an axis, or something that already got its diagnostic. */
export type Bound =
  | { readonly kind: 'value'; readonly node: Node }
  | { readonly kind: 'axis'; readonly index: number }
  | { readonly kind: 'broken' };

export const BROKEN: Bound = { kind: 'broken' };

/** The names of one body, and where it stands. A call opens a new scope: bodies see only their own names. */
export class Scope {
  readonly names = new Map<string, Bound>();
  /** Names that were read, for the warnings about unused ones. */
  readonly used = new Set<string>();
  /** Axes of the caller, which the body of an `fn` may name: it has no signature to declare them. */
  readonly inherited = new Map<string, number>();
  /** Axes that this body made by `rename`: they are its own and may not reach its result. */
  ownAxes = 0;

  constructor(
    readonly graph: Graph,
    readonly module: Module,
    readonly owner: Callable,
    /** The calls that led here, outermost first. */
    readonly calls: readonly { readonly name: string; readonly source: Source; readonly span: Span }[],
  ) {}

  /** Where the first of some nodes that has a place stands, with the calls that led here. */
  readonly place = (...nodes: readonly Located[]): Place => {
    const notes: Note[] = this.calls.slice(-3).map((call) => ({
      message: `called as "${call.name}" here`,
      span: call.span,
      source: call.source,
    }));
    return { span: spanOf(...nodes), source: this.module.source, notes: notes.reverse() };
  };

  look(name: string): Bound | undefined {
    this.used.add(name);
    return this.names.get(name);
  }

  /** An axis by name: one of this body's, or of the caller's. */
  lookAxis(name: string): Bound | undefined {
    const own = this.look(name);
    const index = own === undefined ? this.inherited.get(name) : undefined;
    return index === undefined ? own : { kind: 'axis', index };
  }

  /** Lets the body of an `fn` name the axes of the body that calls it. */
  inherit(caller: Scope): void {
    for (const [name, index] of caller.inherited) this.inherited.set(name, index);
    for (const [name, bound] of caller.names)
      if (bound.kind === 'axis') this.inherited.set(name, bound.index);
  }

  /** Axis names that this body knows, for messages: the user's words, not the internal unique names. */
  axisNames(axes: number): string[] {
    const own = new Map<number, string>();
    for (const [name, bound] of this.names)
      if (bound.kind === 'axis' && !own.has(bound.index)) own.set(bound.index, name);
    return this.graph.axes.all.flatMap((axis, index) =>
      index > 0 && (axes & (1 << index)) !== 0 ? [own.get(index) ?? axis.name] : [],
    );
  }
}
