import type { CompiledLoss } from '../compile.js';
import { type AxisSet, axisIndices } from '../graph/axes.js';
import type { Graph, Node } from '../graph/graph.js';
import type { LoweredInput } from '../lower/lowered.js';
import { schedule } from '../schedule.js';
import { DIFFERENTIABLE_FORMS, NO_WEIGHTS, SEED_IN_FULL } from './differentiable.js';
import type { EmittedFunction, EmittedParameter } from './helper.js';
import { OPERATOR_HELPERS } from './helpers.js';
import { stringText } from './host.js';
import { wrapped } from './layout.js';
import { Names, publicName, typeName, wordsOf } from './names.js';
import { propertyNames } from './property-names.js';
import { RUNTIME_HELPERS } from './runtime-helpers.js';
import { shareProducts, substitute } from './share-products.js';
import { emitBody, type LeafNames } from './tfjs-body.js';
import { hasChecks, LOCAL_WORDS, readInputs, type Vocabulary, vocabulary } from './tfjs-inputs.js';
import { type EmittedOption, optionsOf } from './tfjs-options.js';

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

const HELPERS = new Map<string, EmittedFunction>(
  [
    ...RUNTIME_HELPERS,
    ...OPERATOR_HELPERS,
    SEED_IN_FULL,
    NO_WEIGHTS,
    ...Object.values(DIFFERENTIABLE_FORMS),
  ].map((entry) => [entry.name, entry]),
);
const CORE_NAMES = ['readInputs', 'itemValues', 'itemGradients', 'allGradients'];
/** Names that a module defines or uses itself, whatever the loss. */
const INTERNAL: ReadonlySet<string> = new Set([
  ...HELPERS.keys(),
  ...CORE_NAMES,
  ...LOCAL_WORDS,
  'Read',
  'LOSS',
]);

type Form = keyof typeof DIFFERENTIABLE_FORMS;

/** Puts the parts of a module together; one class, because every part names inputs, axes and helpers of the same loss. */
class ModuleEmitter {
  readonly #graph: Graph;
  readonly #slots: readonly number[];
  readonly #words: Vocabulary;
  readonly #form: Form;
  readonly #name: string;
  readonly #optionsType: string;
  readonly #used = new Set<string>();
  /** The seed is folded into the gradients: a loss compiled for the plain mean. */
  readonly #plainMean: boolean;

  constructor(private readonly compiled: CompiledLoss) {
    this.#graph = compiled.lowered.graph;
    this.#slots = slotsOf(compiled);
    this.#form = compiled.scalar ? 'scalar' : compiled.coupled ? 'coupled' : 'itemwise';
    this.#name = publicName(compiled.name, INTERNAL);
    this.#optionsType = `${typeName(this.#name)}Options`;
    this.#words = vocabulary(compiled, new Names([...INTERNAL, this.#name]));
    this.#plainMean = !compiled.scalar && compiled.seed.leaf === undefined;
  }

