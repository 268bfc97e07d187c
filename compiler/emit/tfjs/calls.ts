import type { HelperName } from '../helpers/helpers.js';

/** A call in emitted code. Its arguments are other calls, or text as it stands. */
export interface Call {
  readonly id: number;
  readonly parts: readonly (Call | string)[];
  /** What its variable is called, if it needs one. */
  readonly hint: string;
  readonly helpers: readonly HelperName[];
}

/** The calls of one function body: equal calls are one object, so that no work is done twice. */
export class Calls {
  readonly #known = new Map<string, Call>();

  /** The call whose text is these parts one after the other. */
  make(hint: string, parts: readonly (Call | string)[], helpers: readonly HelperName[] = []): Call {
    const key = this.#key(parts);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const call = { id: this.#known.size, parts, hint, helpers };
    this.#known.set(key, call);
    return call;
  }

  /** The same call if it has been made already. */
  find(parts: readonly (Call | string)[]): Call | undefined {
    return this.#known.get(this.#key(parts));
  }

  #key(parts: readonly (Call | string)[]): string {
    return JSON.stringify(parts.map((part) => (typeof part === 'string' ? part : part.id)));
  }
}

/** `head(a, b)` as parts. */
export function callParts(head: string, args: readonly (Call | string)[]): (Call | string)[] {
  const parts: (Call | string)[] = [`${head}(`];
  for (const [i, arg] of args.entries()) {
    if (i > 0) parts.push(', ');
    parts.push(arg);
  }
  parts.push(')');
  return parts;
}

/** Every call below the roots, arguments before users. */
export function reachableCalls(roots: readonly (Call | string)[]): Call[] {
  const seen = new Set<Call>();
  const stack = [...roots];
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    if (typeof part === 'string' || seen.has(part)) continue;
    seen.add(part);
    for (const inner of part.parts) stack.push(inner);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

/** A statement longer than this is broken up, so that lines stay readable. */
const MAX_LENGTH = 72;

/**
 * Statements for calls: what is used once stands where it is used, unless that makes a line too long or it has a name of its own. Several
 * results get variables with their names.
 */
export function statements(
  roots: readonly (Call | string)[],
  rootNames: readonly string[],
  nameOf: (hint: string) => string,
  callNames: ReadonlyMap<Call, string>,
): { readonly lines: readonly string[]; readonly results: readonly string[] } {
  const order = reachableCalls(roots);
  const uses = new Map<Call, number>();
  for (const call of order)
    for (const part of call.parts) if (typeof part !== 'string') uses.set(part, (uses.get(part) ?? 0) + 1);
  for (const root of roots) if (typeof root !== 'string') uses.set(root, (uses.get(root) ?? 0) + 1);
  const results = new Map<Call, string>();
  for (const [i, root] of roots.entries())
    if (typeof root !== 'string' && roots.length > 1 && !results.has(root)) results.set(root, rootNames[i]!);
  const text = new Map<Call, string>();
  const lines: string[] = [];
  const textOf = (part: Call | string): string => (typeof part === 'string' ? part : text.get(part)!);
  for (const call of order) {
    const whole = call.parts.map(textOf).join('');
    const plain = /^[\w.$]+(\[\d+\])?$/.test(whole);
    const result = results.get(call);
    const only = roots.length === 1 && call === roots[0];
    const own = callNames.get(call);
    const short =
      result === undefined && own === undefined && uses.get(call) === 1 && whole.length <= MAX_LENGTH;
    if (plain || short || only) text.set(call, whole);
    else {
      const name = nameOf(result ?? own ?? call.hint);
      lines.push(`const ${name} = ${whole};`);
      text.set(call, name);
    }
  }
  return { lines, results: roots.map(textOf) };
}
