import type { CompiledLoss } from '../../compile.js';
import { positionsOf } from '../../lower/label-marks.js';
import { dimensionOf, IGNORED_LABEL, ignoresItems, labelledAxis } from '../../lower/labels.js';
import type { LoweredInput, LoweredParameter } from '../../lower/lowered.js';
import type { HelperName } from '../helpers/helpers.js';
import type { CodeLine } from '../print/code.js';
import { numberText, stringText } from '../print/literals.js';
import type { Names } from '../print/names.js';
import { inputChecks } from './input-checks.js';
import type { Vocabulary } from './vocabulary.js';

export interface InputReading {
  readonly lines: readonly CodeLine[];
  /** Variables to hand on, as `name` or `name: expression`. */
  readonly fields: readonly string[];
  readonly helpers: ReadonlySet<HelperName>;
}

/**
 * Statements that check shapes and parameters, find the length of every axis, and bring the inputs to slot form:
 * one dimension for each axis of the loss, items first and flat, of length 1 where the input lacks the axis.
 */
export function readInputs(
  compiled: CompiledLoss,
  slots: readonly number[],
  words: Vocabulary,
  names: Names,
  /** Whether labels are to say which items count. */
  counted: boolean,
): InputReading {
  return new Reader(compiled, slots, words, names, counted).read();
}

class Reader {
  readonly #lines: CodeLine[] = [];
  readonly #helpers = new Set<HelperName>();
  /** Axes whose length is known. */
  readonly #known = new Set<number>();
  readonly #shapes = new Map<LoweredInput, string>();
  readonly #dense = new Map<LoweredInput, string>();
  /** Variables with the labels of an input, or undefined. */
  readonly #labels = new Map<LoweredInput, string>();

  constructor(
    private readonly compiled: CompiledLoss,
    private readonly slots: readonly number[],
    private readonly words: Vocabulary,
    private readonly names: Names,
    private readonly counted: boolean,
  ) {}

  read(): InputReading {
    const { inputs, parameters } = this.compiled;
    parameters.forEach((parameter, i) => {
      this.#parameter(parameter, this.words.parameters[i]!);
    });
    // Inputs that cannot be labels tell the lengths first.
    const plain = inputs.filter((input) => input.labelAxis === undefined);
    const labelled = inputs.filter((input) => input.labelAxis !== undefined);
    const allExact = inputs.every((input) => input.items === 'exact');
    for (const input of plain) this.#shapes.set(input, this.#shapeOf(input));
    if (allExact) for (const input of plain) this.#ownAxes(input);
    else this.#itemsThenOwn(plain, labelled);
    for (const axis of this.#unknownAxes()) this.#fromParameters(axis, labelled);
    if (allExact) for (const input of labelled) this.#exactLabels(input);
    if (allExact) this.#lines.push(`const items = [${this.words.size(0)}];`);
    const tensors = inputs.map((input) => this.#inSlots(input));
    if (this.counted) this.#counts();
    this.#debug();
    const sizes = [...this.#known]
      .sort((a, b) => a - b)
      .filter((axis) => this.compiled.lowered.graph.axes.get(axis).size === undefined)
      .map((axis) => this.words.size(axis));
    const fields = [
      'items',
      ...(this.counted ? ['counts'] : []),
      ...sizes,
      ...inputs.map((_, i) =>
        tensors[i] === this.words.inputs[i] ? tensors[i]! : `${this.words.inputs[i]}: ${tensors[i]}`,
      ),
      ...inputs.flatMap((input) => {
        const whole = this.words.wholes.get(input.position);
        return whole === undefined ? [] : [`${whole}: ${this.#inSlots(input, true)}`];
      }),
      ...this.words.parameters,
    ];
    return { lines: this.#lines, fields, helpers: this.#helpers };
  }

  #name(input: LoweredInput): string {
    return this.words.inputs[input.position]!;
  }

  #text(input: { readonly name: string }): string {
    return stringText(input.name);
  }

  // ---------------------------------------------------------------- parameters

  #parameter(parameter: LoweredParameter, variable: string): void {
    const option = this.words.property(parameter.name);
    const given = `options.${option}`;
    if (parameter.default === undefined) this.#lines.push(`const ${variable} = ${given};`);
    else
      this.#lines.push(
        `const ${variable} = ${given} ?? ${JSON.stringify(parameter.default).replaceAll(',', ', ')};`,
      );
    const { lo, hi, integer, nonzero } = parameter.range;
    const low = lo === 0 && nonzero ? 'Number.MIN_VALUE' : numberText(lo);
    const rule = `${stringText(option)}, ${variable}, ${parameter.axes.length}, ${low}, ${numberText(hi)}, ${stringText(this.#domain(parameter))}`;
    this.#helpers.add('checkParameter');
    this.#lines.push(`checkParameter(${rule}${integer ? ', true' : ''});`);
  }

