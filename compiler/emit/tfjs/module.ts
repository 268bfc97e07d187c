import type { CompiledLoss } from '../../compile.js';
import { NO_WEIGHTS, SEED_IN_FULL } from '../library/differentiable.js';
import type { EmittedFunction } from '../library/helper.js';
import { stringText } from '../print/host.js';
import { wrapped } from '../print/layout.js';
import { Names, typeName } from '../print/names.js';
import { coreFunctions } from './core-functions.js';
import { readInputs } from './inputs.js';
import { HELPERS, INTERNAL, ModuleParts } from './module-parts.js';
import { type EmittedOption, optionsOf } from './options.js';
import { propertyNames } from './property-names.js';
import { publicFunctions } from './public-functions.js';

/** A module in parts: functions whose bodies are JavaScript and TypeScript alike, and what their types say. */
export interface EmittedModule {
  /** The loss's name in the language. */
  readonly loss: string;
  /** Its main function; the others begin with this name. */
  readonly name: string;
  readonly doc: string;
  readonly optionsType: string;
  readonly gradientsType: string;
  readonly options: readonly EmittedOption[];
  /** What parameters are called among the options, and parameters and predictions among the gradients; by their names in the language. */
  readonly properties: ReadonlyMap<string, string>;
  /** Names of predictions and parameters among the gradients, in their order. */
  readonly gradients: readonly string[];
  readonly hasPerExample: boolean;
  readonly functions: readonly EmittedFunction[];
}

/** The module of a compiled loss. Deterministic: the same loss gives the same text. */
export function emitModule(compiled: CompiledLoss): EmittedModule {
  return new ModuleEmitter(compiled).emit();
}

/** What stands in helpers for what is a loss's own. */
const OWN_WORDS = /\b(?:OPTIONS|KNOWN_OPTIONS|COLUMN_SHAPE|COLUMN)\b|LOSS \+ ': '/g;

/** Puts the functions of a module together, and adds the helpers that they use. */
class ModuleEmitter {
  readonly #parts: ModuleParts;

  constructor(private readonly compiled: CompiledLoss) {
    this.#parts = new ModuleParts(compiled);
  }

  emit(): EmittedModule {
    const { compiled } = this;
    const own = publicFunctions(this.#parts);
    const core = [this.#readFunction(), ...coreFunctions(this.#parts)];
    const functions = [...own, ...core, ...this.#helperFunctions()].map((entry) => this.#typed(entry));
    return {
      loss: compiled.name,
      name: this.#parts.name,
      doc: compiled.doc,
      optionsType: this.#parts.optionsType,
      gradientsType: `${typeName(this.#parts.name)}Gradients`,
      options: optionsOf(compiled),
      properties: propertyNames(compiled),
      gradients: [...compiled.gradients.keys()].map(this.#parts.words.property),
      hasPerExample: !compiled.scalar,
      functions,
    };
  }

  /** Helpers that something uses, in the order of the tables. */
  #helperFunctions(): EmittedFunction[] {
    const wanted = new Set<string>();
    const stack = [...this.#parts.used];
    for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
      if (wanted.has(name)) continue;
      wanted.add(name);
      stack.push(...(this.#parts.helper(name)?.uses ?? []));
    }
    const order = ['differentiable', SEED_IN_FULL.name, NO_WEIGHTS.name, ...HELPERS.keys()];
    return [...new Set(order)].filter((name) => wanted.has(name)).map((name) => this.#parts.helper(name)!);
  }

  /** Puts what is the loss's own into a helper: its options, its name, the shape of its columns. */
  #typed(entry: EmittedFunction): EmittedFunction {
    const ones = this.#parts.slots.slice(1).map(() => ', 1');
    const sized = `[read.${this.#parts.words.size(0)}${ones.join('')}]`;
    const options = optionsOf(this.compiled).map(({ name }) => stringText(name));
    const own: Readonly<Record<string, string>> = {
      OPTIONS: this.#parts.optionsType,
      KNOWN_OPTIONS: `[${options.join(', ')}]`,
      "LOSS + ': '": stringText(`${this.compiled.name}: `),
      COLUMN_SHAPE: sized,
      COLUMN: `[-1${ones.join('')}]`,
    };
    // In one go, so that what is put in is not looked at again.
    const fill = (text: string): string => text.replace(OWN_WORDS, (word) => own[word]!);
    if (entry.exported) return entry;
    return {
      ...entry,
      returns: fill(entry.returns),
      parameters: entry.parameters.map((parameter) => ({ ...parameter, type: fill(parameter.type) })),
      body: fill(entry.body),
    };
  }

  #readFunction(): EmittedFunction {
    const names = new Names([...INTERNAL, ...this.#parts.words.inputs, ...this.#parts.words.parameters]);
    const reading = readInputs(
      this.compiled,
      this.#parts.slots,
      this.#parts.words,
      names,
      this.#parts.counted,
    );
    this.#parts.use(reading.helpers);
    const shown = this.#parts.slots.map((slot) => this.#parts.graph.axes.get(slot).name).join(', ');
    return {
      name: 'readInputs',
      parameters: [...this.#parts.inputParameters(), { name: 'options', type: this.#parts.optionsType }],
      returns: '',
      body: [...reading.lines, `return { ${reading.fields.join(', ')} };`]
        .flatMap((line) => wrapped(line.trimStart(), line.length - line.trimStart().length))
        .join('\n'),
      doc: `Checks shapes and parameters and finds the lengths of the axes. Every tensor it gives has the dimensions [${shown}], of length 1 where it lacks the axis.`,
      exported: false,
      uses: [],
    };
  }
}
