import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { parse } from '../../grammar/read/parse.js';
import { type Cure, didYouMean, meantAt, type Place } from '../messages/message.js';
import * as nameMessages from '../messages/names.js';
import { plainWord } from '../words/advice.js';
import { adviceFor, hintOf, importHint, type StandardUsage } from '../words/find.js';
import { suggestions } from '../words/suggest.js';
import { usageOfUser } from './call-shape.js';
import { DOMAINS, isDomain } from './domains.js';
import { CONSTANTS, FUNCTIONS, type FunctionRow, findFunction, usageOf } from './functions.js';
import { importFix } from './import-fix.js';
import type { Module } from './program.js';

/** What is said of names that nothing has: words of other languages first, for spelling would lead them astray; then what was misspelt. */

/** Looks into the files of the standard library that a module could import. */
const standardUsage =
  (module: Module): StandardUsage =>
  (name, file) => {
    const found = module.resolve(`std/${file}`, module.source);
    if ('problem' in found) return undefined;
    for (const decl of parse(found).file.declarations)
      if ((decl.kind === 'loss' || decl.kind === 'fn') && decl.name.name === name) return usageOfUser(decl);
    return undefined;
  };

/** What to write for something that is called and is not there, at a place or, of a name with dots, behind the last. */
function callHint(place: Pick<Place, 'span'>, name: string, module: Module): string | Cure | undefined {
  const known = [...Object.keys(FUNCTIONS), ...module.callables.keys()];
  const same = known.filter((one) => plainWord(one) === plainWord(name));
  if (same.length > 0) return meantAt(place, same);
  const usage = standardUsage(module);
  const advice = adviceFor('functions', name);
  if (advice !== undefined) {
    const hint = hintOf(advice, usage);
    if (advice.kind === 'standard')
      return advice.name === name ? imported(hint, name, advice.file, module) : hint;
    return renamedTo(place, hint, advice.kind === 'write' ? CALLED.exec(advice.text)?.[1] : undefined);
  }
  if (usage(name, name) !== undefined) return imported(importHint(name, name, usage), name, name, module);
  const close = suggestions(name, known);
  return close.length > 0 ? meantAt(place, close) : similarStandard(name, module, usage);
}

/** A function of the same values. */
const CALLED = /^(\w+)\(x(?:, y)?\)$/;

/** A hint, which is carried out by another name in the place of the wrong one where there is one. */
const renamedTo = ({ span }: Pick<Place, 'span'>, hint: string, name: string | undefined): string | Cure =>
  name === undefined ? hint : { hint, fixes: [{ span, text: name, says: `write ${name}` }] };

/** A hint to import what is called by the name that it has there. */
const imported = (hint: string, name: string, file: string, module: Module): Cure => ({
  hint,
  fixes: [importFix(module.file, name, `std/${file}`)],
});

/** The standard loss of nearly that name. */
function similarStandard(name: string, module: Module, usage: StandardUsage): string | undefined {
  const found = module.resolve(`std/${name}`, module.source);
  const [similar] = ('problem' in found ? found.similar : undefined) ?? [];
  const file = similar?.replace('std/', '');
  return file === undefined || usage(file, file) === undefined ? undefined : importHint(file, file, usage);
}

/** What is wrong with a call of something that does not exist; nothing if its import has failed, which has been reported. */
export function unknownCallee(
  place: Place,
  callee: string,
  module: Module,
  isValue: (name: string) => boolean,
): Diagnostic | undefined {
  if (module.missing.has(callee)) return undefined;
  if (callee.includes('.')) return dotted(place, callee, module, isValue);
  if (isValue(callee)) return nameMessages.valueAsFunction(place, callee);
  const asked = (hintsOf.get(module) ?? 0) + 1;
  hintsOf.set(module, asked);
  return nameMessages.unknownFunction(
    place,
    callee,
    asked > MOST_HINTS ? undefined : callHint(place, callee, module),
  );
}

/** Of so many mistakes in one file hardly any is shown, and what each may have meant takes long to find. */
const MOST_HINTS = 1000;
const hintsOf = new WeakMap<Module, number>();

/** The value whose part a name with dots would be. */
export const partOf = (name: string): string => name.split('.')[0]!;

