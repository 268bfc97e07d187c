/** The compiler as the search uses it: one loss at a time, from trees, without files or text. */

import { type CompiledLoss, compileLowered } from '../../compiler/compile.js';
import { evaluate, type Values } from '../../compiler/evaluate.js';
import { findFunction } from '../../compiler/functions.js';
import { type Node, reachable } from '../../compiler/graph.js';
import { lowerLoss } from '../../compiler/lower.js';
import type { LoweredParameter, ParameterValue } from '../../compiler/lowered.js';
import { programOf } from '../../compiler/program.js';
import { raise } from '../../compiler/raise.js';
import { simplify } from '../../compiler/simplify.js';
import type { Domain, Expr, LossDecl, SketchDecl } from '../../grammar/ast.js';
import { invariant } from '../../grammar/invariant.js';
import { hash32 } from '../random.js';
import type { Candidate, LossAnalysis, LossCompiler, NumericLoss, ParameterValues } from './types.js';

export const lossCompiler: LossCompiler = {
  analyse(candidate) {
    const compiled = compile(candidate);
    return 'errors' in compiled ? { ...NOTHING, errors: compiled.errors } : analyse(compiled);
  },
  numeric(candidate, parameters = {}) {
    const compiled = compile(candidate);
    invariant(!('errors' in compiled), 'only losses without errors are evaluated');
    return numericLoss(compiled, parameters);
  },
  arity(name) {
    const row = findFunction(name);
    if (row?.kind === 'values') return row.arity;
    return row?.kind === 'both' ? 2 : undefined;
  },
  simplify(tree, sketch, library) {
    const loss = elementByElement(tree, sketch);
    const { loss: lowered, diagnostics } = lowerLoss(programOf([loss], library), loss);
    if (lowered === undefined || diagnostics.some(({ severity }) => severity === 'error')) return undefined;
    const [root] = simplify(lowered.graph, [lowered.value]).roots;
    return raise(lowered.graph, root!).result;
  },
};

/** What a domain along an axis says of each of its elements. */
const ELEMENT_DOMAINS: Readonly<Record<string, string>> = { onehot: 'binary', probability: 'unit' };

/** A loss without axes whose body is the tree: what holds for it holds for every element. */
function elementByElement(tree: Expr, sketch: SketchDecl): LossDecl {
  const withoutAxes = <T extends { readonly domain?: Domain }>(item: T): T => {
    if (item.domain === undefined) return item;
    const { axes: _, ...domain } = item.domain;
    return { ...item, domain: { ...domain, name: ELEMENT_DOMAINS[domain.name] ?? domain.name } };
  };
  return {
    kind: 'loss',
    name: sketch.name,
    inputs: sketch.inputs.map(withoutAxes),
    parameters: sketch.parameters.map(withoutAxes),
    body: { lets: [], result: tree },
  };
}

const NOTHING: LossAnalysis = {
  errors: [],
  canonicalHash: '',
  gradientHash: '',
  predictionMatters: false,
  targetMatters: false,
  neverFinite: false,
};

function compile({ loss, library }: Candidate): CompiledLoss | { readonly errors: readonly string[] } {
  const { loss: lowered, diagnostics } = lowerLoss(programOf([loss], library), loss);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  if (lowered === undefined || errors.length > 0) return { errors };
  return compileLowered(lowered, { fromLogits: true });
}

function analyse(compiled: CompiledLoss): LossAnalysis {
  const { value, gradients } = compiled.formula;
  const prediction = compiled.inputs.find((input) => !input.data);
  invariant(prediction !== undefined, 'a checked loss has a prediction');
  const gradient = gradients.get(prediction.name)!;
  return {
    errors: [],
    canonicalHash: hashOf(value, 1),
    gradientHash: hashOf(gradient, leadingSize(gradient)),
    predictionMatters: !(gradient.op === 'const' && gradient.value === 0),
    targetMatters: reachable([gradient]).some((node) => node.op === 'input' && node.leaf?.data === true),
    neverFinite: value.range.lo === Number.POSITIVE_INFINITY || value.range.hi === Number.NEGATIVE_INFINITY,
  };
}

