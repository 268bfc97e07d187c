import { base64Encode } from '@bufbuild/protobuf/wire';
import {
  type AttributeJson,
  type ElementType,
  type GraphJson,
  type NodeJson,
  type TensorJson,
  TYPES,
} from './proto.js';

/** The name of a value: what a node of ONNX takes and gives. */
export type Value = string;

/** What a node is told beside its inputs. */
export type Attributes = Readonly<
  Record<string, number | string | readonly number[] | TensorJson | GraphJson>
>;

/** Float attributes, by name: in JavaScript a whole number does not tell that it is one. */
const FLOATS: ReadonlySet<string> = new Set(['value_float']);

const base64 = (text: string): string => base64Encode(new TextEncoder().encode(text));

function attribute(name: string, value: Attributes[string]): AttributeJson {
  if (typeof value === 'string') return { name, type: 'STRING', s: base64(value) };
  if (typeof value === 'number')
    return FLOATS.has(name) ? { name, type: 'FLOAT', f: value } : { name, type: 'INT', i: value };
  if ('node' in value) return { name, type: 'GRAPH', g: value };
  return 'dims' in value ? { name, type: 'TENSOR', t: value } : { name, type: 'INTS', ints: value };
}

/** A number as JSON has it, in float32. */
function single(x: number): number | 'NaN' | 'Infinity' | '-Infinity' {
  const rounded = Math.fround(x);
  if (Number.isFinite(rounded)) return rounded;
  return Number.isNaN(rounded) ? 'NaN' : rounded > 0 ? 'Infinity' : '-Infinity';
}

/** A tensor of numbers, row by row. */
export const floats = (dims: readonly number[], data: readonly number[]): TensorJson => ({
  dims,
  dataType: TYPES.float,
  floatData: data.map(single),
});
export const wholes = (dims: readonly number[], data: readonly number[]): TensorJson => ({
  dims,
  dataType: TYPES.int64,
  int64Data: data,
});
export const text = (value: string): TensorJson => ({
  dims: [],
  dataType: TYPES.string,
  stringData: [base64(value)],
});

/** A function of a model: its name, with the order of the derivative that it is. */
export type Called<Name extends string> = (name: Name, order: number) => string;

/** The nodes of a graph or of a function, in the order in which they are worked out. Equal nodes are made once. */
export class Scope<Name extends string = never> {
  readonly #nodes: NodeJson[] = [];
  readonly #made = new Map<string, readonly Value[]>();
  readonly #taken: ReadonlySet<string>;
  readonly #outputs: string[] = [];
  #count = 0;

  /** `taken` are the names of inputs and outputs; `called` tells what a function is called in the model. */
  constructor(
    taken: Iterable<string>,
    private readonly called: Called<Name>,
    readonly prefix = 'v',
  ) {
    this.#taken = new Set(taken);
  }

  /** The value of a node with one output. */
  op(opType: string, inputs: readonly Value[], attributes: Attributes = {}, name?: string): Value {
    return this.#node(opType, undefined, inputs, attributes, 1, name)[0]!;
  }

  /** The values of a node with two outputs. */
  pair(opType: string, inputs: readonly Value[], attributes: Attributes = {}): readonly [Value, Value] {
    const [first, second] = this.#node(opType, undefined, inputs, attributes, 2);
    return [first!, second!];
  }

  /** The value of a function of the model. */
  call(name: Name, inputs: readonly Value[], order = 0): Value {
    return this.#node(this.called(name, order), FUNCTIONS_DOMAIN, inputs, {}, 1)[0]!;
  }

