import type { CompiledLoss } from '../../compile.js';
import { axesOfLabels, dimensionOf, ignoresItems, labelledAxis } from '../../lower/labels.js';
import type { LoweredInput, LoweredParameter } from '../../lower/lowered.js';
import { isWholeData } from '../plan/whole-tensors.js';
import type { Framework } from './framework.js';
import { numberText, tuple } from './text.js';
import type { Words } from './words.js';

/** Whether a module has the option to leave items out by their label. */
export const hasIgnored = (compiled: CompiledLoss): boolean =>
  compiled.inputs.some((input) => ignoresItems(compiled.lowered, input));

/** What reading leaves behind beside the inputs and parameters in slot form. */
export interface Reading {
  readonly lines: readonly string[];
  /** The variable that says what each item counts, where labels say so. */
  readonly counts: string;
}

/**
 * Statements that check the shapes and types of inputs and parameters, find the length of every axis, and bring all to slot form:
 * one dimension for each axis of the loss, items first and flat, of length 1 where the axis is lacking.
 */
export function readInputs(compiled: CompiledLoss, words: Words, framework: Framework): Reading {
  return new Reader(compiled, words, framework).read();
}

const bound = (value: number): string =>
  Number.isFinite(value) ? numberText(value) : value > 0 ? 'math.inf' : '-math.inf';

class Reader {
  readonly #lines: string[] = [];
  /** Axes whose length is known. */
  readonly #known = new Set<number>();
  readonly #predictions: readonly LoweredInput[];
  readonly #plain: readonly LoweredInput[];
  readonly #labelled: readonly LoweredInput[];

  constructor(
    private readonly compiled: CompiledLoss,
    private readonly words: Words,
    private readonly framework: Framework,
  ) {
    this.#predictions = compiled.inputs.filter((input) => !input.data);
    this.#plain = compiled.inputs.filter((input) => input.labelAxis === undefined);
    this.#labelled = compiled.inputs.filter((input) => input.labelAxis !== undefined);
  }

