import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import type { CallExpr, Expr, FnDecl, Ident, LossDecl } from '../../grammar/tree/ast.js';
import type { Place } from '../messages/message.js';
import * as nameMessages from '../messages/names.js';
import { suggestions } from '../words/suggest.js';
import { findFunction, usageOf } from './functions.js';

/** "1 value", "2 values". */
export const wantedArguments = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;

/** How a user's own function or loss is called: `ratio(a, b)`, `mse(target, prediction)`. */
export function usageOfUser(decl: FnDecl | LossDecl): string {
  const names = decl.kind === 'fn' ? decl.parameters : decl.inputs.map((input) => input.name);
  return `${decl.name.name}(${names.map(({ name }) => name).join(', ')})`;
}

/** What to write instead of `where` in something that is no reduction. */
export function whereHint(callee: string): string {
  const row = findFunction(callee);
  if (callee === 'softmax' || callee === 'log_softmax')
    return `to leave out entries, write ${callee}(if … then … else -1e9, axis)`;
  if (callee === 'size') return 'to count, write sum(1, axis where …)';
  if (row?.kind === 'values') return `write \`if … then ${usageOf(callee, row)} else 0\``;
  if (row?.kind === 'axis') return 'put the condition into a reduction around it';
  return `put the condition into the body of "${callee}"`;
}

/** Named arguments of a call of a loss: parameters of the callee, and `class = item` for its axes. Or what is wrong with them. */
export function namedArguments(
  decl: LossDecl,
  call: CallExpr,
  placeOf: (node: Ident) => Place,
): ReadonlyMap<string, Expr> | Diagnostic {
  const known = new Set([
    ...decl.parameters.map((parameter) => parameter.name.name),
    ...[...decl.inputs, ...decl.parameters].flatMap((item) =>
      (item.domain?.axes ?? []).flatMap((axis) => (axis.kind === 'axis' ? [axis.name.name] : [])),
    ),
  ]);
  const named = new Map<string, Expr>();
  const first = call.args.length - call.names.length;
  for (const [i, ident] of call.names.entries()) {
    const { name } = ident;
    const place = placeOf(ident);
    if (decl.inputs.some((input) => input.name.name === name))
      return nameMessages.namedInput(place, call.callee.name, name, usageOfUser(decl));
    if (!known.has(name))
      return nameMessages.namedArgument(place, call.callee.name, name, [...known], suggestions(name, known));
    if (named.has(name)) return nameMessages.parameterTwice(place, name);
    named.set(name, call.args[first + i]!);
  }
  return named;
}
