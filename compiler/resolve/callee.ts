import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import type { CallExpr, FnDecl, LossDecl } from '../../grammar/tree/ast.js';
import type { Located } from '../../grammar/tree/span.js';
import * as axisMessages from '../messages/axes.js';
import type { Place } from '../messages/message.js';
import * as nameMessages from '../messages/names.js';
import { namedArguments, usageOfUser, wantedArguments, whereHint } from './call-shape.js';
import { type FunctionRow, findFunction, usageOf } from './functions.js';
import type { Callable, Module } from './program.js';

/** What a call calls: a function of the language, or a declaration. */
export type Callee =
  | { readonly kind: 'function'; readonly row: FunctionRow }
  | { readonly kind: 'declared'; readonly decl: Callable; readonly module: Module };

/** What a name means where it is called; undefined where nothing of that name can be. */
export function calleeOf(name: string, module: Module): Callee | undefined {
  const row = findFunction(name);
  if (row !== undefined) return { kind: 'function', row };
  const declared = module.callables.get(name);
  return declared && { kind: 'declared', ...declared };
}

/** What is wrong with the form of a call: arguments by name, a `where`, or how many arguments there are. */
export interface Misshape {
  readonly of: 'names' | 'where' | 'count';
  readonly diagnostic: Diagnostic;
}

/** How a body says where a node stands. */
export type PlaceOf = (...nodes: readonly Located[]) => Place;

/** What other libraries call the choice of an axis. */
const AXIS_OPTIONS: ReadonlySet<string> = new Set([
  ...['axis', 'axes', 'dim', 'dims', 'keepdim', 'keepdims', 'keep_dims', 'reduction_indices'],
]);

/** Is an axis given as an option: `max(x, dim = 1)`? */
export function isAxisOption({ names }: CallExpr, row: FunctionRow): boolean {
  return row.kind !== 'values' && names[0] !== undefined && AXIS_OPTIONS.has(names[0].name);
}

/** What is wrong with an axis that is given as an option; `axes` are those that the value has. */
export function axisOption(call: CallExpr, axes: readonly string[], placeOf: PlaceOf): Diagnostic {
  const [first] = call.names;
  return nameMessages.axisOption(placeOf(first, call), call.callee.name, first!.name, axes);
}

/**
 * The first thing that is wrong with the form of a call of a function of the language, whatever its arguments are. How many a
 * reduction takes is not asked: that depends on what is an axis.
 */
export function misshapeOfFunction(call: CallExpr, row: FunctionRow, placeOf: PlaceOf): Misshape | undefined {
  const { name } = call.callee;
  const usage = usageOf(name, row);
  if (call.names.length > 0)
    return {
      of: 'names',
      diagnostic: nameMessages.namedToFunction(placeOf(call.names[0], call), name, usage),
    };
  if (call.where !== undefined && row.kind !== 'reduction' && row.kind !== 'both')
    return misplacedWhere(call, placeOf);
  if (row.kind === 'values') return miscounted(call, row.arity, 'value', usage, placeOf);
  if (row.kind === 'axis') return miscounted(call, row.takes.length, 'argument', row.usage, placeOf);
  return undefined;
}

/** The same for a call of an `fn` or a loss. */
export function misshapeOfUser(
  call: CallExpr,
  decl: FnDecl | LossDecl,
  placeOf: PlaceOf,
): Misshape | undefined {
  if (call.where !== undefined) return misplacedWhere(call, placeOf);
  const usage = usageOfUser(decl);
  if (decl.kind === 'fn') {
    if (call.names.length === 0) return miscounted(call, decl.parameters.length, 'argument', usage, placeOf);
    const place = placeOf(call.names[0], call);
    return { of: 'names', diagnostic: nameMessages.namedToFunction(place, call.callee.name, usage) };
  }
  const count = miscounted(call, decl.inputs.length, 'input', usage, placeOf);
  const named = namedArguments(decl, call, placeOf);
  // An input by name says more than how many are missing.
  if ('code' in named) return { of: count === undefined ? 'names' : 'count', diagnostic: named };
  return count;
}

function misplacedWhere(call: CallExpr, placeOf: PlaceOf): Misshape {
  const { name } = call.callee;
  return {
    of: 'where',
    diagnostic: axisMessages.whereNotReduction(placeOf(call.where), name, whereHint(name)),
  };
}

/** Arguments without names that are more or fewer than wanted. */
function miscounted(
  call: CallExpr,
  wanted: number,
  what: string,
  usage: string,
  placeOf: PlaceOf,
): Misshape | undefined {
  const given = call.args.length - call.names.length;
  if (given === wanted) return undefined;
  const text = wantedArguments(wanted, what);
  return {
    of: 'count',
    diagnostic: nameMessages.wrongArity(placeOf(call), call.callee.name, text, given, usage),
  };
}
