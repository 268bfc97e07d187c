import type { CompiledLoss } from '../../compile.js';
import type { EmittedFunction } from '../helpers/emitted-function.js';
import { helperFunctions } from '../helpers/helpers.js';
import { bodyOf } from '../print/code.js';
import { wrapped } from '../print/layout.js';
import { stringText } from '../print/literals.js';
import { Names, typeName } from '../print/names.js';
import { coreFunctions } from './core-functions.js';
import { readInputs } from './inputs.js';
import { askingKernel, kernelFunctions, type ModuleKernel } from './module-kernel.js';
import { INTERNAL, ModuleParts } from './module-parts.js';
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

/** The module of a compiled loss, with its kernel if it is to have one. Deterministic: the same loss gives the same text. */
export function emitModule(compiled: CompiledLoss, kernel?: ModuleKernel): EmittedModule {
  return new ModuleEmitter(compiled, kernel).emit();
}

/** Puts the functions of a module together, and adds the helpers that they use. */
class ModuleEmitter {
  readonly #parts: ModuleParts;

  constructor(
    private readonly compiled: CompiledLoss,
    private readonly kernel: ModuleKernel | undefined,
  ) {
    this.#parts = new ModuleParts(compiled);
  }

  emit(): EmittedModule {
    const { compiled } = this;
    const given = publicFunctions(this.#parts);
    const own =
      this.kernel === undefined
        ? given
        : [
            ...given.map((entry) =>
              entry.name === this.#parts.name ? askingKernel(entry, this.#parts) : entry,
            ),
            ...kernelFunctions(this.#parts, this.kernel),
          ];
    const core = [this.#readFunction(), ...coreFunctions(this.#parts)];
    const functions = [...own, ...core, ...this.#helperFunctions()];
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

  /** The helpers that something uses, with the names and shapes of this loss. */
  #helperFunctions(): EmittedFunction[] {
    const { slots, words, optionsType, used, form, counted } = this.#parts;
    const ones = slots.slice(1).map(() => ', 1');
    const options = optionsOf(this.compiled).map(({ name }) => stringText(name));
    return helperFunctions(
      used,
      { form, counted },
      {
        optionsType,
        KNOWN_OPTIONS: `[${options.join(', ')}]`,
        LOSS: stringText(`${this.compiled.name}: `),
        COLUMN_SHAPE: `[read.${words.size(0)}${ones.join('')}]`,
        COLUMN: `[-1${ones.join('')}]`,
      },
    );
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
      ...bodyOf([...reading.lines, `return { ${reading.fields.join(', ')} };`], (line) =>
        wrapped(line.trimStart(), line.length - line.trimStart().length),
      ),
      doc: `Checks shapes and parameters and finds the lengths of the axes. Every tensor it gives has the dimensions [${shown}], of length 1 where it lacks the axis.`,
      exported: false,
    };
  }
}
