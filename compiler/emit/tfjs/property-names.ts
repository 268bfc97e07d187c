import type { CompiledLoss } from '../../compile.js';

/** Options that the functions of a module have beside the parameters. */
const OPTIONS = ['reduction', 'sampleWeight', 'checkInputs', 'ignoreLabel'];
/** An option of such a name would seem to be given where it is not: `toString`, `constructor`, … */
const OF_EVERY_OBJECT = Object.getOwnPropertyNames(Object.prototype);

/**
 * What parameters are called among the options, and parameters and predictions among the gradients: as in the language, but with
 * an underscore behind a name that means something else there.
 */
export function propertyNames(compiled: CompiledLoss): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set([...compiled.inputs, ...compiled.parameters].map(({ name }) => name));
  const add = (name: string, meaning: ReadonlySet<string>): void => {
    let free = name;
    while (meaning.has(free) || (free !== name && taken.has(free))) free += '_';
    taken.add(free);
    names.set(name, free);
  };
  const otherwise = new Set([...OPTIONS, ...OF_EVERY_OBJECT]);
  for (const { name } of compiled.parameters) add(name, otherwise);
  // A gradient is always there, so only the name that sets a prototype is in the way.
  for (const { name } of compiled.inputs) add(name, PROTOTYPE);
  return names;
}

const PROTOTYPE: ReadonlySet<string> = new Set(['__proto__']);
