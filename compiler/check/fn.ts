import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import type { Body, CallExpr, Expr, FnDecl, NameExpr } from '../../grammar/tree/ast.js';
import { children } from '../../grammar/tree/walk.js';
import { placeIn } from '../messages/message.js';
import * as nameMessages from '../messages/names.js';
import {
  axisOption,
  type Callee,
  calleeOf,
  isAxisOption,
  misshapeOfFunction,
  misshapeOfUser,
  type PlaceOf,
} from '../resolve/callee.js';
import { CONSTANTS, type FunctionRow } from '../resolve/functions.js';
import type { Module } from '../resolve/program.js';
import { closeValues, partOf, unknownCallee, unknownValue } from '../resolve/unknown.js';

/**
 * What can be said of an `fn` without a call: its names, the arity of what it calls, conditions used as numbers. Its parameters
 * may be values, axes or conditions, and it may name axes of the body that calls it, so the rest waits for a call.
 */
export function checkFn(decl: FnDecl, module: Module): Diagnostic[] {
  const checker = new FnChecker(module);
  checker.check(decl);
  return checker.diagnostics;
}

type Kind = 'number' | 'condition' | 'open';

class FnChecker {
  readonly diagnostics: Diagnostic[] = [];
  readonly #names = new Map<string, Kind>();
  readonly #used = new Set<string>();

  constructor(private readonly module: Module) {}

  check(decl: FnDecl): void {
    for (const parameter of decl.parameters) this.#define(parameter, 'open');
    this.#body(decl.body);
    const names = [
      ...decl.parameters.map((name) => ({ what: 'the parameter', name })),
      ...decl.body.lets.map(({ name }) => ({ what: 'the let', name })),
    ];
    for (const { what, name } of names) {
      if (!this.#used.has(name.name)) this.#report(nameMessages.unused(this.#place(name), what, name.name));
    }
  }

  #body(body: Body): void {
    for (const { name, value } of body.lets) {
      const kind = this.#kind(value);
      this.#define(name, kind);
    }
    this.#kind(body.result);
  }

