import type { CompiledLoss } from '../../compile.js';
import type { Node } from '../../graph/graph.js';
import { headerText, type Origin } from '../header.js';
import { slotsOf } from '../plan/slots.js';
import { guardDoc } from '../print/guard-doc.js';
import { BodyEmitter } from './body.js';
import type { FunctionName } from './functions.js';
import { type ReadInputs, readInputs } from './inputs.js';
import { IR_VERSION, Library, opsetsOf } from './library.js';
import type { LossScope } from './operators.js';
import { encodeModel, type ModelJson, TYPES, type ValueJson } from './proto.js';
import { reductionOf } from './reduction.js';
import { Scope, type Value } from './scope.js';
import { allGiven, type Given, type ModelSignature, modelSignature, type Port } from './signature.js';
import { fromSlots } from './slots.js';

/** A file of bytes, without a folder. */
export interface ModelFile {
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

/**
 * Value and gradients of a loss as a model of ONNX. Runtimes for JavaScript take no input that has a default, so where there are
 * some, a second file is the same model with all of its inputs required.
 */
export function onnxFiles(compiled: CompiledLoss, origin: Origin): readonly ModelFile[] {
  const signature = modelSignature(compiled);
  const model = modelJson(compiled, signature, origin);
  const { name } = compiled;
  const files = [{ fileName: `${name}.onnx`, bytes: encodeModel(model) }];
  if (model.graph.initializer.length === 0) return files;
  const required = { ...model, graph: { ...model.graph, initializer: [] } };
  return [...files, { fileName: `${name}.required.onnx`, bytes: encodeModel(required) }];
}

function modelJson(compiled: CompiledLoss, signature: ModelSignature, origin: Origin): ModelJson {
  const library = new Library();
  const outputs = [signature.value, signature.items, ...signature.gradients.values()].filter(
    (port) => port !== undefined,
  );
  const given = allGiven(signature);
  const scope = new Scope<FunctionName>(
    [...given, ...outputs].map(({ name }) => name),
    library.called,
  );
  writeLoss(scope, compiled, signature);
  return {
    irVersion: IR_VERSION,
    opsetImport: opsetsOf(library.functions),
    producerName: 'lossc',
    producerVersion: origin.version,
    docString: docOf(compiled, origin, given, outputs),
    graph: {
      name: compiled.name,
      input: given.map(valueJson),
      output: outputs.map(valueJson),
      initializer: given.flatMap(({ name, default: initial }) => (initial ? [{ ...initial, name }] : [])),
      node: scope.nodes,
    },
    functions: library.functions,
  };
}

/** The nodes of a model: inputs read, items weighted, value and gradients worked out in one order. */
function writeLoss(scope: LossScope, compiled: CompiledLoss, signature: ModelSignature): void {
  const slots = slotsOf(compiled);
  const read = readInputs(scope, compiled, slots, signature);
  const flat = (x: Value): Value => scope.op('Reshape', [x, read.size(0)]);
  const reduction = compiled.scalar
    ? undefined
    : reductionOf(scope, signature, read.counts && flat(read.counts), read.size(0));
  const others = slots.slice(1).map((_, i) => i + 1);
  const seed =
    reduction && others.length > 0
      ? scope.op('Unsqueeze', [reduction.seed, scope.list(others)])
      : reduction?.seed;
  const wanted = [...signature.gradients.keys()];
  const gradients = wanted.map((name) => compiled.gradients.get(name)!);
  const [value, ...derivatives] = new BodyEmitter(
    scope,
    compiled.lowered.graph,
    [compiled.value, ...gradients],
    slots,
    {
      leaf: ({ op, leaf }) => {
        if (leaf!.kind === 'seed') return seed!;
        return op === 'parameter' ? read.parameters[leaf!.position]! : read.inputs[leaf!.position]!;
      },
      size: read.size,
    },
  ).emit();
  if (reduction === undefined) scope.name(total(scope, value!), signature.value.name);
  else {
    const weighted = reduction.weighted(flat(value!));
    scope.name(reduction.reduced(weighted), signature.value.name);
    scope.name(weighted, signature.items!.name);
  }
  for (const [i, name] of wanted.entries()) {
    const full = inShape(scope, compiled, slots, read, name, derivatives[i]!, gradients[i]!);
    scope.name(full, signature.gradients.get(name)!.name);
  }
}

/** The only number of a tensor, without dimensions. */
const total = (scope: LossScope, x: Value): Value => scope.op('ReduceSum', [x], { keepdims: 0 });

/** A derivative in the shape of what it is the derivative by. */
function inShape(
  scope: LossScope,
  { inputs, parameters }: CompiledLoss,
  slots: readonly number[],
  read: ReadInputs,
  name: string,
  x: Value,
  node: Node,
): Value {
  const input = inputs.find((entry) => entry.name === name);
  const parameter = parameters.find((entry) => entry.name === name);
  const axes = input === undefined ? parameter!.axes : [0, ...input.axes];
  if (axes.length === 0) return total(scope, x);
  const like = input === undefined ? read.parameters[parameter!.position]! : read.inputs[input.position]!;
  const leaf = (input ?? parameter!).node;
  const spread = node.axes === leaf.axes ? x : scope.op('Expand', [x, scope.op('Shape', [like])]);
  const full = fromSlots(scope, slots, axes, spread);
  return input === undefined ? likeGiven(scope, full, name) : full;
}

/** A derivative by a parameter in the shape in which it is given: added up where one number is repeated. */
function likeGiven(scope: LossScope, full: Value, given: Value): Value {
  const repeated = scope.op('Equal', [scope.op('Shape', [given]), scope.whole(1)]);
  const dims = scope.op('Reshape', [scope.op('NonZero', [repeated]), scope.list([-1])]);
  return scope.op('ReduceSum', [full, dims], { keepdims: 1, noop_with_empty_axes: 1 });
}

const valueJson = ({ name, type, dims, doc }: Port): ValueJson => ({
  name,
  docString: doc,
  type: {
    tensorType: {
      elemType: TYPES[type],
      shape: { dim: dims.map((dim) => (typeof dim === 'number' ? { dimValue: dim } : { dimParam: dim })) },
    },
  },
});

/** What a person reads of a model. */
function docOf(
  compiled: CompiledLoss,
  origin: Origin,
  inputs: readonly Given[],
  outputs: readonly Port[],
): string {
  const line = ({ name, type, dims, doc }: Port): string => `  ${name}: ${type} [${dims.join(', ')}], ${doc}`;
  return [
    headerText(compiled, origin),
    ...(compiled.doc.trim() === '' ? [] : ['', compiled.doc.trim()]),
    ...guardDoc(compiled.guardNotes),
    '',
    'Inputs:',
    ...inputs.map(line),
    '',
    'Outputs:',
    ...outputs.map(line),
  ].join('\n');
}