  #node(
    opType: string,
    domain: string | undefined,
    input: readonly Value[],
    attributes: Attributes,
    outputs: 1 | 2,
    name?: string,
  ): readonly Value[] {
    const key = JSON.stringify([opType, domain, input, attributes, outputs]);
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const output = Array.from({ length: outputs }, () => this.#free());
    const attributeList = Object.entries(attributes).map(([key_, value]) => attribute(key_, value));
    this.#nodes.push({
      opType,
      ...(domain !== undefined && { domain }),
      ...(name !== undefined && { name }),
      input,
      output,
      ...(attributeList.length > 0 && { attribute: attributeList }),
    });
    this.#made.set(key, output);
    return output;
  }

  /** Gives a value the name of an output. */
  name(value: Value, output: string): void {
    this.#nodes.push({ opType: 'Identity', input: [value], output: [output] });
    this.#outputs.push(output);
  }

  /** The nodes that the outputs need. */
  get nodes(): readonly NodeJson[] {
    const needed = new Set(this.#outputs);
    const kept: NodeJson[] = [];
    for (const node of this.#nodes.toReversed()) {
      if (!node.output.some((output) => needed.has(output))) continue;
      kept.push(node);
      for (const input of inputsOf(node)) needed.add(input);
    }
    return kept.reverse();
  }

  #free(): string {
    for (;;) {
      const name = `${this.prefix}${this.#count++}`;
      if (!this.#taken.has(name)) return name;
    }
  }

  /** A scope for the body of a loop, whose values are called otherwise than those around it. */
  inner(): Scope<Name> {
    const [taken, prefix] = this.innerNames();
    return new Scope(taken, this.called, prefix);
  }

  /** The names that are taken in the scope of a body, and how its own begin. */
  protected innerNames(): readonly [ReadonlySet<string>, string] {
    return [this.#taken, `${this.#free()}_`];
  }

  // ---------------------------------------------------------------- constants

  /** A number as a tensor without dimensions. */
  number(x: number): Value {
    const json = single(x);
    if (typeof json === 'number') return this.op('Constant', [], { value_float: json });
    return this.tensor(floats([], [x]));
  }

  whole(x: number): Value {
    return this.op('Constant', [], { value_int: x });
  }

  /** A list of whole numbers: dimensions, axes. */
  list(numbers: readonly number[]): Value {
    return numbers.length === 0
      ? this.tensor(wholes([0], []))
      : this.op('Constant', [], { value_ints: numbers });
  }

  truth(holds: boolean): Value {
    return this.tensor({ dims: [], dataType: TYPES.bool, int32Data: [holds ? 1 : 0] });
  }

  text(value: string): Value {
    return this.tensor(text(value));
  }

  tensor(value: TensorJson): Value {
    return this.op('Constant', [], { value });
  }

  // ---------------------------------------------------------------- what is written often

  add = (x: Value, y: Value | number): Value => this.op('Add', [x, this.#of(y)]);
  sub = (x: Value | number, y: Value | number): Value => this.op('Sub', [this.#of(x), this.#of(y)]);
  mul = (x: Value, y: Value | number): Value => this.op('Mul', [x, this.#of(y)]);
  div = (x: Value | number, y: Value | number): Value => this.op('Div', [this.#of(x), this.#of(y)]);
  max = (x: Value, y: Value | number): Value => this.op('Max', [x, this.#of(y)]);
  min = (x: Value, y: Value | number): Value => this.op('Min', [x, this.#of(y)]);
  less = (x: Value, y: Value | number): Value => this.op('Less', [x, this.#of(y)]);
  where = (condition: Value, yes: Value | number, no: Value | number): Value =>
    this.op('Where', [condition, this.#of(yes), this.#of(no)]);
  cast = (x: Value, type: ElementType): Value => this.op('Cast', [x], { to: TYPES[type] });

  #of(x: Value | number): Value {
    return typeof x === 'number' ? this.number(x) : x;
  }

  /** A polynomial, coefficients from the constant up. */
  polynomial(coefficients: readonly number[], t: Value): Value {
    const [first, ...rest] = coefficients.toReversed();
    return rest.reduce<Value>((sum, c) => this.add(this.mul(sum, t), c), this.number(first!));
  }

  /** The sum of a Chebyshev series, without the terms that float32 does not see. */
  chebyshev(series: readonly number[], t: Value): Value {
    const size = Math.max(...series.map(Math.abs));
    const last = series.findLastIndex((c) => Math.abs(c) > 2e-9 * size);
    const double = this.mul(t, 2);
    let [sum, before] = [this.number(series[last]!), this.number(0)];
    for (let k = last - 1; k > 0; k--)
      [sum, before] = [this.add(this.sub(this.mul(double, sum), before), series[k]!), sum];
    return last === 0 ? this.number(series[0]!) : this.add(this.sub(this.mul(t, sum), before), series[0]!);
  }
}

/** The values that a node uses, those of its body too. */
const inputsOf = ({ input, attribute = [] }: NodeJson): readonly Value[] => [
  ...input,
  ...attribute.flatMap(({ g }) => g?.node.flatMap(inputsOf) ?? []),
];

/** The domain of the functions that a model carries along. */
export const FUNCTIONS_DOMAIN = 'lossc';
