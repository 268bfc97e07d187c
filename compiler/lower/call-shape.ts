import type { CallExpr, Expr, LossDecl, Span } from '../../grammar/ast.js';
import type { Diagnostic } from '../../grammar/diagnostic.js';
import type { Place } from '../messages/message.js';
import * as nameMessages from '../messages/names.js';
import { FUNCTIONS } from './functions.js';
import type { Module } from './program.js';
import { suggestions } from './suggest.js';

/** Words of other languages, and what they are here. */
const FOREIGN: Readonly<Record<string, string>> = {
  where: '`where(c, a, b)` is written `if c then a else b`',
  ln: 'the natural logarithm is `log`',
  power: 'powers are written x^2',
  pow: 'powers are written x^2',
  maximum: 'write max(a, b)',
  minimum: 'write min(a, b)',
  reduce_sum: 'write sum(e, axis)',
  reduce_mean: 'write mean(e, axis)',
  norm: 'import { norm } from "std/math"',
  dot: 'import { dot } from "std/math"',
  cosine: 'import { cosine } from "std/math"',
  arccos: 'the arc cosine is `acos`',
  arctan: 'the arc tangent is `atan`',
};

/** What is wrong with a call of something that does not exist. */
export function unknownCallee(place: Place, callee: string, module: Module): Diagnostic {
  const known = [...Object.keys(FUNCTIONS), ...module.callables.keys()];
  const hint = Object.hasOwn(FOREIGN, callee) ? FOREIGN[callee] : undefined;
  return nameMessages.unknownFunction(place, callee, suggestions(callee, known), hint);
}

/** "1 value", "2 values". */
export const wantedArguments = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;

/** Named arguments of a call of a loss: parameters of the callee, and `class = item` for its axes. Or what is wrong with them. */
export function namedArguments(
  decl: LossDecl,
  call: CallExpr,
  placeOf: (span: Span | undefined) => Place,
): ReadonlyMap<string, Expr> | Diagnostic {
  const known = new Set([
    ...decl.parameters.map((parameter) => parameter.name.name),
    ...[...decl.inputs, ...decl.parameters].flatMap((item) =>
      (item.domain?.axes ?? []).flatMap((axis) => (axis.kind === 'axis' ? [axis.name] : [])),
    ),
  ]);
  const named = new Map<string, Expr>();
  const first = call.args.length - call.names.length;
  for (const [i, name] of call.names.entries()) {
    const place = placeOf(call.args[first + i]!.span);
    if (!known.has(name)) return nameMessages.namedArgument(place, call.callee, name, [...known]);
    if (named.has(name)) return nameMessages.parameterTwice(place, name);
    named.set(name, call.args[first + i]!);
  }
  return named;
}
