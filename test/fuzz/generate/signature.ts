import type { Axis, Domain, Input, Parameter, Value } from '../../../grammar/tree/ast.js';
import { num } from '../../../grammar/tree/build.js';
import type { Random } from '../../../src/random.js';
import { type Known, known } from './typed.js';

/** The inputs and parameters of a loss, and how long its axes are. */
export interface Signature {
  readonly inputs: readonly Input[];
  readonly parameters: readonly Parameter[];
  /** Axes besides `batch`. */
  readonly axes: readonly string[];
  readonly sizes: ReadonlyMap<string, number>;
  readonly items: readonly number[];
  /** Names for the body. */
  readonly names: readonly Known[];
}

interface Layout {
  readonly weight: number;
  readonly axes: readonly string[];
  /** Begins with `...`. */
  readonly isOpen?: boolean;
  /** The axis that stands for several. */
  readonly many?: string;
}
const LAYOUTS: readonly Layout[] = [
  { weight: 3, axes: [] },
  { weight: 5, axes: ['class'] },
  { weight: 2, axes: ['class'], isOpen: true },
  { weight: 2, axes: ['pixel'], many: 'pixel' },
  { weight: 2, axes: ['row', 'column'] },
  { weight: 1, axes: ['box'] },
  { weight: 2, axes: ['time', 'class'] },
  { weight: 1, axes: ['pixel', 'class'], many: 'pixel' },
];
/** Lengths that are written in the program. */
const FIXED: ReadonlyMap<string, number> = new Map([['box', 4]]);

type Named = readonly [domain: string, weight: number];
const PREDICTIONS: readonly Named[] = [
  ['real', 8],
  ['probability', 5],
  ['unit', 3],
  ['positive', 2],
  ['nonnegative', 1],
  ['between', 1],
  ['logits', 1],
];
const DATA: readonly Named[] = [
  ['real', 6],
  ['onehot', 4],
  ['probability', 1],
  ['binary', 3],
  ['sign', 2],
  ['integer', 3],
  ['unit', 1],
  ['positive', 1],
  ['nonnegative', 1],
  ['between', 1],
];
const PARAMETERS: readonly Named[] = [
  ['real', 3],
  ['positive', 4],
  ['nonnegative', 3],
  ['unit', 2],
  ['between', 6],
  ['integer', 1],
];
const BOUNDS: readonly (readonly [number, number])[] = [
  [0, 50],
  [-3, 3],
  [1, 4],
  [0, 1],
  [-1, 1],
  [-100, 0.5],
];

/** Domains whose numbers add up to 1 along an axis. */
export const SIMPLEX = ['probability', 'onehot'];
const POSITIVE = ['probability', 'onehot', 'unit', 'positive', 'nonnegative', 'binary'];
const WHOLE = ['onehot', 'binary', 'sign', 'integer'];

const pickName = (random: Random, table: readonly Named[], hasAxis: boolean): string =>
  random.weighted(
    table.filter(([entry]) => hasAxis || !SIMPLEX.includes(entry)),
    ([, weight]) => weight,
  )[0];

