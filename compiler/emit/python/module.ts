import type { CompiledLoss } from '../../compile.js';
import { axisIndices } from '../../graph/axes.js';
import { reachable } from '../../graph/graph.js';
import type { LoweredInput, LoweredParameter, ParameterValue } from '../../lower/lowered.js';
import { schedule } from '../../schedule.js';
import { filled } from '../layout.js';
import { Names } from '../names.js';
import { numberText, pythonBody } from './body.js';
import { keptApart } from './divisors.js';
import type { Framework } from './framework.js';
import { PYTHON_HELPERS } from './helpers.js';

const KEYWORDS =
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield torch jax jnp ops keras math max min abs sum len range tuple list int float hasattr items reduction loss print type id input object str set map filter ValueError enumerate'.split(
    ' ',
  );

/** A Python file with the loss as a plain function of tensors. Its gradient is the framework's own. */
export function pythonModule(compiled: CompiledLoss, framework: Framework, header: string): string {
  return new PythonModule(compiled, framework).text(header);
}

class PythonModule {
  readonly #names = new Names([...KEYWORDS, ...Object.keys(PYTHON_HELPERS)]);
  readonly #function: string;
  readonly #inputs: readonly string[];
  readonly #parameters: readonly string[];
  readonly #sizes: readonly string[];
  readonly #slots: readonly number[];
  readonly #helpers = new Set<string>();
  readonly #known = new Set<number>();