/** `torch.log(x)`, `x.abs()`: what the last part of the name is here, of the first where that is a value. */
function dotted(
  place: Place,
  callee: string,
  module: Module,
  isValue: (name: string) => boolean,
): Diagnostic {
  const parts = callee.split('.');
  const [first, last] = [parts[0]!, parts.at(-1)!];
  const isOnValue = isValue(first);
  const onValue = (usage: string): string => (isOnValue ? usage.replace(/\b(x|e)\b/, first) : usage);
  const row = findFunction(last);
  const own = module.callables.get(last)?.decl;
  const usage =
    row !== undefined
      ? usageOf(last, row)
      : own !== undefined && own.kind !== 'sketch'
        ? usageOfUser(own)
        : undefined;
  if (usage === undefined) {
    const hint = callHint(place, last, module) ?? `functions are called by their name only: ${last}(…)`;
    // An import alone leaves the name with its dots there, and another name the value in front of it.
    if (typeof hint === 'object' && !isOnValue && hint.fixes[0]?.span === place.span)
      return nameMessages.dottedName(place, callee, hint);
    const text = typeof hint === 'object' ? hint.hint : hint;
    return nameMessages.dottedName(place, callee, text.startsWith('write ') ? onValue(text) : text);
  }
  return nameMessages.dottedName(place, callee, `write ${onValue(usage)}`);
}

/** What is wrong with a value that does not exist; `close` are what `closeValues` gave. */
export function unknownValue(
  place: Place,
  name: string,
  close: readonly string[],
  module: Module,
): Diagnostic {
  const usage = standardUsage(module);
  if (name.includes('.')) {
    const last = name.split('.').at(-1)!;
    if (Object.hasOwn(CONSTANTS, last)) return nameMessages.dottedName(place, name, `write ${last}`);
    const advice = adviceFor('values', last) ?? adviceFor('functions', last);
    const hint = advice && hintOf(advice, usage);
    return nameMessages.dottedName(
      place,
      name,
      hint ?? 'names have no attributes: pass this as an input or a parameter',
    );
  }
  const row = findFunction(name);
  if (row !== undefined) return nameMessages.functionAsValue(place, name, usageOf(name, row));
  const own = module.callables.get(name)?.decl;
  if (own !== undefined && own.kind !== 'sketch')
    return nameMessages.functionAsValue(place, name, usageOfUser(own));
  const advice = adviceFor('values', name);
  return nameMessages.unknownName(place, name, meantAt(place, close) ?? (advice && hintOf(advice, usage)));
}

/** Names of values that a misspelt one may have meant: of a word of another language only its own. */
export function closeValues(name: string, known: Iterable<string>): readonly string[] {
  const close = suggestions(name, [...known, ...Object.keys(CONSTANTS)]);
  const same = close.filter((one) => plainWord(one) === plainWord(name));
  return same.length > 0 || adviceFor('values', name) !== undefined ? same : close;
}

/** What may stand among the operators of a sketch for a word that cannot: an operator, a function, or an `fn` of one's own. */
export function operatorHint(name: string, module: Module): string | undefined {
  const advice = adviceFor('functions', name);
  if (advice?.kind !== 'write') {
    const known = Object.entries<FunctionRow>(FUNCTIONS).filter(
      ([, { kind }]) => kind === 'values' || kind === 'both',
    );
    const own = [...module.callables].filter(([, { decl }]) => decl.kind === 'fn').map(([key]) => key);
    return didYouMean(suggestions(name, [...known.map(([key]) => key), ...own]));
  }
  const { text } = advice;
  const operator = /^x ?([-+*/^]) ?y$/.exec(text)?.[1] ?? /^(\w+)\(x(?:, y)?\)$/.exec(text)?.[1];
  if (operator !== undefined) return `write ${operator}`;
  const names = ['x', 'y'].filter((parameter) => new RegExp(`\\b${parameter}\\b`).test(text));
  const isWhole = !/\b(?!x\b|y\b|pi\b)[a-z]\w*\b(?!\()/.test(text);
  return isWhole ? `define a function: fn ${name}(${names.join(', ')}) = ${text}` : undefined;
}

const NO_LIBRARY: StandardUsage = () => undefined;

/** What is wrong with a domain that does not exist: all there are, where no word fits. */
export function unknownDomain(place: Place, name: string): Diagnostic {
  const last = name.split('.').at(-1)!;
  const known = Object.keys(DOMAINS);
  const same = known.filter((one) => plainWord(one) === plainWord(last));
  const advice = adviceFor('domains', last);
  const hint =
    same.length > 0
      ? meantAt(place, same)
      : advice !== undefined
        ? renamedTo(
            place,
            hintOf(advice, NO_LIBRARY),
            advice.kind === 'write' ? /^\w+$/.exec(advice.text)?.[0] : undefined,
          )
        : meantAt(place, suggestions(last, known));
  return nameMessages.unknownDomain(
    place,
    name,
    hint ?? `the domains are ${known.map(domainForm).join(', ')}`,
  );
}

/** A domain with what belongs to it: `between(a, b)`, `onehot[class]`. */
function domainForm(name: string): string {
  if (!isDomain(name)) return name;
  return DOMAINS[name].bounded ? `${name}(a, b)` : DOMAINS[name].simplex ? `${name}[class]` : name;
}