export function signature(random: Random): Signature {
  const layout = random.weighted(LAYOUTS, ({ weight }) => weight);
  const sizes = new Map(layout.axes.map((axis) => [axis, FIXED.get(axis) ?? 2 + random.int(2)]));
  if (layout.many !== undefined) sizes.set(layout.many, 4);
  const items =
    layout.axes.length === 0
      ? random.pick([[3], [2, 2], [2]])
      : layout.isOpen
        ? random.pick([[2], [2, 2]])
        : [2 + random.int(2)];
  const inputs: Input[] = [];
  const names: Known[] = [];
  const input = (text: string, isData: boolean, isMarked: boolean, along: readonly string[]): void => {
    const domain = pickName(random, isData ? DATA : PREDICTIONS, along.length > 0);
    inputs.push({
      name: { name: text },
      data: isMarked,
      domain: {
        name: { name: domain },
        ...bounds(random, domain),
        ...axesOf(layout, along),
        ...over(random, domain, along),
      },
    });
    const extra = { isData, isPositive: POSITIVE.includes(domain), isWhole: WHOLE.includes(domain) };
    names.push(known(text, ['batch', ...along], extra));
  };
  // Lines of emitted code break where names are long.
  const more = random.next() < 0.2 ? '_of_the_second_of_these_networks' : '';
  const some = (): readonly string[] =>
    random.next() < 0.7 ? layout.axes : layout.axes.filter(() => random.next() < 0.5);
  if (random.next() < 0.8) input('target', true, false, some());
  if (random.next() < 0.35) input(random.pick(['mask', 'weight', 'teacher']) + more, true, true, some());
  if (random.next() < 0.15) input(`score${more}`, false, false, some());
  // The last one has every axis, so that each has a length.
  input('prediction', false, false, layout.axes);

  const parameters: Parameter[] = [];
  const fixed = layout.axes.filter((axis) => axis !== layout.many);
  for (const short of ['gamma', 'alpha', 'delta'].slice(0, random.int(4))) {
    const text = short + more;
    const along = fixed.length > 0 && random.next() < 0.25 ? [random.pick(fixed)] : [];
    const domain: Domain = (() => {
      const chosen = pickName(random, PARAMETERS, false);
      return {
        name: { name: chosen },
        ...bounds(random, chosen),
        ...(along.length > 0 && { axes: along.map((text) => axis(text)) }),
      };
    })();
    const draw = (): Value => num(parameterValue(random, domain));
    const size = along.length === 0 ? 0 : sizes.get(along[0]!)!;
    const isList = along.length > 0 && random.next() < 0.5;
    const value: Value = isList ? { kind: 'list', items: Array.from({ length: size }, draw) } : draw();
    parameters.push({ name: { name: text }, domain, default: value });
    const low = domain.bounds === undefined ? undefined : numberOf(domain.bounds[0]);
    const isPositive = POSITIVE.includes(domain.name.name) || (low !== undefined && low >= 0);
    names.push(known(text, along, { isPositive, isWhole: domain.name.name === 'integer', isData: true }));
  }
  return { inputs, parameters, axes: layout.axes, sizes, items, names };
}

const axis = (text: string, many = false): Axis => ({
  kind: 'axis',
  name: { name: text },
  many,
  ...(FIXED.has(text) && { size: FIXED.get(text)! }),
});

function axesOf(layout: Layout, along: readonly string[]): Pick<Domain, 'axes'> {
  if (along.length === 0) return {};
  const own = along.map((text) => axis(text, text === layout.many));
  return { axes: layout.isOpen ? [{ kind: 'rest' }, ...own] : own };
}

function bounds(random: Random, domain: string): Pick<Domain, 'bounds'> {
  if (domain !== 'between') return {};
  const [low, high] = random.pick(BOUNDS);
  return { bounds: [num(low), num(high)] };
}

/** Now and then the axis along which a simplex adds up to 1 is not the last one. */
function over(random: Random, domain: string, along: readonly string[]): Pick<Domain, 'over'> {
  if (!SIMPLEX.includes(domain) || along.length < 2 || random.next() < 0.6) return {};
  return { over: { name: random.pick(along) } };
}

/** The value of a number as it is written, with or without its sign. */
export const numberOf = (expr: NonNullable<Domain['bounds']>[0]): number =>
  expr.kind === 'number' ? expr.value : expr.kind === 'unary' ? -numberOf(expr.operand) : Number.NaN;

/** Three digits, so that the number is short and the same in float32 to its last digit printed. */
const short = (x: number): number => Number(x.toPrecision(3));

/** A legal value of a parameter: mostly of everyday size. */
export function parameterValue(random: Random, { name, bounds: limits }: Domain): number {
  const normal = random.normal();
  const isEpsilon = name.name === 'positive' || name.name === 'nonnegative';
  if (isEpsilon && random.next() < 0.05) return random.pick([1e-7, 1e-10]);
  switch (name.name) {
    case 'positive':
      return random.next() < 0.3 ? random.pick([1, 2, 0.5]) : short(Math.exp(normal));
    case 'nonnegative':
      return random.next() < 0.4 ? random.pick([0, 1, 2]) : short(Math.exp(normal));
    case 'unit':
      return random.next() < 0.3 ? random.pick([0, 1, 0.5]) : short(random.next());
    case 'between': {
      const [low, high] = limits!.map(numberOf) as [number, number];
      const inside = low + (high - low) * random.next();
      const everyday = [1, 2, 0.5, -1].filter((x) => x >= low && x <= high);
      return everyday.length > 0 && random.next() < 0.6
        ? random.pick(everyday)
        : Math.min(high, Math.max(low, short(inside)));
    }
    case 'integer':
      return random.int(4) - 1;
    default:
      return random.next() < 0.4 ? random.pick([1, 2, 0, -1, 0.5]) : short(2 * normal);
  }
}
