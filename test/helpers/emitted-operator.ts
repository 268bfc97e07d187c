import type * as Tf from '@tensorflow/tfjs-core';
import { helperFunctions } from '../../compiler/emit/helpers/helpers.js';
import { plainLines } from '../../compiler/emit/print/code.js';
import { Names } from '../../compiler/emit/print/names.js';
import { emitBody } from '../../compiler/emit/tfjs/body.js';
import { functionText } from '../../compiler/emit/tfjs/javascript.js';
import { BATCH } from '../../compiler/graph/axes.js';
import { Graph, type Node } from '../../compiler/graph/graph.js';
import { RawBuilder } from '../../compiler/graph/raw.js';
import { type ElementwiseOp, elementwise } from '../../compiler/operators/elementwise.js';
import { ANY } from '../../compiler/operators/range.js';

/** How many arguments an operator is tried with. */
export const arityOf = (op: ElementwiseOp): number => {
  const { arity } = elementwise(op);
  return arity === 'many' ? 2 : arity;
};

/** Helpers of an operator know nothing of a loss. */
const OWN = { LOSS: '', KNOWN_OPTIONS: '[]', COLUMN: '[]', COLUMN_SHAPE: '[]', optionsType: '' };

/** An operator as it is emitted for tensors of which nothing is known. A condition comes as 0 and 1. */
export function emittedOperator(
  tf: typeof Tf,
  op: ElementwiseOp,
  order = 0,
): (...args: Tf.Tensor[]) => Tf.Tensor {
  const graph = new Graph();
  const b = new RawBuilder(graph);
  const names = Array.from({ length: arityOf(op) }, (_, i) => `x${i}`);
  const inputs = names.map((name, position) =>
    graph.make('input', [], {
      axes: BATCH,
      range: ANY,
      leaf: { kind: 'given', name, position, data: false },
    }),
  );
  const truth = (x: Node): Node => b.apply('not', [b.apply('eq', [x, b.constant(0)])]);
  const args = inputs.map((input, i) => (elementwise(op).conditions.includes(i) ? truth(input) : input));
  const node = graph.make(op, args, { value: order });
  const leaves = {
    input: ({ leaf }: { leaf: { position: number } | undefined }) => names[leaf!.position]!,
    whole: () => '',
    parameter: () => '',
    size: () => 'x0.shape[0]',
    order: () => undefined,
  };
  const { lines, results, helpers } = emitBody(
    graph,
    [node],
    [0],
    leaves,
    new Names(names),
    ['value'],
    new Map(),
  );
  const functions = helperFunctions(helpers, { form: 'itemwise', counted: false }, OWN).map((entry) =>
    functionText(entry, false),
  );
  const result = `tf.cast(${results[0]!.text}, 'float32')`;
  const text = `${functions.join('\n')}\nreturn (${names.join(', ')}) => {\n${plainLines(lines).join('\n')}\nreturn ${result};\n};`;
  return new Function('tf', text)(tf) as (...args: Tf.Tensor[]) => Tf.Tensor;
}
