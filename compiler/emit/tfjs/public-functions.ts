import type { LoweredInput } from '../../lower/lowered.js';
import type { EmittedFunction, EmittedParameter } from '../helpers/emitted-function.js';
import { bodyOf } from '../print/code.js';
import { guardDoc } from '../print/guard-doc.js';
import { wrapped } from '../print/layout.js';
import { Names, typeName } from '../print/names.js';
import { capital, INTERNAL, type ModuleParts } from './module-parts.js';
import { optionsOf } from './options.js';

/** What a module exports: the loss as TensorFlow.js differentiates it, one number per example, and value with gradients. */
export const publicFunctions = (module: ModuleParts): EmittedFunction[] =>
  new PublicFunctions(module).functions();

class PublicFunctions {
  constructor(private readonly module: ModuleParts) {}

  functions(): EmittedFunction[] {
    const { compiled } = this.module;
    const inputs = this.module.inputParameters();
    const required = optionsOf(compiled).some((option) => option.required);
    const options: EmittedParameter = {
      name: 'options',
      type: this.module.optionsType,
      ...(!required && { initializer: '{}' }),
    };
    const parameters = [...inputs, options];
    const exported = (entry: Omit<EmittedFunction, 'exported'>): EmittedFunction => ({
      ...entry,
      exported: true,
    });
    this.module.use(['checkOptions']);
    if (this.module.plainMean) return [exported(this.#gradientsFunction(parameters))];
    this.module.use(['differentiable']);
    const main = exported({
      name: this.module.name,
      parameters,
      returns: compiled.scalar ? 'tf.Scalar' : 'tf.Tensor',
      ...this.#mainBody(),
      doc: this.#mainDoc(),
      ...(!compiled.scalar && {
        overloads: [
          {
            options: `${this.module.optionsType} & { reduction?: 'mean' | 'sum' | 'weightedMean' }`,
            returns: 'tf.Scalar',
          },
          { options: this.module.optionsType, returns: 'tf.Tensor' },
        ],
      }),
    });
    const gradients = exported(this.#gradientsFunction(parameters));
    return compiled.scalar
      ? [main, gradients]
      : [main, exported(this.#perExampleFunction(parameters)), gradients];
  }

  #mainBody(): Pick<EmittedFunction, 'body' | 'typedBody'> {
    const predictions = this.module.compiled.inputs
      .filter((input) => !input.data)
      .map((input) => this.#inputName(input));
    const data = this.module.compiled.inputs
      .filter((input) => input.data)
      .map((input) => this.#inputName(input));
    const list = predictions.join(', ');
    const all = this.#readArguments();
    const call = `return differentiable([${list}], [${data.join(', ')}], (${[...predictions, ...data].join(', ')}) => readInputs(${all}), checkOptions(options))`;
    const plain = `${call};`;
    const line = this.module.compiled.scalar ? { plain, typed: `${call} as tf.Scalar;` } : plain;
    return bodyOf([line], (text) => wrapped(text));
  }

  #inputName(input: LoweredInput): string {
    return this.module.words.inputs[input.position]!;
  }

  #mainDoc(): string {
    const { compiled } = this.module;
    const doc = compiled.doc.trim() === '' ? `The loss ${compiled.name}.` : compiled.doc.trim();
    const { logits } = compiled;
    const taken =
      logits.length === 0
        ? []
        : ['', `Takes ${logits.join(' and ')} before softmax or sigmoid: the output of a linear layer.`];
    return [doc, ...taken, ...guardDoc(compiled.guardNotes)].join('\n');
  }

  #perExampleFunction(parameters: readonly EmittedParameter[]): Omit<EmittedFunction, 'exported'> {
    const call = `${this.module.name}(${this.module.words.inputs.join(', ')}, { ...checkOptions(options), reduction: 'none' })`;
    const several = !this.module.compiled.inputs.some((input) => input.items === 'exact');
    const { counted } = this.module;
    if (several) this.module.use([counted ? 'countedMeans' : 'exampleMeans']);
    const read = `const { counts } = readInputs(${this.#readArguments()});`;
    return {
      name: `${this.module.name}PerExample`,
      parameters,
      returns: 'tf.Tensor',
      body: !several
        ? `return ${call};`
        : counted
          ? ['return tf.tidy(() => {', `  ${read}`, `  return countedMeans(${call}, counts);`, '});'].join(
              '\n',
            )
          : `return exampleMeans(${call});`,
      doc: 'One number per example of the batch: for `model.compile({ loss })` of TensorFlow.js layers, where sample and class weights then count as they should.',
    };
  }

  #gradientsFunction(parameters: readonly EmittedParameter[]): Omit<EmittedFunction, 'exported'> {
    const { compiled } = this.module;
    const names = [...compiled.gradients.keys()];
    const local = new Names([...INTERNAL, ...this.module.words.inputs, ...this.module.words.parameters]);
    const items = local.take('value');
    const variables = names.map((name) => local.take(`d${capital(name)}`));
    // A loss compiled for the plain mean has no derivatives by its parameters, whatever its form.
    const withParameters = compiled.parameters.some(({ name }) => compiled.gradients.has(name));
    const entries = names.map(
      (name, i) =>
        `${this.module.words.property(name)}: ${this.#shapedGradient(name, variables[i]!, withParameters)}`,
    );
    const args = ['read'];
    const lines: string[] = [];
    if (compiled.scalar) {
      this.module.use(['noWeights']);
      lines.push('noWeights(options);');
    } else if (this.module.form === 'itemwise' && !withParameters && !this.module.plainMean) {
      this.module.use(['itemSeed', 'weightedBy']);
      lines.push('const seed = itemSeed(tf.scalar(1), read, weights, options);');
    } else if (!this.module.plainMean) {
      this.module.use(['seedOf']);
      args.push('seedOf(tf.scalar(1), read, weights, options)');
    }
    if (!compiled.scalar && !this.module.plainMean) {
      lines.unshift('const weights = itemWeights(read, options);');
      this.module.use(['itemWeights', 'reduceItems']);
    }
    const core = withParameters ? 'allGradients' : 'itemGradients';
    const value = compiled.scalar
      ? `tf.reshape(${items}, [])`
      : this.module.plainMean
        ? `tf.mean(${items})`
        : `reduceItems(${items}, read, weights, options)`;
    const body = [
      'checkOptions(options);',
      'return tf.tidy(() => {',
      `  const read = readInputs(${this.#readArguments()});`,
      ...lines.map((line) => `  ${line}`),
      ...wrapped(`const [${items}, ${variables.join(', ')}] = ${core}(${args.join(', ')});`, 2),
      ...wrapped(`return { value: ${value}, gradients: { ${entries.join(', ')} } };`, 2),
      '});',
    ];
    return {
      name: `${this.module.name}Gradients`,
      parameters,
      returns: `${typeName(this.module.name)}Gradients`,
      body: body.join('\n'),
      doc: 'The reduced value and its derivative with respect to every prediction and parameter, without a tape.',
    };
  }

  #shapedGradient(name: string, variable: string, withParameters: boolean): string {
    const input = this.module.compiled.inputs.find((entry) => entry.name === name);
    if (input !== undefined) {
      const seeded =
        this.module.form === 'itemwise' && !withParameters && !this.module.plainMean
          ? `weights === undefined ? tf.mul(${variable}, seed) : weightedBy(seed, ${variable})`
          : variable;
      return `tf.reshape(${seeded}, ${this.#inputName(input)}.shape)`;
    }
    const parameter = this.module.compiled.parameters.find((entry) => entry.name === name)!;
    if (parameter.axes.length === 0) return `tf.reshape(${variable}, [])`;
    const shape = `[${parameter.axes.map((axis) => this.#sizeOfRead(axis)).join(', ')}]`;
    const own = `read.${this.module.words.parameters[parameter.position]}`;
    this.module.use(['sumOf']);
    return `typeof ${own} === 'number' ? sumOf(${variable}) : tf.reshape(${variable}, ${shape})`;
  }

  #sizeOfRead(axis: number): string {
    const size = this.module.words.size(axis);
    return /^\d/.test(size) ? size : `read.${size}`;
  }

  #readArguments(): string {
    return [...this.module.words.inputs, 'options'].join(', ');
  }
}
