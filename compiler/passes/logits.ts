import type { Node } from '../graph/graph.js';
import type { Builder } from '../graph/raw.js';
import { rebuild } from '../graph/rebuild.js';
import type { LoweredInput, LoweredLoss } from '../lower/lowered.js';
import { ANY } from '../operators/range.js';

/** Which predictions are taken before softmax or sigmoid: all that can be, none, or those named. */
export type LogitsChoice = boolean | readonly string[];

export interface FromLogits {
  readonly inputs: readonly LoweredInput[];
  readonly value: Node;
  readonly lets: ReadonlyMap<string, Node>;
  /** Names of the inputs that are logits now. */
  readonly logits: readonly string[];
}

/** Puts softmax or sigmoid in front of the predictions that are given as logits. `replace` may put other nodes in other places. */
export function takeLogits(
  loss: LoweredLoss,
  which: LogitsChoice,
  b: Builder,
  replace: ReadonlyMap<Node, Node> = new Map(),
): FromLogits {
  const chosen = (input: LoweredInput): boolean =>
    input.activation !== undefined && (typeof which === 'boolean' ? which : which.includes(input.name));
  const replaced = new Map<Node, Node>(replace);
  const inputs = loss.inputs.map((input): LoweredInput => {
    if (!chosen(input)) return input;
    const { name, position, data } = input.node.leaf!;
    const node = loss.graph.make('input', [], {
      axes: input.node.axes,
      range: ANY,
      leaf: { kind: 'logits', name, position, data },
    });
    const simplex = 1 << (input.simplexAxis ?? 0);
    // Softmax as exp(log_softmax): logs, powers and quotients of it then simplify by the rules of exp.
    const value =
      input.activation === 'softmax'
        ? b.apply('exp', [b.along('logSoftmax', node, simplex)])
        : b.apply('sigmoid', [node]);
    replaced.set(input.node, value);
    return { ...input, domain: 'logits', node };
  });
  const logits = loss.inputs.filter(chosen).map((input) => input.name);
  if (replaced.size === 0) return { inputs, value: loss.value, lets: loss.lets, logits };
  const [value, ...lets] = rebuild(b, [loss.value, ...loss.lets.values()], (node) => replaced.get(node));
  const names = [...loss.lets.keys()];
  return { inputs, value: value!, lets: new Map(names.map((name, i) => [name, lets[i]!])), logits };
}
