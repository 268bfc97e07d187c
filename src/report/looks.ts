import { type Look, looksOf } from '../charts/colours.js';

/** How the lines of a loss are drawn in all charts of a page on which these losses are. Names may be repeated. */
export function pageLooks(names: readonly string[]): (name: string) => Look {
  const own = [...new Set(names)];
  const looks = looksOf(own);
  return (name) => looks[own.indexOf(name)] ?? looksOf([name])[0]!;
}