  #domain(parameter: LoweredParameter): string {
    const { lo, hi } = parameter.range;
    return parameter.domain === 'between'
      ? `between(${numberText(lo)}, ${numberText(hi)})`
      : parameter.domain;
  }

  /** An axis that no input of its own tells: from a list among the parameters, or from a one-hot input. */
  #fromParameters(axis: number, labelled: readonly LoweredInput[]): void {
    const size = this.words.size(axis);
    const lists = this.compiled.parameters.flatMap((parameter, i) => {
      const depth = parameter.axes.indexOf(axis);
      return depth < 0 ? [] : [`lengthOf(${this.words.parameters[i]}${depth === 0 ? '' : `, ${depth}`})`];
    });
    const dense = labelled
      .filter((input) => input.axes.includes(axis))
      .map((input) => {
        const [name, place] = [this.#name(input), dimensionOf(input, axis)];
        return `${name}.shape[${place < 0 ? `${name}.rank - ${-place}` : place}]`;
      });
    if (lists.length > 0) this.#helpers.add('lengthOf');
    this.#lines.push(`const ${size} = ${[...lists, ...dense, '1'].join(' ?? ')};`);
    this.#known.add(axis);
  }

  #unknownAxes(): number[] {
    const { axes } = this.compiled.lowered.graph;
    const wanted = new Set<number>();
    for (const slot of this.slots) wanted.add(axes.get(slot).root);
    for (const input of this.compiled.inputs) for (const axis of input.axes) wanted.add(axis);
    return [...wanted].filter((axis) => axes.get(axis).size === undefined && !this.#known.has(axis));
  }

  // ---------------------------------------------------------------- shapes

  /** The shape with the axes that stand for several made one. */
  #shapeOf(input: LoweredInput, tensor = this.#name(input)): string {
    const shape = `${tensor}.shape`;
    if (input.many === undefined) return shape;
    const before = 1 + input.axes.indexOf(input.many);
    const after = input.axes.length - before;
    this.#helpers.add('merged');
    return `merged(${this.#text(input)}, ${shape}, ${before}, ${after})`;
  }

  /** Checks the lengths against those that are known; the others are learnt. */
  #learn(input: LoweredInput, shape: string, axes: readonly number[]): void {
    const { axes: table } = this.compiled.lowered.graph;
    const fresh = (axis: number): boolean => table.get(axis).size === undefined && !this.#known.has(axis);
    const expected = axes.map((axis) => (fresh(axis) ? '-1' : this.words.size(axis)));
    this.#helpers.add('shapeOf');
    const call = `shapeOf(${this.#text(input)}, ${shape}, [${expected.join(', ')}])`;
    if (!axes.some(fresh)) {
      this.#lines.push(`${call};`);
      return;
    }
    const pattern = axes.map((axis) => (fresh(axis) ? this.words.size(axis) : ''));
    while (pattern.at(-1) === '') pattern.pop();
    const type = axes.map(() => 'number').join(', ');
    const plain = `const [${pattern.join(', ')}] = ${call}`;
    this.#lines.push({ plain: `${plain};`, typed: `${plain} as [${type}];` });
    for (const axis of axes) this.#known.add(axis);
  }

  #ownAxes(input: LoweredInput): void {
    this.#learn(input, this.#shapes.get(input)!, [0, ...input.axes]);
  }

  /** Inputs with axes of their own in front: the items are what all inputs share. */
  #itemsThenOwn(plain: readonly LoweredInput[], labelled: readonly LoweredInput[]): void {
    const itemsOf = (input: LoweredInput, tensor: string): string => {
      if (input.items === 'any') return `${tensor}.shape`;
      if (input.items === 'exact') return `${tensor}.shape.slice(0, 1)`;
      return `${tensor}.shape.slice(0, -${input.axes.length})`;
    };
    for (const input of plain) {
      if (input.items === 'exact') {
        const own = this.#shapes.get(input)!;
        this.#learn(input, `${own}.slice(1)`, input.axes);
      } else if (input.items === 'rest')
        this.#learn(input, `${this.#name(input)}.shape.slice(-${input.axes.length})`, input.axes);
    }
    for (const input of labelled) {
      const classes = input.labelAxis!;
      if (!this.#known.has(classes) && this.compiled.lowered.graph.axes.get(classes).size === undefined)
        this.#fromParameters(classes, labelled);
      const dense = this.#rows(input);
      const start = input.items === 'exact' ? 'slice(1)' : `slice(-${input.axes.length})`;
      this.#learn(input, `${this.#shapeOf(input, dense)}.${start}`, input.axes);
    }
    const all = this.compiled.inputs.map(
      (input) => `[${this.#text(input)}, ${itemsOf(input, this.#dense.get(input) ?? this.#name(input))}]`,
    );
    if (all.length === 1)
      this.#lines.push(
        `const items = ${itemsOf(this.compiled.inputs[0]!, this.#name(this.compiled.inputs[0]!))};`,
      );
    else {
      this.#helpers.add('agreedItems');
      this.#lines.push(`const items = agreedItems([${all.join(', ')}]);`);
    }
    this.#helpers.add('count');
    this.#lines.push(`const ${this.words.size(0)} = count(items);`);
    this.#known.add(0);
  }

  #exactLabels(input: LoweredInput): void {
    const dense = this.#rows(input);
    const shape = this.#shapeOf(input).replace(`${this.#name(input)}.shape`, `${dense}.shape`);
    this.#learn(input, shape, [0, ...input.axes]);
  }

  // ---------------------------------------------------------------- labels

  /** The variable that holds an input as rows, whether it is given so or by labels. */
  #rows(input: LoweredInput): string {
    const name = this.#name(input);
    const axis = input.labelAxis!;
    const [place, classes] = [dimensionOf(input, axis), this.words.size(axis)];
    const labels = this.names.takeNumbered(`${name}Labels`);
    const dense = this.names.takeNumbered(`${name}Rows`);
    // Where a label leaves out its item, it is what the items count that tells of labels outside.
    const rows = ignoresItems(this.compiled.lowered, input) ? 'oneHotRows' : 'soundRows';
    this.#helpers.add('labelsOf');
    this.#helpers.add(rows);
    this.#lines.push(
      `const ${labels} = labelsOf(${name}, ${this.#rankOfRows(input)}, ${place}, ${classes});`,
      `const ${dense} = ${labels} === undefined ? ${name} : ${rows}(${labels}, ${classes}, ${place});`,
    );
    this.#labels.set(input, labels);
    this.#dense.set(input, dense);
    return dense;
  }

  /** How many dimensions an input has when it is given by rows; what its brackets leave open, another input tells. */
  #rankOfRows({ axes, items, many, labelAxis }: LoweredInput): string {
    if (items === 'exact' && many === undefined) return String(axes.length + 1);
    const plain = this.compiled.inputs.filter((other) => other.labelAxis === undefined);
    const partner = plain.find((other) => other.axes.includes(labelAxis!)) ?? plain[0]!;
    const rank = `${this.#name(partner)}.rank`;
    const own = partner.items === 'any' ? 0 : partner.axes.length;
    const sum = (text: string, more: number): string =>
      more === 0 ? text : more > 0 ? `${text} + ${more}` : `${text} - ${-more}`;
    if (items === 'rest')
      return partner.items === 'exact' ? String(axes.length + 1) : sum(rank, axes.length - own);
    return partner.axes.includes(many!) ? sum(rank, axes.length - own) : String(axes.length + 1);
  }

  /** For each item 1, 0 where an ignored label leaves it out, and NaN where a label is none of the classes. */
  #counts(): void {
    const ignoring = this.compiled.inputs.filter((input) => ignoresItems(this.compiled.lowered, input));
    const parts = ignoring.map((input): string => {
      const labels = this.#labels.get(input) ?? this.#name(input);
      const classes = this.words.size(labelledAxis(input)!);
      return `labelCounts(${labels}, ${classes}, options.ignoreLabel ?? ${IGNORED_LABEL})`;
    });
    this.#helpers.add('labelCounts');
    if (parts.length > 1) this.#helpers.add('bothCounts');
    this.#lines.push(`const counts = ${parts.reduce((whole, part) => `bothCounts(${whole}, ${part})`)};`);
  }

  // ---------------------------------------------------------------- slot form

  /** One dimension for each slot; as float32, unless it is to stay as it is given. */
  #inSlots(input: LoweredInput, asGiven = false): string {
    const tensor = this.#dense.get(input) ?? this.#name(input);
    const declared = [0, ...input.axes];
    const ascending = declared.every((axis, i) => i === 0 || axis > declared[i - 1]!);
    const direct =
      input.items === 'exact' && input.many === undefined && declared.join() === this.slots.join();
    if (direct && asGiven) return tensor;
    if (!asGiven) this.#helpers.add(direct ? 'asFloat' : 'shaped');
    if (direct) return `asFloat(${tensor})`;
    const helper = asGiven ? 'tf.reshape' : 'shaped';
    const slotShape = `[${this.slots.map((slot) => (declared.includes(slot) ? this.words.size(slot) : '1')).join(', ')}]`;
    if (ascending) return `${helper}(${tensor}, ${slotShape})`;
    const apart = `${helper}(${tensor}, [${declared.map((axis) => this.words.size(axis)).join(', ')}])`;
    const sorted = [...declared].sort((a, b) => a - b).map((axis) => declared.indexOf(axis));
    this.#helpers.add('transposed');
    return `tf.reshape(transposed(${apart}, [${sorted.join(', ')}]), ${slotShape})`;
  }

  // ---------------------------------------------------------------- debug option

  /** The values of inputs, checked when asked to. */
  #debug(): void {
    const { lowered, inputs } = this.compiled;
    const lines = inputs.flatMap((input): string[] => {
      const positions = positionsOf(lowered.graph, lowered.value, input)?.lookedUpOn;
      const labels = positions === undefined ? this.#labels.get(input) : this.#name(input);
      const checks = inputChecks(input, this.#name(input), lowered.graph);
      if (labels === undefined) {
        for (const { helpers } of checks) for (const name of helpers) this.#helpers.add(name);
        return checks.map(({ text }) => text);
      }
      this.#helpers.add('checkLabels');
      const axis = labelledAxis(input) ?? positions!;
      const ignores = ignoresItems(lowered, input);
      const isWithin = labelledAxis(input) === undefined;
      // Within an item no label leaves anything out.
      const none = isWithin ? 'NaN' : IGNORED_LABEL;
      const ignore = ignores ? `options.ignoreLabel ?? ${IGNORED_LABEL}` : none;
      const what = stringText(lowered.graph.axes.get(lowered.graph.axes.get(axis).root).name);
      const check = `checkLabels(${this.#text(input)}, ${labels}, ${what}, ${this.words.size(axis)}, ${ignore}, ${ignores});`;
      if (positions !== undefined) return [check];
      for (const { helpers } of checks) for (const name of helpers) this.#helpers.add(name);
      const rows = checks.map(({ text }) => `  ${text}`);
      return [`if (${labels} !== undefined) {`, `  ${check}`, '} else {', ...rows, '}'];
    });
    this.#lines.push('if (options.checkInputs) {', ...lines.map((line) => `  ${line}`), '}');
  }
}