  emit(): EmittedModule {
    const { compiled } = this;
    const own = this.#public();
    const core = [this.#readFunction(), ...this.#coreFunctions()];
    const functions = [...own, ...core, ...this.#helperFunctions()].map((entry) => this.#typed(entry));
    return {
      loss: compiled.name,
      name: this.#name,
      doc: compiled.doc,
      optionsType: this.#optionsType,
      gradientsType: `${typeName(this.#name)}Gradients`,
      options: optionsOf(compiled),
      properties: propertyNames(compiled),
      gradients: [...compiled.gradients.keys()].map(this.#words.property),
      hasPerExample: !compiled.scalar,
      functions,
    };
  }

  /** Helpers that something uses, in the order of the tables. */
  #helperFunctions(): EmittedFunction[] {
    const wanted = new Set<string>();
    const stack = [...this.#used];
    for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
      if (wanted.has(name)) continue;
      wanted.add(name);
      const entry = name === 'differentiable' ? DIFFERENTIABLE_FORMS[this.#form] : HELPERS.get(name);
      stack.push(...(entry?.uses ?? []));
    }
    const order = [
      DIFFERENTIABLE_FORMS[this.#form],
      SEED_IN_FULL,
      NO_WEIGHTS,
      ...RUNTIME_HELPERS,
      ...OPERATOR_HELPERS,
    ];
    return order.filter((entry) => wanted.has(entry.name));
  }

  /** Puts what is the loss's own into a helper: its options, its name, the shape of its columns. */
  #typed(entry: EmittedFunction): EmittedFunction {
    const ones = this.#slots.slice(1).map(() => ', 1');
    const sized = `[read.${this.#words.size(0)}${ones.join('')}]`;
    const fill = (text: string): string =>
      text
        .replace(/\bOPTIONS\b/g, this.#optionsType)
        .replace(/LOSS \+ ': '/g, stringText(`${this.compiled.name}: `))
        .replace(/\bCOLUMN_SHAPE\b/g, sized)
        .replace(/\bCOLUMN\b/g, `[-1${ones.join('')}]`);
    if (entry.exported) return entry;
    return {
      ...entry,
      parameters: entry.parameters.map((parameter) => ({ ...parameter, type: fill(parameter.type) })),
      body: fill(entry.body),
    };
  }

  #use(...names: readonly string[]): void {
    for (const name of names) this.#used.add(name);
  }

  // ---------------------------------------------------------------- the public functions

  #public(): EmittedFunction[] {
    const { compiled } = this;
    const inputs = this.#inputParameters();
    const required = optionsOf(compiled).some((option) => option.required);
    const options: EmittedParameter = {
      name: 'options',
      type: this.#optionsType,
      ...(!required && { initializer: '{}' }),
    };
    const parameters = [...inputs, options];
    const exported = (entry: Omit<EmittedFunction, 'exported' | 'uses'>): EmittedFunction => ({
      ...entry,
      exported: true,
      uses: [],
    });
    if (this.#plainMean) return [exported(this.#gradientsFunction(parameters))];
    this.#use('differentiable');
    const main = exported({
      name: this.#name,
      parameters,
      returns: compiled.scalar ? 'tf.Scalar' : 'tf.Tensor',
      body: this.#mainBody(),
      doc: this.#mainDoc(),
      ...(!compiled.scalar && {
        overloads: [
          {
            options: `${this.#optionsType} & { reduction?: 'mean' | 'sum' | 'weightedMean' }`,
            returns: 'tf.Scalar',
          },
          { options: this.#optionsType, returns: 'tf.Tensor' },
        ],
      }),
    });
    const gradients = exported(this.#gradientsFunction(parameters));
    return compiled.scalar
      ? [main, gradients]
      : [main, exported(this.#perExampleFunction(parameters)), gradients];
  }

  #inputParameters(): EmittedParameter[] {
    return this.#words.inputs.map((name) => ({ name, type: 'tf.Tensor' }));
  }

  #mainBody(): string {
    const predictions = this.compiled.inputs
      .filter((input) => !input.data)
      .map((input) => this.#inputName(input));
    const data = this.compiled.inputs.filter((input) => input.data).map((input) => this.#inputName(input));
    const list = predictions.join(', ');
    const all = this.#readArguments();
    const cast = this.compiled.scalar ? ' /*: as tf.Scalar */' : '';
    return wrapped(
      `return differentiable([${list}], [${data.join(', ')}], (${[...predictions, ...data].join(', ')}) => readInputs(${all}), options)${cast};`,
    ).join('\n');
  }

  #readsOptions(): boolean {
    return this.compiled.parameters.length > 0 || hasChecks(this.compiled);
  }

  #readArguments(): string {
    return [...this.#words.inputs, ...(this.#readsOptions() ? ['options'] : [])].join(', ');
  }

  #inputName(input: LoweredInput): string {
    return this.#words.inputs[input.position]!;
  }

  #mainDoc(): string {
    const { compiled } = this;
    const doc = compiled.doc.trim() === '' ? `The loss ${compiled.name}.` : compiled.doc.trim();
    const { logits } = compiled;
    return logits.length === 0
      ? doc
      : `${doc}\n\nTakes ${logits.join(' and ')} before softmax or sigmoid: the output of a linear layer.`;
  }

  #perExampleFunction(parameters: readonly EmittedParameter[]): Omit<EmittedFunction, 'exported' | 'uses'> {
    const call = `${this.#name}(${this.#words.inputs.join(', ')}, { ...options, reduction: 'none' })`;
    const several = !this.compiled.inputs.some((input) => input.items === 'exact');
    if (several) this.#use('exampleMeans');
    return {
      name: `${this.#name}PerExample`,
      parameters,
      returns: 'tf.Tensor',
      body: several ? `return exampleMeans(${call});` : `return ${call};`,
      doc: 'One number per example of the batch: for `model.compile({ loss })` of TensorFlow.js layers, where sample and class weights then count as they should.',
    };
  }

  #gradientsFunction(parameters: readonly EmittedParameter[]): Omit<EmittedFunction, 'exported' | 'uses'> {
    const { compiled } = this;
    const names = [...compiled.gradients.keys()];
    const local = new Names([...INTERNAL, ...this.#words.inputs, ...this.#words.parameters]);
    const items = local.take('value');
    const variables = names.map((name) => local.take(`d${capital(name)}`));
    const withParameters = compiled.parameters.length > 0 && !this.#plainMean;
    const entries = names.map(
      (name, i) =>
        `${this.#words.property(name)}: ${this.#shapedGradient(name, variables[i]!, withParameters)}`,
    );
    const args = ['read'];
    const lines: string[] = [];
    if (compiled.scalar) {
      this.#use('noWeights');
      lines.push('noWeights(options);');
    } else if (this.#form === 'itemwise' && !withParameters && !this.#plainMean) {
      this.#use('itemSeed');
      lines.push('const seed = itemSeed(tf.scalar(1), read.items, weights, options);');
    } else if (!this.#plainMean) {
      this.#use('seedOf');
      args.push('seedOf(tf.scalar(1), read, weights, options)');
    }
    if (!compiled.scalar && !this.#plainMean) {
      lines.unshift('const weights = itemWeights(read.items, options);');
      this.#use('reduceItems');
    }
    const core = withParameters ? 'allGradients' : 'itemGradients';
    const value = compiled.scalar
      ? `tf.reshape(${items}, [])`
      : this.#plainMean
        ? `tf.mean(${items})`
        : `reduceItems(${items}, read.items, weights, options)`;
    const body = [
      'return tf.tidy(() => {',
      `  const read = readInputs(${this.#readArguments()});`,
      ...lines.map((line) => `  ${line}`),
      ...wrapped(`const [${items}, ${variables.join(', ')}] = ${core}(${args.join(', ')});`, 2),
      ...wrapped(`return { value: ${value}, gradients: { ${entries.join(', ')} } };`, 2),
      '});',
    ];
    return {
      name: `${this.#name}Gradients`,
      parameters,
      returns: `${typeName(this.#name)}Gradients`,
      body: body.join('\n'),
      doc: 'The reduced value and its derivative with respect to every prediction and parameter, without a tape.',
    };
  }

  #shapedGradient(name: string, variable: string, withParameters: boolean): string {
    const input = this.compiled.inputs.find((entry) => entry.name === name);
    if (input !== undefined) {
      const seeded =
        this.#form === 'itemwise' && !withParameters && !this.#plainMean
          ? `tf.mul(${variable}, seed)`
          : variable;
      return `tf.reshape(${seeded}, ${this.#inputName(input)}.shape)`;
    }
    const parameter = this.compiled.parameters.find((entry) => entry.name === name)!;
    if (parameter.axes.length === 0) return `tf.reshape(${variable}, [])`;
    const shape = `[${parameter.axes.map((axis) => this.#sizeOfRead(axis)).join(', ')}]`;
    const own = `read.${this.#words.parameters[parameter.position]}`;
    return `typeof ${own} === 'number' ? tf.sum(${variable}) : tf.reshape(${variable}, ${shape})`;
  }

  #sizeOfRead(axis: number): string {
    const size = this.#words.size(axis);
    return /^\d/.test(size) ? size : `read.${size}`;
  }

  // ---------------------------------------------------------------- reading and computing

  #readFunction(): EmittedFunction {
    const names = new Names([...INTERNAL, ...this.#words.inputs, ...this.#words.parameters]);
    const reading = readInputs(this.compiled, this.#slots, this.#words, names);
    this.#use(...reading.helpers);
    const shown = this.#slots.map((slot) => this.#graph.axes.get(slot).name).join(', ');
    return {
      name: 'readInputs',
      parameters: this.#readsOptions()
        ? [...this.#inputParameters(), { name: 'options', type: this.#optionsType }]
        : this.#inputParameters(),
      returns: '',
      body: [...reading.lines, `return { ${reading.fields.join(', ')} };`]
        .flatMap((line) => wrapped(line))
        .join('\n'),
      doc: `Checks shapes and parameters and finds the lengths of the axes. Every tensor it gives has the dimensions [${shown}], of length 1 where it lacks the axis.`,
      exported: false,
      uses: [],
    };
  }

  #coreFunctions(): EmittedFunction[] {
    const { compiled } = this;
    const all = [...compiled.gradients];
    const predictions = all.filter(([name]) => compiled.inputs.some((input) => input.name === name));
    const seedless = this.#form === 'itemwise' && !this.#plainMean;
    const names = predictions.map(([name]) => name);
    const roots = [compiled.value, ...predictions.map(([, node]) => node)];
    const joint = seedless ? substitute(this.#graph, roots, compiled.seed, this.#graph.constant(1)) : roots;
    const needsSeed = !this.#plainMean && !compiled.scalar;
    const functions: EmittedFunction[] = [];
    if (!this.#plainMean)
      functions.push(this.#core('itemValues', [compiled.value], [], false, 'The value of each item.'));
    functions.push(
      this.#core(
        'itemGradients',
        joint,
        names,
        needsSeed && !seedless,
        seedless
          ? `The value of each item, and its derivative with respect to ${names.join(', ')}.`
          : `The value of each item, and the derivative of the ${this.#plainMean ? 'mean' : 'whole'} with respect to ${names.join(', ')}.`,
      ),
    );
    if (all.length > predictions.length) {
      functions.push(
        this.#core(
          'allGradients',
          [compiled.value, ...all.map(([, node]) => node)],
          all.map(([name]) => name),
          needsSeed,
          'The value of each item, and the derivative of the whole with respect to every prediction and parameter.',
        ),
      );
    }
    return functions;
  }

  #core(
    name: string,
    roots: readonly Node[],
    gradients: readonly string[],
    seeded: boolean,
    doc: string,
  ): EmittedFunction {
    const used = new Set<string>();
    const note = (text: string): string => {
      if (/^[A-Za-z_]/.test(text)) used.add(text);
      return text;
    };
    const leaves: LeafNames = {
      input: (node) => (node.leaf!.position === -2 ? 'seed' : note(this.#words.inputs[node.leaf!.position]!)),
      parameter: (node) => note(this.#words.parameters[node.leaf!.position]!),
      size: (axis) => note(this.#words.size(axis)),
      order: (node) => this.#parameterOrder(node),
    };
    const sizes = this.#graph.axes.all.map((_, axis) => this.#words.size(axis));
    const names = new Names([...INTERNAL, ...this.#words.inputs, ...this.#words.parameters, ...sizes]);
    const resultNames = ['value', ...gradients.map((gradient) => `d${capital(gradient)}`)];
    const shared = shareProducts(this.#graph, roots);
    const body = emitBody(shared, this.#slots, leaves, names, resultNames);
    this.#use(...body.helpers);
    const results = body.results.map((result, i) => {
      if (i === 0) return result.host ? `tf.scalar(${result.text})` : result.text;
      return this.#fullGradient(gradients[i - 1]!, shared[i]!, result, note);
    });
    const lines = [
      ...body.lines,
      `return ${gradients.length === 0 ? results[0] : `[${results.join(', ')}]`};`,
    ];
    const words = wordsOf(lines);
    const mentioned = [...used].filter((word) => words.has(word));
    const unpack = mentioned.length === 0 ? [] : [`const { ${mentioned.join(', ')} } = read;`];
    return {
      name,
      parameters: [
        { name: mentioned.length === 0 ? '_read' : 'read', type: 'Read' },
        ...(seeded ? [{ name: words.has('seed') ? 'seed' : '_seed', type: 'tf.Tensor' }] : []),
      ],
      returns: gradients.length === 0 ? 'tf.Tensor' : `[${results.map(() => 'tf.Tensor').join(', ')}]`,
      body: [...unpack, ...lines].flatMap((line) => wrapped(line)).join('\n'),
      doc,
      exported: false,
      uses: [],
    };
  }

  /** A derivative with all axes of its input or parameter, in their declared order. */
  #fullGradient(
    name: string,
    node: Node,
    result: { readonly text: string; readonly host: boolean },
    note: (text: string) => string,
  ): string {
    const input = this.compiled.inputs.find((entry) => entry.name === name);
    const parameter = this.compiled.parameters.find((entry) => entry.name === name);
    const declared = input === undefined ? parameter!.axes : [0, ...input.axes];
    const mask: AxisSet = declared.reduce((axes, axis) => axes | (1 << axis), 0);
    let text = result.text;
    if (result.host || node.axes !== mask) {
      const shape = this.#slots.map((slot) => ((mask >> slot) & 1 ? note(this.#words.size(slot)) : '1'));
      this.#use('spread');
      text = `spread(${text}, [${shape.join(', ')}])`;
    }
    if (declared.every((axis, i) => i === 0 || axis > declared[i - 1]!)) return text;
    const rest = this.#slots.filter((slot) => !declared.includes(slot));
    const order = [...declared, ...rest].map((axis) => this.#slots.indexOf(axis));
    return `tf.transpose(${text}, [${order.join(', ')}])`;
  }

  #parameterOrder(node: Node): string | undefined {
    const { axes } = this.compiled.parameters[node.leaf!.position]!;
    const sorted = [...axes].sort((a, b) => a - b);
    return sorted.every((axis, i) => axis === axes[i])
      ? undefined
      : `[${sorted.map((axis) => axes.indexOf(axis)).join(', ')}]`;
  }
}

const capital = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1);

/** Axes that have a dimension in the emitted tensors, ascending. A list from which only single numbers are taken needs none. */
function slotsOf(compiled: CompiledLoss): number[] {
  let axes = 1;
  const { order, host, usersOf } = schedule([compiled.value, ...compiled.gradients.values()]);
  for (const node of order) {
    const users = usersOf(node);
    if (host.has(node) || (users.length > 0 && users.every((user) => host.has(user)))) continue;
    axes |= node.axes | node.axis | node.to;
  }
  for (const input of compiled.inputs) axes |= input.node.axes;
  return axisIndices(axes);
}
