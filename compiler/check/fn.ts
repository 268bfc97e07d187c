import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import type { Body, CallExpr, Expr, FnDecl, LossDecl, NameExpr } from '../../grammar/tree/ast.js';
import type { Located } from '../../grammar/tree/span.js';
import { children } from '../../grammar/tree/walk.js';
import { AXIS_OPTIONS } from '../lower/call.js';
import * as axisMessages from '../messages/axes.js';
import { type Place, placeIn } from '../messages/message.js';
import * as nameMessages from '../messages/names.js';
import {
  firstNamed,
  namedArguments,
  usageOfUser,
  wantedArguments,
  whereHint,
} from '../resolve/call-shape.js';
import { CONSTANTS, type FunctionRow, findFunction, usageOf } from '../resolve/functions.js';
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

  #place(...nodes: readonly Located[]): Place {
    return placeIn(this.module.source, ...nodes);
  }

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
    const row = findFunction(call.callee.name);
    if (row === undefined) return this.#user(call);
    const usage = usageOf(call.callee.name, row);
    const first = call.args[0];
    if (call.names.length > 0) {
      const place = this.#place(firstNamed(call), call);
      if (row.kind !== 'values' && AXIS_OPTIONS.has(call.names[0]!.name)) {
        this.#report(nameMessages.axisOption(place, call.callee.name, call.names[0]!.name, []));
        for (const arg of call.args.slice(0, call.args.length - call.names.length)) this.#kind(arg);
        return 'number';
      }
      this.#report(nameMessages.namedToFunction(place, call.callee.name, usage));
    }
    if (call.where !== undefined) {
      if (row.kind !== 'reduction' && row.kind !== 'both') this.#misplacedWhere(call, call.where);
      this.#condition(call.where);
    }
    if (row.kind === 'values') {
      for (const arg of call.args) this.#number(arg);
      if (call.args.length !== row.arity && call.names.length === 0) {
        this.#wrongArity(call, wantedArguments(row.arity, 'value'), call.args.length, usage);
      }
      return 'number';
    }
    if (row.kind === 'axis') {
      this.#axisFunction(row, call);
      return 'number';
    }
    if (first !== undefined) this.#number(first);
    const rest = call.args.slice(1);
    if (row.kind === 'both' && rest.length === 1 && call.where === undefined) {
      // An axis or a second value.
      if (rest[0]!.kind === 'name') this.#used.add(rest[0]!.name);
      else this.#number(rest[0]!);
      return 'number';
    }
    for (const arg of rest) this.#axis(arg, call.callee.name);
    if (rest.length === 0) {
      const hint = `write ${call.callee.name}(e, axis)`;
      this.#report(nameMessages.reducesNothing(this.#place(call), call.callee.name, hint));
    }
    return 'number';
  }

  #misplacedWhere({ callee: { name: callee } }: CallExpr, where: Expr): void {
    this.#report(axisMessages.whereNotReduction(this.#place(where), callee, whereHint(callee)));
  }

  /** The arguments of a call that has been refused; a name alone may be an axis. */
  #argumentsOnly(call: CallExpr): void {
    for (const arg of call.args) {
      if (arg.kind === 'name') this.#used.add(arg.name);
      else this.#kind(arg);
    }
  }

  #axisFunction(row: Extract<FunctionRow, { kind: 'axis' }>, call: CallExpr): void {
    const wanted = row.takes.length;
    if (call.args.length !== wanted) {
      this.#wrongArity(call, wantedArguments(wanted, 'argument'), call.args.length, row.usage);
      this.#argumentsOnly(call);
      return;
    }
    for (const [i, arg] of call.args.entries()) {
      if (row.takes[i] === 'axis') this.#axis(arg, call.callee.name);
      else this.#number(arg);
    }
  }

  #user(call: CallExpr): Kind {
    const place = this.#place(call.callee, call);
    const target = this.module.callables.get(call.callee.name);
    const unnamed = call.args.slice(0, call.args.length - call.names.length);
    // An argument of an fn may be an axis, so a name that is not known here may be one of the caller's.
    this.#argumentsOnly(call);
    if (call.where !== undefined) {
      this.#misplacedWhere(call, call.where);
      this.#condition(call.where);
    }
    if (target === undefined) {
      const unknown = unknownCallee(place, call.callee.name, this.module, (name) => this.#isValue(name));
      if (unknown !== undefined) this.#report(unknown);
      return 'open';
    }
    const { decl } = target;
    if (decl.kind === 'sketch') this.#report(nameMessages.sketchCalled(place, call.callee.name));
    else if (decl.kind === 'fn') this.#callOfFn(decl, call);
    else this.#callOfLoss(decl, call, unnamed.length);
    return decl.kind === 'loss' ? 'number' : 'open';
  }

  /** Whether a name of this `fn` is called, or is in front of a method. */
  #isValue(name: string): boolean {
    this.#used.add(name);
    return this.#names.has(name);
  }

  #callOfFn(decl: FnDecl, call: CallExpr): void {
    const wanted = decl.parameters.length;
    const usage = usageOfUser(decl);
    if (call.names.length > 0)
      this.#report(
        nameMessages.namedToFunction(this.#place(firstNamed(call), call), call.callee.name, usage),
      );
    else if (call.args.length !== wanted)
      this.#wrongArity(call, wantedArguments(wanted, 'argument'), call.args.length, usage);
  }

  #callOfLoss(decl: LossDecl, call: CallExpr, given: number): void {
    const wanted = decl.inputs.length;
    const named = namedArguments(decl, call, (node) => this.#place(node));
    if ('code' in named) this.#report(named);
    else if (given !== wanted)
      this.#wrongArity(call, wantedArguments(wanted, 'input'), given, usageOfUser(decl));
  }

  #wrongArity(call: CallExpr, wanted: string, given: number, usage: string): void {
    this.#report(nameMessages.wrongArity(this.#place(call), call.callee.name, wanted, given, usage));
  }
}

const CONDITION_OPS: ReadonlySet<string> = new Set(['and', 'or', '<', '<=', '>', '>=', '==', '!=']);
const kindOf = (op: string): Kind => (CONDITION_OPS.has(op) ? 'condition' : 'number');