  #define(name: FnDecl['name'], kind: Kind): void {
    if (this.#names.has(name.name)) {
      const what = 'defined in this fn';
      this.#report(nameMessages.definedTwice(this.#place(name), name.name, what));
    } else this.#names.set(name.name, kind);
  }

  readonly #place: PlaceOf = (...nodes) => placeIn(this.module.source, ...nodes);

  #report(diagnostic: Diagnostic): void {
    this.diagnostics.push(diagnostic);
  }

  #number(expr: Expr): void {
    if (this.#kind(expr) === 'condition') this.#report(nameMessages.conditionAsNumber(this.#place(expr)));
  }

  #condition(expr: Expr): void {
    if (this.#kind(expr) === 'number') this.#report(nameMessages.numberAsCondition(this.#place(expr)));
  }

  /** Checks an expression; long chains of operators, which lean to the left, are walked in a loop. */
  #kind(expr: Expr): Kind {
    switch (expr.kind) {
      case 'number':
        return 'number';
      case 'hole':
        this.#report(nameMessages.holeOutsideSketch(this.#place(expr)));
        return 'open';
      case 'name':
        return this.#name(expr);
      case 'unary':
        if (expr.op === 'not') this.#condition(expr.operand);
        else this.#number(expr.operand);
        return expr.op === 'not' ? 'condition' : 'number';
      case 'if':
        for (const condition of expr.conditions) this.#condition(condition);
        for (const value of [...expr.values, expr.otherwise]) this.#number(value);
        return 'number';
      case 'call':
        return this.#call(expr);
      case 'binary': {
        let left: Expr = expr;
        while (left.kind === 'binary') {
          const takesConditions = left.op === 'and' || left.op === 'or';
          for (const operand of left.left.kind === 'binary' ? [left.right] : children(left)) {
            if (takesConditions) this.#condition(operand);
            else this.#number(operand);
          }
          if (left.left.kind === 'binary') this.#nested(left.left, takesConditions);
          left = left.left;
        }
        return kindOf(expr.op);
      }
    }
  }

  /** The kind of an operand that the loop is about to walk. */
  #nested(operand: Extract<Expr, { kind: 'binary' }>, wantsCondition: boolean): void {
    const isCondition = kindOf(operand.op) === 'condition';
    if (isCondition === wantsCondition) return;
    const place = this.#place(operand);
    this.#report(isCondition ? nameMessages.conditionAsNumber(place) : nameMessages.numberAsCondition(place));
  }

  #name(expr: NameExpr): Kind {
    const known = this.#names.get(expr.name);
    this.#used.add(expr.name);
    if (known !== undefined) return known;
    if (Object.hasOwn(CONSTANTS, expr.name)) return 'number';
    const close = closeValues(expr.name, this.#names.keys());
    this.#report(unknownValue(this.#place(expr), expr.name, close, this.module));
    // What was likely meant is not said to be unused on top.
    for (const name of [...close, partOf(expr.name)]) this.#used.add(name);
    return 'open';
  }

  /** A place where an axis may stand: one of the caller's, so any name will do. */
  #axis(expr: Expr, callee: string): void {
    if (expr.kind !== 'name') this.#report(nameMessages.axisExpected(this.#place(expr), callee, []));
    else this.#used.add(expr.name);
  }

  #call(call: CallExpr): Kind {
    const callee = calleeOf(call.callee.name, this.module);
    if (callee?.kind !== 'function') return this.#user(call, callee);
    const { row } = callee;
    if (isAxisOption(call, row)) {
      this.#report(axisOption(call, [], this.#place));
      for (const arg of call.args.slice(0, call.args.length - call.names.length)) this.#kind(arg);
      return 'number';
    }
    const misshape = misshapeOfFunction(call, row, this.#place);
    if (misshape !== undefined) this.#report(misshape.diagnostic);
    if (call.where !== undefined) this.#condition(call.where);
    if (row.kind === 'values') for (const arg of call.args) this.#number(arg);
    else if (row.kind === 'axis') this.#axisFunction(row, call);
    else this.#reduction(row, call);
    return 'number';
  }

  #reduction({ kind }: FunctionRow, call: CallExpr): void {
    const [first, ...rest] = call.args;
    if (first !== undefined) this.#number(first);
    if (kind === 'both' && rest.length === 1 && call.where === undefined) {
      // An axis or a second value.
      if (rest[0]!.kind === 'name') this.#used.add(rest[0]!.name);
      else this.#number(rest[0]!);
      return;
    }
    for (const arg of rest) this.#axis(arg, call.callee.name);
    if (rest.length === 0) {
      const hint = `write ${call.callee.name}(e, axis)`;
      this.#report(nameMessages.reducesNothing(this.#place(call), call.callee.name, hint));
    }
  }

  /** The arguments of a call that has been refused; a name alone may be an axis. */
  #argumentsOnly(call: CallExpr): void {
    for (const arg of call.args) {
      if (arg.kind === 'name') this.#used.add(arg.name);
      else this.#kind(arg);
    }
  }

  #axisFunction(row: Extract<FunctionRow, { kind: 'axis' }>, call: CallExpr): void {
    if (call.args.length !== row.takes.length) this.#argumentsOnly(call);
    else
      for (const [i, arg] of call.args.entries()) {
        if (row.takes[i] === 'axis') this.#axis(arg, call.callee.name);
        else this.#number(arg);
      }
  }

  #user(call: CallExpr, callee: Extract<Callee, { kind: 'declared' }> | undefined): Kind {
    const place = this.#place(call.callee, call);
    // An argument of an fn may be an axis, so a name that is not known here may be one of the caller's.
    this.#argumentsOnly(call);
    if (call.where !== undefined) this.#condition(call.where);
    if (callee === undefined) {
      const unknown = unknownCallee(place, call.callee.name, this.module, (name) => this.#isValue(name));
      if (unknown !== undefined) this.#report(unknown);
      return 'open';
    }
    const { decl } = callee;
    if (decl.kind === 'sketch') {
      this.#report(nameMessages.sketchCalled(place, call.callee.name));
      return 'open';
    }
    const misshape = misshapeOfUser(call, decl, this.#place);
    if (misshape !== undefined) this.#report(misshape.diagnostic);
    return decl.kind === 'loss' ? 'number' : 'open';
  }

  /** Whether a name of this `fn` is called, or is in front of a method. */
  #isValue(name: string): boolean {
    this.#used.add(name);
    return this.#names.has(name);
  }
}

const CONDITION_OPS: ReadonlySet<string> = new Set(['and', 'or', '<', '<=', '>', '>=', '==', '!=']);
const kindOf = (op: string): Kind => (CONDITION_OPS.has(op) ? 'condition' : 'number');