  constructor(
    private readonly compiled: CompiledLoss,
    private readonly framework: Framework,
  ) {
    const { axes } = compiled.lowered.graph;
    this.#function = this.#names.take(compiled.name);
    this.#inputs = compiled.inputs.map((input) => this.#names.take(input.name));
    this.#parameters = compiled.parameters.map((parameter) => this.#names.take(parameter.name));
    this.#sizes = axes.all.map((axis, index) =>
      axis.size !== undefined
        ? String(axis.size)
        : axis.root === index
          ? this.#names.take(`${axis.name.replace(/\W/g, '_')}_size`)
          : '',
    );
    this.#slots = slotsOf(compiled);
  }

  text(header: string): string {
    const { compiled, framework } = this;
    const reading = this.#reading();
    const tensors: string[] = [];
    const prepared = new Map<LoweredParameter, string>();
    const { root, guards } = keptApart(compiled.lowered.graph, compiled.value, compiled.guards);
    const body = pythonBody(
      root,
      this.#slots,
      framework,
      {
        input: (node) => this.#inputs[node.leaf!.position]!,
        parameter: (node) => this.#parameters[node.leaf!.position]!,
        parameterTensor: (node) => {
          const parameter = compiled.parameters[node.leaf!.position]!;
          const known = prepared.get(parameter);
          if (known !== undefined) return known;
          const name = this.#names.takeNumbered(`${this.#parameters[parameter.position]}_tensor`);
          prepared.set(parameter, name);
          tensors.push(`${name} = ${this.#parameterTensor(parameter)}`);
          return name;
        },
        size: (axis) => this.#size(axis),
      },
      guards,
      this.#names,
    );
    for (const helper of body.helpers) this.#helpers.add(helper);
    const lines = [...reading, ...tensors, ...body.lines, ...this.#result(body.result.text)];
    const definition = [
      `def ${this.#function}(${this.#signature()}):`,
      ...this.#docstring().map((line) => (line === '' ? '' : `    ${line}`)),
      ...lines.map((line) => `    ${line}`),
    ].join('\n');
    const helpers = Object.entries(PYTHON_HELPERS)
      .filter(([name]) => this.#helpers.has(name))
      .map(([, helper]) => helper.text(framework));
    const code = [...helpers, definition].join('\n\n\n');
    const imports = [...(/\bmath\./.test(code) ? ['import math', ''] : []), ...framework.imports].join('\n');
    const comment = pythonText(header)
      .map((line) => `# ${line}`.trimEnd())
      .join('\n');
    return `${comment}\n${imports}\n\n\n${code}\n`;
  }

  #size(axis: number): string {
    const info = this.compiled.lowered.graph.axes.get(axis);
    return this.#sizes[info.root] === '' ? String(info.size) : (this.#sizes[axis] || this.#sizes[info.root])!;
  }

  // ---------------------------------------------------------------- signature and docstring

  #signature(): string {
    const required = this.compiled.parameters.flatMap((parameter, i) =>
      parameter.default === undefined ? [this.#parameters[i]!] : [],
    );
    const optional = this.compiled.parameters.flatMap((parameter, i) =>
      parameter.default === undefined ? [] : [`${this.#parameters[i]}=${literal(parameter.default)}`],
    );
    const reduction = this.compiled.scalar ? [] : [`reduction='${this.framework.reduction.default}'`];
    return [...this.#inputs, ...required, ...optional, ...reduction].join(', ');
  }

  #docstring(): string[] {
    const { compiled } = this;
    const doc = compiled.doc.trim() === '' ? `The loss ${compiled.name}.` : compiled.doc.trim();
    const { axes } = compiled.lowered.graph;
    const shapeOf = (input: LoweredInput): string => {
      const own = input.axes.map((axis) => axes.get(axis).name + (axis === input.many ? '...' : ''));
      if (input.items === 'any') return 'any shape';
      return `[${[input.items === 'rest' ? '...' : 'batch', ...own].join(', ')}]`;
    };
    const inputs = compiled.inputs.map((input, i) => {
      const labels = input.labelAxis === undefined ? '' : ', or integer labels without the last axis';
      const logits = compiled.logits.includes(input.name)
        ? ', before softmax or sigmoid'
        : `, ${input.domain}`;
      return `    ${this.#inputs[i]}: tensor ${shapeOf(input)}${logits}${labels}.`;
    });
    const parameters = compiled.parameters.map((parameter, i) => {
      const along = parameter.axes.map((axis) => axes.get(axis).name).join(', ');
      return `    ${this.#parameters[i]}: ${parameter.domain}${along === '' ? '' : `, one number or one per ${along}`}.`;
    });
    const reduction = compiled.scalar ? [] : [`    reduction: ${this.framework.reduction.doc}.`];
    const lines = [
      ...pythonText(doc),
      '',
      'Args:',
      ...inputs,
      ...parameters,
      ...reduction,
      ...(compiled.scalar ? ['', 'One number for the whole batch.'] : []),
    ].flatMap((line) => filled(line, 100));
    // A quote or a backslash of the doc cannot end the string: it is raw, and holds neither.
    const safe = lines.map((line) => line.replaceAll('\\', '/').replaceAll('"', "'"));
    return [`"""${safe[0]}`, ...safe.slice(1), '"""'];
  }

  // ---------------------------------------------------------------- reading inputs

  #reading(): string[] {
    const { compiled, framework } = this;
    const lines: string[] = [];
    for (const [i, parameter] of compiled.parameters.entries()) {
      const { lo, hi, integer, nonzero } = parameter.range;
      if (lo === -Infinity && hi === Infinity && !integer) continue;
      this.#helpers.add('_check');
      const low = lo === 0 && nonzero ? '5e-324' : numberText(lo);
      const whole = integer ? ', whole=True' : '';
      lines.push(
        `_check('${parameter.name}', ${this.#parameters[i]}, ${low}, ${numberText(hi)}, '${parameter.domain}'${whole})`,
      );
    }
    const plain = compiled.inputs.filter((input) => input.labelAxis === undefined);
    const like = this.#name(compiled.inputs.find((input) => !input.data)!);
    for (const input of plain) lines.push(...this.#axesOf(input));
    for (const input of compiled.inputs.filter((entry) => entry.labelAxis !== undefined))
      lines.push(...this.#labels(input, plain[0], like), ...this.#axesOf(input));
    lines.push(...this.#parameterSizes());
    lines.push(...this.#items());
    for (const input of compiled.inputs) {
      const cast = input.data ? framework.cast(this.#name(input), like) : this.#name(input);
      const shaped = this.#inSlots(input, cast);
      if (shaped !== this.#name(input)) lines.push(`${this.#name(input)} = ${shaped}`);
    }
    return lines;
  }

  #name(input: LoweredInput): string {
    return this.#inputs[input.position]!;
  }

  /** Learns the lengths of an input's own axes. */
  #axesOf(input: LoweredInput): string[] {
    const { axes } = this.compiled.lowered.graph;
    if (input.axes.length === 0) return [];
    const name = this.#name(input);
    const fresh = input.axes.filter((axis) => axes.get(axis).size === undefined && !this.#known.has(axis));
    if (fresh.length === 0) return [];
    for (const axis of fresh) this.#known.add(axis);
    const before = 1 + (input.many === undefined ? 0 : input.axes.indexOf(input.many));
    if (input.many !== undefined) this.#helpers.add('_merged');
    const shape =
      input.many === undefined
        ? this.framework.shape(name)
        : `_merged(${name}, ${before}, ${input.axes.length - before})`;
    const targets = input.axes.map((axis) => (fresh.includes(axis) ? this.#size(axis) : '_'));
    return [`${targets.join(', ')}${targets.length === 1 ? ',' : ''} = ${shape}[-${input.axes.length}:]`];
  }

  #labels(input: LoweredInput, reference: LoweredInput | undefined, like: string): string[] {
    const name = this.#name(input);
    const classes = input.axes.at(-1)!;
    const lines: string[] = [];
    if (!this.#known.has(classes) && this.compiled.lowered.graph.axes.get(classes).size === undefined) {
      const sizes = this.#parameterSizes([classes]);
      lines.push(...(sizes.length > 0 ? sizes : [`${this.#size(classes)} = ${name}.shape[-1]`]));
      this.#known.add(classes);
    }
    this.#helpers.add('_one_hot');
    const own = reference === undefined ? '' : this.#name(reference);
    const asLabels =
      input.items === 'rest' && reference !== undefined
        ? `tuple(${name}.shape[:-${input.axes.length}]) != tuple(${own}.shape${reference.axes.length === 0 ? '' : `[:-${reference.axes.length}]`})`
        : input.many !== undefined && reference !== undefined
          ? `len(${name}.shape) < len(${own}.shape)`
          : `len(${name}.shape) == ${input.axes.length}`;
    return [...lines, `if ${asLabels}:`, `    ${name} = _one_hot(${name}, ${this.#size(classes)}, ${like})`];
  }

  /** Lengths of axes that only a parameter has. */
  #parameterSizes(only?: readonly number[]): string[] {
    const { axes } = this.compiled.lowered.graph;
    const wanted = new Set(only ?? this.#slots.map((slot) => axes.get(slot).root));
    return this.compiled.parameters.flatMap((parameter, i) =>
      parameter.axes.flatMap((axis, depth) => {
        if (!wanted.has(axis) || this.#known.has(axis) || axes.get(axis).size !== undefined) return [];
        this.#known.add(axis);
        const list = `${this.#parameters[i]}${'[0]'.repeat(depth)}`;
        return [`${this.#size(axis)} = len(${list}) if hasattr(${this.#parameters[i]}, '__len__') else 1`];
      }),
    );
  }

  #items(): string[] {
    const { inputs } = this.compiled;
    const itemsOf = (input: LoweredInput): string => {
      const shape = this.framework.shape(this.#name(input));
      if (input.items === 'any') return shape;
      return input.items === 'exact' ? `${shape}[:1]` : `${shape}[:-${input.axes.length}]`;
    };
    // The shortest: a last axis of length 1 that only some inputs have is dropped.
    const exact = inputs.find((input) => input.items === 'exact');
    const shapes = exact === undefined ? inputs.map(itemsOf) : [itemsOf(exact)];
    const distinct = [...new Set(shapes)];
    const items = distinct.length === 1 ? distinct[0]! : `min(${distinct.join(', ')}, key=len)`;
    return [`items = ${items}`, `${this.#size(0)} = math.prod(items)`];
  }

  #inSlots(input: LoweredInput, text: string): string {
    const { framework } = this;
    const declared = [0, ...input.axes];
    const ascending = declared.every((axis, i) => i === 0 || axis > declared[i - 1]!);
    if (input.items === 'exact' && input.many === undefined && declared.join() === this.#slots.join())
      return text;
    const slotShape = tuple(this.#slots.map((slot) => (declared.includes(slot) ? this.#size(slot) : '1')));
    if (ascending) return framework.reshape(text, slotShape);
    const apart = framework.reshape(text, tuple(declared.map((axis) => this.#size(axis))));
    const order = [...declared].sort((a, b) => a - b).map((axis) => declared.indexOf(axis));
    return framework.reshape(framework.transpose(apart, order), slotShape);
  }

  #parameterTensor(parameter: LoweredParameter): string {
    this.#helpers.add('_parameter');
    const { axes } = parameter;
    const shape = tuple(this.#slots.map((slot) => (axes.includes(slot) ? this.#size(slot) : '1')));
    const sorted = [...axes].sort((a, b) => a - b);
    const order = sorted.every((axis, i) => axis === axes[i])
      ? 'None'
      : tuple(sorted.map((axis) => String(axes.indexOf(axis))));
    const like = this.#name(this.compiled.inputs.find((input) => !input.data)!);
    return `_parameter(${this.#parameters[parameter.position]}, ${shape}, ${order}, ${like})`;
  }

  #result(value: string): string[] {
    const { framework } = this;
    if (this.compiled.scalar) return [`return ${framework.reshape(value, '()')}`];
    return [
      `loss = ${framework.reshape(value, 'items')}`,
      "if reduction == 'none':",
      '    return loss',
      `return ${framework.total('loss')} if reduction == 'sum' else ${framework.mean('loss')}`,
    ];
  }
}

const tuple = (items: readonly string[]): string =>
  items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;

const literal = (value: ParameterValue): string =>
  typeof value === 'number' ? numberText(value) : `(${value.map((entry) => `${literal(entry)},`).join(' ')})`;

/** Text as lines that cannot leave a comment or a string. */
const pythonText = (text: string): string[] =>
  text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => line.replace(/[^\P{C}\t]/gu, ' '));

function slotsOf(compiled: CompiledLoss): number[] {
  let axes = 1;
  const { host, usersOf } = schedule([compiled.value]);
  for (const node of reachable([compiled.value])) {
    const users = usersOf(node);
    if (host.has(node) || (users.length > 0 && users.every((user) => host.has(user)))) continue;
    axes |= node.axes | node.axis | node.to;
  }
  for (const input of compiled.inputs) axes |= input.node.axes;
  return axisIndices(axes);
}