  read(): Reading {
    const { inputs, parameters } = this.compiled;
    const like = this.#name(this.#predictions[0]!);
    for (const input of this.#predictions)
      this.#lines.push(`${this.#name(input)} = _prediction('${input.name}', ${this.#name(input)})`);
    this.#lines.push(
      `precision = _precision(${this.#predictions.map((input) => this.#name(input)).join(', ')})`,
    );
    for (const input of inputs.filter((entry) => entry.data))
      this.#lines.push(`${this.#name(input)} = _data('${input.name}', ${this.#name(input)}, ${like})`);
    for (const parameter of parameters) this.#parameter(parameter, like);

    const allExact = inputs.every((input) => input.items === 'exact');
    for (const input of this.#plain) this.#learn(input, allExact);
    this.#fromParameters();
    const counting = hasIgnored(this.compiled);
    if (counting) this.#lines.push('counts = None');
    for (const input of inputs) {
      if (input.labelAxis !== undefined) {
        this.#expandLabels(input);
        this.#learn(input, allExact);
      } else if (ignoresItems(this.compiled.lowered, input)) this.#count(input, this.#name(input), '');
    }
    this.#items(allExact);
    for (const input of inputs) this.#toSlots(input, counting);
    for (const parameter of parameters) if (parameter.axes.length > 0) this.#spread(parameter);
    return { lines: this.#lines, counts: counting ? 'counts' : 'None' };
  }

  #name(input: LoweredInput): string {
    return this.words.inputs[input.position]!;
  }

  #shape(input: LoweredInput): string {
    return this.framework.shape(this.#name(input));
  }

  // ---------------------------------------------------------------- parameters

  #parameter(parameter: LoweredParameter, like: string): void {
    const name = this.words.parameters[parameter.position]!;
    const { lo, hi, integer, nonzero } = parameter.range;
    const bounds = [lo === 0 && nonzero ? '5e-324' : bound(lo), bound(hi), `'${this.#domain(parameter)}'`];
    const whole = integer ? ', whole=True' : '';
    const type = `precision, ${like}`;
    const read = parameter.axes.length === 0 ? '_number' : '_parameter';
    this.#lines.push(
      `${name} = ${read}('${parameter.name}', ${name}, ${bounds.join(', ')}, ${type}${whole})`,
    );
  }

  #domain({ domain, range: { lo, hi } }: LoweredParameter): string {
    return domain === 'between' ? `between(${numberText(lo)}, ${numberText(hi)})` : domain;
  }

  /** Lengths of axes that no input of its own tells: from a list among the parameters, or from rows instead of labels. */
  #fromParameters(): void {
    for (const axis of this.#wanted()) {
      const lists = this.compiled.parameters
        .filter((parameter) => parameter.axes.includes(axis))
        .map(
          (parameter) => `(${this.words.parameters[parameter.position]}, ${parameter.axes.indexOf(axis)})`,
        );
      const rows = this.#labelled
        .filter((input) => input.axes.includes(axis))
        .map((input) => `(${this.#name(input)}, ${dimensionOf(input, axis)})`);
      this.#lines.push(`${this.words.size(axis)} = _told(${[...lists, ...rows].join(', ')})`);
      this.#known.add(axis);
    }
  }

  #wanted(): number[] {
    const { axes } = this.compiled.lowered.graph;
    const wanted = new Set<number>();
    for (const slot of this.words.slots) wanted.add(axes.get(slot).root);
    for (const input of this.compiled.inputs) for (const axis of input.axes) wanted.add(axis);
    // Rows instead of labels tell the lengths of their other axes themselves.
    const own = new Set(this.#labelled.flatMap(axesOfLabels));
    return [...wanted].filter(
      (axis) => axis !== 0 && axes.get(axis).size === undefined && !this.#known.has(axis) && !own.has(axis),
    );
  }

  /** A parameter with axes in slot form; one number is repeated along them. */
  #spread(parameter: LoweredParameter): void {
    const name = this.words.parameters[parameter.position]!;
    const sizes = tuple(parameter.axes.map((axis) => this.words.size(axis)));
    this.#lines.push(`${name} = _spread('${parameter.name}', ${name}, ${sizes})`);
    this.#arrange(name, parameter.axes, name);
  }

  // ---------------------------------------------------------------- shapes

  /** The dimensions of an input that are its own axes, and the items in front where they are a single one. */
  #ownShape(input: LoweredInput, withBatch: boolean): string {
    const { axes, many, items } = input;
    if (items === 'rest') return `${this.#shape(input)}[-${axes.length}:]`;
    const before = 1 + (many === undefined ? 0 : axes.indexOf(many));
    const shape =
      many === undefined
        ? this.#shape(input)
        : `_merged('${input.name}', ${this.#shape(input)}, ${before}, ${axes.length - before})`;
    return withBatch ? shape : `${shape}[1:]`;
  }

  /** Checks the lengths against those that are known; the others are learnt. */
  #learn(input: LoweredInput, withBatch: boolean): void {
    if (input.items === 'any') return;
    const { axes: table } = this.compiled.lowered.graph;
    const axes = withBatch ? [0, ...input.axes] : input.axes;
    const fresh = (axis: number): boolean => table.get(axis).size === undefined && !this.#known.has(axis);
    const expected = tuple(axes.map((axis) => (fresh(axis) ? 'None' : this.words.size(axis))));
    const call = `_shape('${input.name}', ${this.#ownShape(input, withBatch)}, ${expected})`;
    const targets = axes.map((axis) => (fresh(axis) ? this.words.size(axis) : '_'));
    if (!axes.some(fresh)) this.#lines.push(call);
    else this.#lines.push(`${targets.length === 1 ? tuple(targets) : targets.join(', ')} = ${call}`);
    for (const axis of axes) this.#known.add(axis);
  }

  /** Labels become rows with a single 1. */
  #expandLabels(input: LoweredInput): void {
    const name = this.#name(input);
    const [axis, place] = [input.labelAxis!, dimensionOf(input, input.labelAxis!)];
    const size = this.words.size(axis);
    this.#lines.push(`labels = _labels(${name}, ${this.#rankOfRows(input)}, ${place}, ${size})`);
    this.#lines.push('if labels is not None:');
    if (ignoresItems(this.compiled.lowered, input)) {
      const counts = this.#count(input, 'labels', '    ');
      this.#lines.push(`    ${name} = _one_hot(labels, ${counts}, ${size}, ${place})`);
    } else {
      this.#lines.push(`    known = _counts('${input.name}', labels, ${size}, precision)`);
      this.#lines.push(`    ${name} = _one_hot(labels, known, ${size}, ${place})`);
    }
  }

  /** What the items count by the labels of an input, together with those of others; gives the variable for these labels alone. */
  #count(input: LoweredInput, labels: string, indent: string): string {
    const first = this.compiled.inputs.find((other) => ignoresItems(this.compiled.lowered, other)) === input;
    const axis = labelledAxis(input)!;
    // An axis that is as long as the batch may be known before the items are counted: one label for each.
    const isBatch = this.compiled.lowered.graph.axes.get(axis).root === 0 && !this.#known.has(0);
    const size = isBatch ? this.framework.count(labels) : this.words.size(axis);
    const counts = first ? 'counts' : 'more';
    this.#lines.push(
      `${indent}${counts} = _counts('${input.name}', ${labels}, ${size}, precision, ignore_index)`,
    );
    if (!first) this.#lines.push(`${indent}counts = more if counts is None else counts * more`);
    return counts;
  }

  /** How many dimensions an input has when it is given by rows; what its brackets leave open, another input tells. */
  #rankOfRows({ axes, items, many, labelAxis }: LoweredInput): string {
    if (items === 'exact' && many === undefined) return String(axes.length + 1);
    const partner = this.#plain.find((other) => other.axes.includes(labelAxis!)) ?? this.#plain[0]!;
    const more = axes.length - (partner.items === 'any' ? 0 : partner.axes.length);
    const sign = more === 0 ? '' : more > 0 ? ` + ${more}` : ` - ${-more}`;
    const told = `len(${this.#name(partner)}.shape)${sign}`;
    if (items === 'rest') return partner.items === 'exact' ? String(axes.length + 1) : told;
    return partner.axes.includes(many!) ? told : String(axes.length + 1);
  }

  /** The shape of the items of an input. */
  #itemsOf(input: LoweredInput): string {
    if (input.items === 'any') return this.#shape(input);
    return `${this.#shape(input)}[:${input.items === 'exact' ? '1' : `-${input.axes.length}`}]`;
  }

  #items(allExact: boolean): void {
    if (allExact) {
      this.#lines.push(`items = (${this.words.size(0)},)`);
      return;
    }
    const shapes = this.compiled.inputs.map((input) => `('${input.name}', ${this.#itemsOf(input)})`);
    if (shapes.length === 1) this.#lines.push(`items = ${this.#itemsOf(this.compiled.inputs[0]!)}`);
    else this.#lines.push(`items = _agreed(${shapes.join(', ')})`);
  }

  // ---------------------------------------------------------------- slot form

  #toSlots(input: LoweredInput, counting: boolean): void {
    const { framework } = this;
    const name = this.#name(input);
    const rows = input.labelAxis !== undefined;
    if (!isWholeData(input.node)) {
      const cast = framework.cast(name, 'precision');
      const text = this.#arranged(
        cast,
        [0, ...input.axes],
        input.items !== 'exact' || input.many !== undefined,
      );
      this.#lines.push(`${name} = ${text}`);
    } else {
      const text = this.#arranged(
        name,
        [0, ...input.axes],
        input.items !== 'exact' || input.many !== undefined,
      );
      if (text !== name) this.#lines.push(`${name} = ${text}`);
    }
    if (counting && !rows && !input.data) this.#lines.push(`${name} = _counted(${name}, counts)`);
  }

  #arrange(name: string, axes: readonly number[], text: string): void {
    const arranged = this.#arranged(text, axes, false);
    if (arranged !== name) this.#lines.push(`${name} = ${arranged}`);
  }

  /** A tensor with the given axes in slot form; `merge` where its dimensions are not those axes one by one. */
  #arranged(text: string, axes: readonly number[], merge: boolean): string {
    const { framework } = this;
    const { slots } = this.words;
    if (!merge && axes.join() === slots.join()) return text;
    const size = (axis: number): string => (axis === 0 ? '-1' : this.words.size(axis));
    const slotShape = tuple(slots.map((slot) => (axes.includes(slot) ? size(slot) : '1')));
    if (axes.every((axis, i) => i === 0 || axis > axes[i - 1]!)) return framework.reshape(text, slotShape);
    const apart = merge ? framework.reshape(text, tuple(axes.map(size))) : text;
    const order = [...axes].sort((a, b) => a - b).map((axis) => axes.indexOf(axis));
    const turned = framework.permute(apart, order);
    return axes.length === slots.length ? turned : framework.reshape(turned, slotShape);
  }
}
