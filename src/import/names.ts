/** Names that formulas have, and those that `.loss` files can have. */
import { latinOf } from '../../grammar/diagnostics/characters.js';
import { RESERVED } from '../../grammar/read/tokens/tokens.js';

const WORDS: ReadonlySet<string> = new Set([
  ...RESERVED.map((one) => String(one.PATTERN instanceof RegExp ? one.PATTERN.source : one.PATTERN)),
  ...[
    'import',
    'from',
    'loss',
    'fn',
    'sketch',
    'test',
    'let',
    'if',
    'then',
    'else',
    'and',
    'or',
    'not',
    'where',
  ],
  ...['with', 'operators', 'leaves', 'data', 'pi', 'infinity', 'batch'],
]);

/** A name in letters that names are made of. */
export const latinName = (name: string): string =>
  [...name].map((letter) => (/\w/.test(letter) ? letter : (latinOf(letter) ?? '_'))).join('');

/** Gives names that can stand in a `.loss` file and that nothing else has, as like the given ones as can be. */
export class Names {
  private readonly taken = new Set<string>();

  readonly fresh = (name: string): string => {
    const latin = latinName(name);
    const legal = /^[A-Za-z_]/.test(latin) ? latin : `x${latin}`;
    const own = this.free(WORDS.has(legal) ? `${legal}_` : legal, 1);
    this.taken.add(own);
    return own;
  };

  /** An axis shares the names of values. */
  take(name: string): void {
    this.taken.add(name);
  }

  private free(name: string, count: number): string {
    const own = count === 1 ? name : `${name}_${count}`;
    return this.taken.has(own) ? this.free(name, count + 1) : own;
  }
}
