import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import type { LossDecl, SketchDecl, Span } from '../../grammar/tree/ast.js';
import { spanOf } from '../../grammar/tree/span.js';
import { visit } from '../../grammar/tree/walk.js';
import type { Callable, Module } from '../resolve/program.js';

/** Losses that are remembered: many times those of a file. */
const MOST = 2000;

/**
 * What was said of losses, by their text and that of all they call: for an editor, where most of a file is the same after each
 * letter. To find it takes most of the time of a check.
 */
export class Memory {
  readonly #known = new Map<string, readonly Diagnostic[]>();

  /** What `judge` says of a declaration, with places in it: from memory, moved to where it stands now, or as it is found. */
  recall(module: Module, decl: LossDecl | SketchDecl, judge: () => Diagnostic[]): readonly Diagnostic[] {
    const key = textWithCalls(decl, module);
    const { start } = spanOf(decl);
    const known = this.#known.get(key);
    if (known !== undefined) return known.map((one) => ({ ...moved(one, start), source: module.source }));
    const found = judge();
    const oldest = this.#known.size < MOST ? undefined : this.#known.keys().next().value;
    if (oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(
      key,
      found.map((one) => moved(one, -start)),
    );
    return found;
  }
}

/** The diagnostic with its place, and what its fixes replace, farther on. */
function moved(diagnostic: Diagnostic, by: number): Diagnostic {
  const at = ({ start, end }: Span): Span => ({ start: start + by, end: end + by });
  const fixes = diagnostic.fixes?.map((fix) => ({ ...fix, span: at(fix.span) }));
  return { ...diagnostic, span: at(diagnostic.span), ...(fixes !== undefined && { fixes }) };
}

/** A declaration as it is written, with everything that it calls, directly or not. */
function textWithCalls(decl: Callable, module: Module): string {
  const texts: string[] = [];
  const waiting: { readonly decl: Callable; readonly module: Module }[] = [{ decl, module }];
  const seen = new Set<Callable>([decl]);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { start, end } = spanOf(next.decl);
    texts.push(next.module.source.text.slice(start, end));
    const { lets, result } = next.decl.body;
    for (const expr of [...lets.map(({ value }) => value), result])
      visit(expr, (node) => {
        const called = node.kind === 'call' ? next?.module.callables.get(node.callee.name) : undefined;
        if (called === undefined || seen.has(called.decl)) return;
        seen.add(called.decl);
        waiting.push(called);
      });
  }
  return texts.join('\n');
}