/** A term of a sum: its constant factor and what else it is made of. */
function termOf(node: Node): { readonly factor: number; readonly rest: readonly Node[] } {
  const parts = node.op === 'mul' ? node.args : [node];
  const [first, ...rest] = parts;
  return first!.op === 'const' ? { factor: first!.value, rest } : { factor: 1, rest: parts };
}

/** Absolute value of the constant factor of the first term: what a positive multiple of the expression differs in. */
function leadingSize(node: Node): number {
  const { factor } = termOf(node.op === 'add' ? node.args[0]! : node);
  return factor === 0 ? 1 : Math.abs(factor);
}

/** Digits of constant factors that are compared: scaling may change the last ones. */
const FACTOR_DIGITS = 12;

/**
 * Hash of the expression divided by `scale`. Nodes are numbered by a walk from the root and not by when they were made,
 * so equal expressions have equal text.
 */
function hashOf(root: Node, scale: number): string {
  const numbers = new Map<Node, number>();
  const lines: string[] = [];
  const number = (node: Node): number => {
    const known = numbers.get(node);
    if (known !== undefined) return known;
    const args = node.args.map(number).join(' ');
    const { op, value, axis, to, leaf, data } = node;
    lines.push([op, value, axis, to, leaf?.position ?? '', data ?? '', args].join(','));
    numbers.set(node, lines.length);
    return lines.length;
  };
  const sums = (root.op === 'add' ? root.args : [root]).map(termOf).map(({ factor, rest }) => {
    return [(factor / scale).toPrecision(FACTOR_DIGITS), ...rest.map(number)].join(' ');
  });
  const text = `${lines.join(';')}|${sums.join(';')}`;
  return [1, 2, 3].map((seed) => hash32(text, seed).toString(16).padStart(8, '0')).join('');
}

/** Evaluates with the reference interpreter: exact in meaning, and fast enough for small batches. */
function numericLoss(compiled: CompiledLoss, parameters: ParameterValues): NumericLoss {
  const prediction = compiled.inputs.find((input) => !input.data)!;
  const classAxis = prediction.axes[0]!;
  const gradient = compiled.gradients.get(prediction.name)!;
  return {
    evaluate(target, output, batch, classes) {
      const sizes = [batch];
      sizes[classAxis] = classes;
      const values = new Map(compiled.inputs.map((input) => [input.position, input.data ? target : output]));
      const leaf = (node: Node): Values => {
        const position = node.leaf?.position ?? 0;
        if (node.op === 'parameter') {
          const parameter = compiled.parameters.find((item) => item.position === position)!;
          const value = parameters[parameter.name] ?? parameter.default;
          return { axes: node.axes, data: numbersOf(value, parameter, classes) };
        }
        // The seed of a coupled loss weights the items; here each counts once.
        return { axes: node.axes, data: values.get(position) ?? new Float64Array(batch).fill(1) };
      };
      const results = evaluate(compiled.lowered.graph, [compiled.value, gradient], { sizes, leaf });
      return {
        values: results.get(compiled.value)!.data,
        gradient: spread(results.get(gradient)!, batch, classes),
      };
    },
  };
}

function numbersOf(
  value: ParameterValue | undefined,
  { name, axes }: LoweredParameter,
  classes: number,
): Float64Array {
  invariant(value !== undefined, `the parameter ${name} has no value`);
  if (typeof value === 'number') return new Float64Array(axes.length === 0 ? 1 : classes).fill(value);
  return Float64Array.from(flatten(value));
}

/** A gradient that is the same for all items or all classes, as `[batch, classes]`. */
function spread({ axes, data }: Values, batch: number, classes: number): Float64Array {
  if (data.length === batch * classes) return data;
  const perItem = (axes & 1) !== 0;
  return Float64Array.from({ length: batch * classes }, (_, k) => {
    if (data.length === 1) return data[0]!;
    return data[perItem ? Math.floor(k / classes) : k % classes]!;
  });
}

function flatten(value: ParameterValue): number[] {
  return typeof value === 'number' ? [value] : value.flatMap(flatten);
}
