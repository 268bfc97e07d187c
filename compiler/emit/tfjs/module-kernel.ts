import type { Node } from '../../graph/graph.js';
import type { EmittedFunction } from '../helpers/emitted-function.js';
import { bodyOf } from '../print/code.js';
import { wrapped } from '../print/layout.js';
import { stringText } from '../print/literals.js';
import { HostPrinter } from './host-printer.js';
import type { ModuleParts } from './module-parts.js';

/** A kernel of WebAssembly for the mean of a loss and its derivative by the prediction, for the wasm backend. */
export interface ModuleKernel {
  /** In TensorFlow.js's registry: no other kernel has it. */
  readonly name: string;
  /** The module of WebAssembly. */
  readonly base64: string;
  /** Bytes that it needs for each class. */
  readonly recordBytes: number;
  /** Positions of the parameters by class. */
  readonly lists: readonly number[];
  /** Numbers that it is given, of the loss compiled for its plain mean. */
  readonly numbers: readonly Node[];
  /** Position of the prediction among the inputs. */
  readonly prediction: number;
  /** The axis of the classes, if there is one. */
  readonly axis: number | undefined;
  readonly targetPerClass: boolean;
}

/** Beyond so many bytes what a kernel keeps of four items leaves the caches, and is no small thing to ask for. */
const MOST_SCRATCH = 2 ** 24;

/** The functions that a module has for its kernel. */
export function kernelFunctions(parts: ModuleParts, kernel: ModuleKernel): EmittedFunction[] {
  parts.use(['registerLossKernel', 'byLossKernel', 'checkOptions']);
  return [fusedFunction(parts, kernel), textFunction(kernel)];
}

/** The main function, which asks its kernel first. */
export function askingKernel(main: EmittedFunction, { words }: ModuleParts): EmittedFunction {
  const ask = [
    `const kernel = fused(${[...words.inputs, 'options'].join(', ')});`,
    'if (kernel !== undefined) return kernel;',
    '',
  ].join('\n');
  return {
    ...main,
    body: ask + main.body,
    ...(main.typedBody !== undefined && { typedBody: ask + main.typedBody }),
  };
}

function fusedFunction(parts: ModuleParts, kernel: ModuleKernel): EmittedFunction {
  const { words, counted } = parts;
  const printer = new HostPrinter({
    parameter: (node) => `read.${words.parameters[node.leaf!.position]!}`,
    size: (axis) => sizeOf(parts, axis),
    bound: () => undefined,
    use: (helper) => parts.use([helper]),
  });
  const prediction = words.inputs[kernel.prediction]!;
  const target = words.inputs[1 - kernel.prediction]!;
  const classes = kernel.axis === undefined ? '1' : sizeOf(parts, kernel.axis);
  const batch = sizeOf(parts, 0);
  const name = stringText(kernel.name);
  const numbers = kernel.numbers.map((node) => `Number(${printer.text(node)})`);
  const lists = kernel.lists.map((position) => `read.${words.parameters[position]!}`);
  const lines = [
    'const { reduction, sampleWeight } = checkOptions(options);',
    'const { state } = tf.engine();',
    'if (!tf.engine().isTapeOn() || state.gradientDepth > 1 || sampleWeight !== undefined) return undefined;',
    "if (reduction === 'sum' || reduction === 'none') return undefined;",
    `if (!registerLossKernel(${name}, kernelText(), ${kernel.recordBytes})) return undefined;`,
    'return tf.tidy(() => {',
    `  const read = readInputs(${[...words.inputs, 'options'].join(', ')});`,
    `  const sizes = { batch: ${batch}, classes: ${classes} };`,
    `  const inputs = { target: read.${target}, prediction: read.${prediction} };`,
    '  const size = sizes.batch * sizes.classes;',
    ...(counted ? ['  if (read.counts !== undefined) return undefined;'] : []),
    '  if (size === 0 || inputs.prediction.size !== size) return undefined;',
    `  if (inputs.target.size !== ${kernel.targetPerClass ? 'size' : 'sizes.batch'}) return undefined;`,
    `  if (sizes.classes * ${kernel.recordBytes} > ${MOST_SCRATCH}) return undefined;`,
    `  return byLossKernel(${name}, ${prediction}, inputs, sizes, [${numbers.join(', ')}], [${lists.join(', ')}]);`,
    '});',
  ];
  return {
    name: 'fused',
    parameters: [...parts.inputParameters(), { name: 'options', type: parts.optionsType }],
    returns: 'tf.Scalar | undefined',
    ...bodyOf(lines, (line) => wrapped(line.trimStart(), line.length - line.trimStart().length)),
    doc: 'The mean of all items as one step of the tape by a kernel, value and gradient in one pass; undefined where operators have to do it: on other backends, with weights or labels, for another reduction, under a nested tape.',
    exported: false,
  };
}

const sizeOf = ({ words }: ModuleParts, axis: number): string => {
  const size = words.size(axis);
  return /^\d/.test(size) ? size : `read.${size}`;
};

const textFunction = ({ base64 }: ModuleKernel): EmittedFunction => ({
  name: 'kernelText',
  parameters: [],
  returns: 'string',
  body: `return ${stringText(base64)};`,
  doc: 'The kernel: a module of WebAssembly, in base64.',
  exported: false,
});
