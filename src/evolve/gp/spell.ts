/** Losses as a person would write them: without the functions that a search has for what the language says by itself. */
import { findFunction } from '../../../compiler/resolve/functions.js';
import type { Decl, Expr, FnDecl, LossDecl } from '../../../grammar/tree/ast.js';
import { rewrite, visit } from '../../../grammar/tree/walk.js';

/** `sum_class(e)` is `sum(e, class)` again, and lets that nothing mentions are left out. */
export function spellLoss(loss: LossDecl, library: readonly Decl[]): LossDecl {
  const spell = speller(library);
  const lets = loss.body.lets.map((item) => ({ ...item, value: spell(item.value) }));
  const result = spell(loss.body.result);
  const mentioned = new Set<string>();
  const note = (root: Expr): void =>
    visit(root, (node) => void (node.kind === 'name' && mentioned.add(node.name)));
  note(result);
  const kept = lets.toReversed().filter(({ name, value }) => {
    if (!mentioned.has(name.name)) return false;
    note(value);
    return true;
  });
  return { ...loss, body: { lets: kept.toReversed(), result } };
}

/** Writes calls of functions that are one function of the language, or one choice, as that. */
export function speller(library: readonly Decl[]): (expr: Expr) => Expr {
  const forms = new Map(
    library.flatMap((decl) => (decl.kind === 'fn' && isForm(decl) ? [[decl.name.name, decl] as const] : [])),
  );
  return (expr) =>
    rewrite(expr, (node) => {
      const form = node.kind === 'call' ? forms.get(node.callee.name) : undefined;
      if (node.kind !== 'call' || form === undefined) return node;
      const values = new Map(form.parameters.map(({ name }, i) => [name, node.args[i]!]));
      return rewrite(form.body.result, (part) =>
        part.kind === 'name' ? (values.get(part.name) ?? part) : part,
      );
    });
}

/** One function of the language or one choice, with each of its arguments in one place. */
function isForm({ parameters, body: { lets, result } }: FnDecl): boolean {
  const isOne =
    result.kind === 'if' || (result.kind === 'call' && findFunction(result.callee.name) !== undefined);
  if (!isOne || lets.length > 0) return false;
  const counts = new Map<string, number>();
  visit(
    result,
    (node) => void (node.kind === 'name' && counts.set(node.name, (counts.get(node.name) ?? 0) + 1)),
  );
  return parameters.every(({ name }) => counts.get(name) === 1);
}
