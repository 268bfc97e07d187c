/** Names in emitted code: the language's own where they can stand, with an underscore where they cannot. */

const RESERVED: ReadonlySet<string> = new Set(
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield any boolean never number object string symbol unknown constructor prototype __proto__ Array Error Infinity Math NaN Number Object globalThis tf'.split(
    ' ',
  ),
);

/** Hands out names, each once. */
export class Names {
  readonly #taken = new Set<string>();
  /** By wanted name: the last number that was handed out, so that n names take n steps. */
  readonly #last = new Map<string, number>();

  constructor(taken: Iterable<string> = []) {
    for (const name of taken) this.#taken.add(name);
  }

  /** The wanted name, or the first of wanted_, wanted__, … that is free. */
  take(wanted: string): string {
    let name = wanted;
    while (RESERVED.has(name) || this.#taken.has(name)) name += '_';
    this.#taken.add(name);
    return name;
  }

  /** The wanted name, or the first of wanted2, wanted3, … that is free. */
  takeNumbered(wanted: string): string {
    let number = this.#last.get(wanted) ?? 0;
    let name = wanted;
    do {
      number += 1;
      name = number === 1 ? wanted : `${wanted}${number}`;
    } while (RESERVED.has(name) || this.#taken.has(name));
    this.#last.set(wanted, number);
    this.#taken.add(name);
    return name;
  }
}

/** Every word of some code: what a name may occur in. */
export const wordsOf = (lines: readonly string[]): Set<string> =>
  new Set(lines.flatMap((line) => line.match(/[A-Za-z_]\w*/g) ?? []));

/** What a loss's functions are called: a name whose derived names collide with nothing that the module itself defines. */
export function publicName(loss: string, internal: ReadonlySet<string>): string {
  let name = loss;
  const derived = (base: string): string[] => [base, `${base}PerExample`, `${base}Gradients`];
  while (derived(name).some((each) => RESERVED.has(each) || internal.has(each))) name += '_';
  return name;
}

/** `focal_tversky` as `FocalTversky`. */
export const typeName = (name: string): string =>
  name
    .split('_')
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join('') || '_';
