import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import type { CallExpr } from '../../grammar/tree/ast.js';
import { visit } from '../../grammar/tree/walk.js';
import { placeIn } from '../messages/message.js';
import * as nameMessages from '../messages/names.js';
import type { Callable, Module, Program } from '../resolve/program.js';

interface Visit {
  readonly decl: Callable;
  readonly module: Module;
  readonly calls: readonly CallExpr[];
  next: number;
}

/** Calls that lead back to where they started, each circle once. Walks with a stack: chains of calls may be long. */
export function findCycles(program: Program): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const done = new Set<Callable>();
  for (const { decl, module } of program.module.callables.values()) {
    if (!done.has(decl)) walk({ decl, module, calls: callsOf(decl), next: 0 }, done, diagnostics);
  }
  return diagnostics;
}

function walk(start: Visit, done: Set<Callable>, diagnostics: Diagnostic[]): void {
  const path: Visit[] = [start];
  const onPath = new Set<Callable>([start.decl]);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const call = top.calls[top.next++];
    if (call === undefined) {
      path.pop();
      onPath.delete(top.decl);
      done.add(top.decl);
      continue;
    }
    const target = top.module.callables.get(call.callee.name);
    if (target === undefined || done.has(target.decl)) continue;
    if (onPath.has(target.decl)) {
      const first = path.findIndex(({ decl }) => decl === target.decl);
      const names = [...path.slice(first).map(({ decl }) => decl.name.name), call.callee.name];
      const place = placeIn(top.module.source, call.callee, call);
      diagnostics.push(nameMessages.recursion(place, names));
      continue;
    }
    onPath.add(target.decl);
    path.push({ ...target, calls: callsOf(target.decl), next: 0 });
  }
}

export function callsOf(decl: Callable): CallExpr[] {
  const calls: CallExpr[] = [];
  for (const root of [...decl.body.lets.map(({ value }) => value), decl.body.result]) {
    visit(root, (node) => {
      if (node.kind === 'call') calls.push(node);
    });
  }
  return calls;
}
