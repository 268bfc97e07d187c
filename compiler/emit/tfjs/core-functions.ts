import type { AxisSet } from '../../graph/axes.js';
import type { Node } from '../../graph/graph.js';
import type { EmittedFunction } from '../helpers/emitted-function.js';
import { shareProducts, substitute } from '../plan/share-products.js';
import { bodyOf, plainLines } from '../print/code.js';
import { wrapped } from '../print/layout.js';
import { Names, wordsOf } from '../print/names.js';
import { emitBody } from './body.js';
import type { LeafNames } from './leaf-names.js';
import { capital, INTERNAL, type ModuleParts } from './module-parts.js';

/** The functions of a module that compute: the value of each item, and it with its derivatives, from inputs that have been read. */
export const coreFunctions = (module: ModuleParts): EmittedFunction[] =>
  new CoreFunctions(module).functions();

const NO_NAMES: ReadonlyMap<Node, string> = new Map();

class CoreFunctions {
  constructor(private readonly module: ModuleParts) {}

  functions(): EmittedFunction[] {
    const { compiled } = this.module;
    const all = [...compiled.gradients];
    const predictions = all.filter(([name]) => compiled.inputs.some((input) => input.name === name));
    const seedless = this.module.form === 'itemwise' && !this.module.plainMean;
    const names = predictions.map(([name]) => name);
    const roots = [compiled.value, ...predictions.map(([, node]) => node)];
    const joint = seedless
      ? substitute(this.module.graph, roots, compiled.seed, this.module.graph.constant(1))
      : roots;
    const needsSeed = !this.module.plainMean && !compiled.scalar;
    const functions: EmittedFunction[] = [];
    if (!this.module.plainMean)
      functions.push(this.#core('itemValues', [compiled.value], [], false, 'The value of each item.'));
    functions.push(
      this.#core(
        'itemGradients',
        joint,
        names,
        needsSeed && !seedless,
        seedless
          ? `The value of each item, and its derivative with respect to ${names.join(', ')}.`
          : `The value of each item, and the derivative of the ${this.module.plainMean ? 'mean' : 'whole'} with respect to ${names.join(', ')}.`,
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
      input: (node) =>
        node.leaf!.kind === 'seed' ? 'seed' : note(this.module.words.inputs[node.leaf!.position]!),
      whole: (node) => note(this.module.words.wholes.get(node.leaf!.position)!),
      parameter: (node) => note(this.module.words.parameters[node.leaf!.position]!),
      size: (axis) => note(this.module.words.size(axis)),
      order: (node) => this.#parameterOrder(node),
    };
    const sizes = this.module.graph.axes.all.map((_, axis) => this.module.words.size(axis));
    const names = new Names([
      ...INTERNAL,
      ...this.module.words.inputs,
      ...this.module.words.parameters,
      ...sizes,
    ]);
    const resultNames = ['value', ...gradients.map((gradient) => `d${capital(gradient)}`)];
    const shared = shareProducts(this.module.graph, roots);
    const body = emitBody(
      this.module.graph,
      shared,
      this.module.slots,
      leaves,
      names,
      resultNames,
      // Nobody reads what a training runs, and names take time.
      this.module.plainMean ? NO_NAMES : this.module.compiled.letNames(),
    );
    this.module.use(body.helpers);
    const results = body.results.map((result, i) => {
      if (i === 0) return result.host ? `tf.scalar(${result.text})` : result.text;
      return this.#fullGradient(gradients[i - 1]!, shared[i]!, result, note);
    });
    const lines = [
      ...body.lines,
      `return ${gradients.length === 0 ? results[0] : `[${results.join(', ')}]`};`,
    ];
    const words = wordsOf(plainLines(lines));
    const mentioned = [...used].filter((word) => words.has(word));
    const unpack = mentioned.length === 0 ? [] : [`const { ${mentioned.join(', ')} } = read;`];
    return {
      name,
      parameters: [
        { name: mentioned.length === 0 ? '_read' : 'read', type: 'Read' },
        ...(seeded ? [{ name: words.has('seed') ? 'seed' : '_seed', type: 'tf.Tensor' }] : []),
      ],
      returns: gradients.length === 0 ? 'tf.Tensor' : `[${results.map(() => 'tf.Tensor').join(', ')}]`,
      ...bodyOf([...unpack, ...lines], (line) => wrapped(line)),
      doc,
      exported: false,
    };
  }

  /** A derivative with all axes of its input or parameter, in their declared order. */
  #fullGradient(
    name: string,
    node: Node,
    result: { readonly text: string; readonly host: boolean },
    note: (text: string) => string,
  ): string {
    const input = this.module.compiled.inputs.find((entry) => entry.name === name);
    const parameter = this.module.compiled.parameters.find((entry) => entry.name === name);
    const declared = input === undefined ? parameter!.axes : [0, ...input.axes];
    const mask: AxisSet = declared.reduce((axes, axis) => axes | (1 << axis), 0);
    let text = result.text;
    if (result.host || node.axes !== mask) {
      const shape = this.module.slots.map((slot) =>
        (mask >> slot) & 1 ? note(this.module.words.size(slot)) : '1',
      );
      this.module.use(['spread']);
      text = `spread(${text}, [${shape.join(', ')}])`;
    }
    if (declared.every((axis, i) => i === 0 || axis > declared[i - 1]!)) return text;
    const rest = this.module.slots.filter((slot) => !declared.includes(slot));
    const order = [...declared, ...rest].map((axis) => this.module.slots.indexOf(axis));
    this.module.use(['transposed']);
    return `transposed(${text}, [${order.join(', ')}])`;
  }

  #parameterOrder(node: Node): string | undefined {
    const { axes } = this.module.compiled.parameters[node.leaf!.position]!;
    const sorted = [...axes].sort((a, b) => a - b);
    return sorted.every((axis, i) => axis === axes[i])
      ? undefined
      : `[${sorted.map((axis) => axes.indexOf(axis)).join(', ')}]`;
  }
}
