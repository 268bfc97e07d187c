import type { CompiledLoss } from '../../compile.js';
import { axisIndices } from '../../graph/axes.js';
import type { Graph } from '../../graph/graph.js';
import { ignoresItems } from '../../lower/labels.js';
import type { EmittedParameter } from '../helpers/emitted-function.js';
import { type Form, HELPER_NAMES, type HelperName } from '../helpers/helpers.js';
import { schedule } from '../plan/schedule.js';
import { Names, publicName, typeName } from '../print/names.js';
import { LOCAL_WORDS, type Vocabulary, vocabulary } from './vocabulary.js';

const CORE_NAMES = ['readInputs', 'itemValues', 'itemGradients', 'allGradients'];
/** Names that a module defines or uses itself, whatever the loss. */
export const INTERNAL: ReadonlySet<string> = new Set([
  ...HELPER_NAMES,
  ...CORE_NAMES,
  ...LOCAL_WORDS,
  // Of a module with a kernel.
  'fused',
  'kernel',
  'kernelText',
  'Read',
  'LOSS',
]);

/** What the parts of a module have in common: what they call inputs, axes and options, and which helpers they use. */
export class ModuleParts {
  readonly graph: Graph;
  readonly slots: readonly number[];
  readonly words: Vocabulary;
  readonly form: Form;
  /** Of the main function; the names of the others begin with it. */
  readonly name: string;
  readonly optionsType: string;
  /** Helpers that the functions use. */
  readonly used = new Set<HelperName>();
  /** The seed is folded into the gradients: a loss compiled for the plain mean. */
  readonly plainMean: boolean;
  /** Labels say which items count. Those of a plain mean have been checked before training. */
  readonly counted: boolean;

  constructor(readonly compiled: CompiledLoss) {
    this.graph = compiled.lowered.graph;
    this.slots = slotsOf(compiled);
    this.form = compiled.scalar ? 'scalar' : compiled.coupled ? 'coupled' : 'itemwise';
    this.name = publicName(compiled.name, INTERNAL);
    this.optionsType = `${typeName(this.name)}Options`;
    this.words = vocabulary(compiled, new Names([...INTERNAL, this.name]));
    this.plainMean = !compiled.scalar && compiled.seed.leaf === undefined;
    this.counted = !this.plainMean && compiled.inputs.some((input) => ignoresItems(compiled.lowered, input));
  }

  use(names: Iterable<HelperName>): void {
    for (const name of names) this.used.add(name);
  }

  inputParameters(): EmittedParameter[] {
    return this.words.inputs.map((name) => ({ name, type: 'tf.Tensor' }));
  }
}

/** `target` as part of another name: `Target`. */
export const capital = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1);

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
