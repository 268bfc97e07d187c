import type { CompiledLoss } from '../../compile.js';
import type { AxisSet } from '../../graph/axes.js';
import type { Node } from '../../graph/graph.js';
import type { LoweredInput, LoweredParameter } from '../../lower/lowered.js';
import { shareProducts } from '../plan/share-products.js';
import { wordsOf } from '../print/names.js';
import { BodyEmitter, type Leaves } from './body.js';
import type { Framework } from './framework.js';
import { docstring, indented, tuple } from './text.js';
import type { Words } from './words.js';

/** Something that gets a gradient, and what it is called. */
interface Wanted {
  readonly name: string;
  readonly axes: AxisSet;
  readonly gradient: Node;
}

/** The functions that compute, from tensors that have been read: the value of each item, and the derivatives. */
export class Core {
  readonly #predictions: readonly Wanted[];
  readonly #parameters: readonly Wanted[];
  readonly #leaves: Leaves;

  constructor(
    private readonly compiled: CompiledLoss,
    private readonly words: Words,
    private readonly framework: Framework,
  ) {
    const gradient = (name: string): Node => compiled.gradients.get(name)!;
    this.#predictions = compiled.inputs
      .filter((input) => !input.data)
      .map(({ name, position, node }) => ({
        name: words.inputs[position]!,
        axes: node.axes,
        gradient: gradient(name),
      }));
    this.#parameters = compiled.parameters.map(({ name, position, node }) => ({
      name: words.parameters[position]!,
      axes: node.axes,
      gradient: gradient(name),
    }));
    this.#leaves = {
      input: (node) => (node.leaf!.kind === 'seed' ? 'seed' : words.inputs[node.leaf!.position]!),
      parameter: (node) => words.parameters[node.leaf!.position]!,
      like: this.#predictions[0]!.name,
      holder: (axis) => this.#holder(axis),
    };
  }

  /** What the functions are called with: every input and every parameter. */
  get arguments(): readonly string[] {
    return [...this.words.inputs, ...this.words.parameters];
  }

  #holder(axis: number): string {
    const holds = (leaf: LoweredInput | LoweredParameter): boolean => ((leaf.node.axes >> axis) & 1) === 1;
    const input = [...this.compiled.inputs].sort((a, b) => Number(a.data) - Number(b.data)).find(holds);
    if (input !== undefined) return this.words.inputs[input.position]!;
    return this.words.parameters[this.compiled.parameters.find(holds)!.position]!;
  }

  value(): string[] {
    const { compiled, framework } = this;
    const { graph } = compiled.lowered;
    const [root] = shareProducts(graph, [compiled.value]);
    const body = new BodyEmitter(
      graph,
      [root!],
      this.words.slots,
      framework,
      this.#leaves,
      this.words.local(),
      compiled.letNames(),
    );
    const lines = body.lines([root!]);
    const value = body.isNumber(root!)
      ? framework.number(body.text(root!), this.#leaves.like)
      : body.text(root!);
    return this.#function('_value', [], compiled.scalar ? 'The loss.' : 'The loss of each item.', [
      ...lines,
      `return ${framework.reshape(value, compiled.scalar ? '()' : '(-1,)')}`,
    ]);
  }

  /** The derivatives by predictions and parameters; those of parameters only where `learning`, if there is that argument. */
  gradients(learning: boolean): string[] {
    const { compiled, framework } = this;
    const { graph } = compiled.lowered;
    const wanted = [...this.#predictions, ...this.#parameters];
    const roots = shareProducts(
      graph,
      wanted.map(({ gradient }) => gradient),
    );
    const names = this.words.local();
    const results = wanted.map(({ name }) => names.takeNumbered(`d_${name}`));
    const body = new BodyEmitter(
      graph,
      roots,
      this.words.slots,
      framework,
      this.#leaves,
      names,
      compiled.letNames(),
    );
    const own = (from: number, to: number): string[] => [
      ...body.lines(roots.slice(from, to)),
      ...wanted
        .slice(from, to)
        .map((entry, i) => `${results[from + i]} = ${this.#full(body, roots[from + i]!, entry)}`),
    ];
    const count = this.#predictions.length;
    const early = learning && this.#parameters.length > 0;
    const first = own(0, count);
    const nothing = [...results.slice(0, count), ...this.#parameters.map(() => 'None')];
    const lines = [
      ...first,
      ...(early ? ['if not learning:', `    return ${nothing.join(', ')}`] : []),
      ...own(count, wanted.length),
      `return ${results.length === 1 ? tuple(results) : results.join(', ')}`,
    ];
    if (!compiled.scalar && this.words.slots.length > 1 && wordsOf(lines).has('seed'))
      lines.unshift(
        `seed = ${framework.reshape('seed', tuple(this.words.slots.map((_, i) => (i === 0 ? -1 : 1))))}`,
      );
    return this.#function(
      '_gradients',
      ['seed', ...(early ? ['learning'] : [])],
      `The derivatives with respect to ${wanted.map(({ name }) => name).join(', ')}, ${compiled.scalar ? 'times seed' : 'each item weighted with its seed'}.`,
      lines,
    );
  }

  /** A derivative in the shape of what it is the derivative by. */
  #full(body: BodyEmitter, node: Node, { name, axes }: Wanted): string {
    const { framework } = this;
    const scaled = (text: string): string => (this.compiled.scalar ? `seed * ${text}` : text);
    if (body.isNumber(node)) return scaled(framework.filled(body.text(node), name));
    const text = body.text(node);
    if (axes === 0) return scaled(framework.reshape(text, '()'));
    if (node.axes !== axes) return scaled(framework.spread(/^\w+$/.test(text) ? text : `(${text})`, name));
    return this.compiled.scalar && /[ ]/.test(text) ? `seed * (${text})` : scaled(text);
  }

  #function(name: string, more: readonly string[], doc: string, lines: readonly string[]): string[] {
    return [
      `def ${name}(${[...this.arguments, ...more].join(', ')}):`,
      ...indented([...docstring([doc]), ...lines]),
    ];
  }
}
