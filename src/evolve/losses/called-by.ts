import { callsOf } from '../../../compiler/check/cycles.js';
import type { Callable } from '../../../compiler/resolve/program.js';
import type { Decl, LossDecl } from '../../../grammar/tree/ast.js';

/** The declarations of the library that the loss calls, and those that these call, in the library's order. */
export function calledBy(loss: LossDecl, library: readonly Decl[]): Decl[] {
  const called = new Set<Decl>();
  const waiting: Callable[] = [loss];
  for (let decl = waiting.pop(); decl !== undefined; decl = waiting.pop()) {
    const callees = new Set(callsOf(decl).map(({ callee }) => callee.name));
    for (const other of library) {
      if ((other.kind !== 'fn' && other.kind !== 'loss') || called.has(other)) continue;
      if (!callees.has(other.name.name)) continue;
      called.add(other);
      waiting.push(other);
    }
  }
  return library.filter((decl) => called.has(decl));
}
