import { exp } from '../../compiler/elementary/exponential.js';
import { pow } from '../../compiler/elementary/power.js';
import type { LoweredInput } from '../../compiler/lower/lowered.js';
import type { DomainName } from '../../compiler/resolve/domains.js';
import type { Random } from '../random.js';
import { shortened, stepped } from './float32.js';
import type { Region } from './point.js';

/** The last number below 1. */
const NEARLY_ONE = 1 - 2 ** -24;

/** Guards keep arguments 1e-36 from where they may not be: numbers anywhere are 0 or at least that large. */
const SMALLEST = 2 ** -116;

/** How the numbers of one input at one point hang together. */
const STYLES = ['usual', 'exponents', 'scale', 'edges', 'ties'] as const;
type Style = (typeof STYLES)[number];

const between = (lo: number, hi: number, random: Random): number => lo + (hi - lo) * random.next();
const sign = (random: Random): number => (random.int(2) === 0 ? -1 : 1);

/** Exponents to the base 10 that are drawn from. */
const EXPONENTS: Readonly<Record<Region, readonly [number, number]>> = {
  everyday: [-6, 3],
  anywhere: [-35, 35],
};
const EDGES: Readonly<Record<Region, readonly number[]>> = {
  everyday: [0, 1, -1, 0.5, 2 ** -24, NEARLY_ONE, 1 + 2 ** -23, 17, -17, 30, -30, 60, -60],
  anywhere: [0, 1, -1, SMALLEST, -SMALLEST, 88, -88, 104, -104, 120, -120, 2 ** 24, 2 ** 115],
};

/** Numbers of any sign and size, in one style. */
function reals(count: number, style: Style, region: Region, random: Random): Float64Array {
  const data = new Float64Array(count);
  const [lo, hi] = EXPONENTS[region];
  const power = (): number => pow(10, between(lo, hi, random));
  const size = style === 'scale' ? power() : random.pick([0.1, 1, 10, 30]);
  const tie = random.int(2) === 0 ? sign(random) * power() : random.normal() * size;
  for (let k = 0; k < count; k++) {
    if (style === 'edges') data[k] = random.pick(EDGES[region]);
    else if (style === 'exponents') data[k] = sign(random) * power();
    else if (style === 'ties') data[k] = random.int(count + 1) === 0 ? stepped(tie, random.int(5) - 2) : tie;
    else data[k] = size * random.normal();
  }
  return data;
}

function units(count: number, region: Region, random: Random): Float64Array {
  const [smallest, ends] = region === 'everyday' ? [20, []] : [35, [0, 1, SMALLEST]];
  return Float64Array.from({ length: count }, () => {
    const draw = random.int(4);
    if (draw === 0) return random.next();
    if (draw === 1) return pow(10, -between(0, smallest, random));
    if (draw === 2) return 1 - pow(2, -between(1, 24, random));
    return random.pick([0.5, NEARLY_ONE, 2 ** -24, ...ends]);
  });
}

const corner = (length: number, at: number): Float64Array =>
  Float64Array.from({ length }, (_, k) => (k === at ? 1 : 0));

/** A row that adds up to 1. Data and points anywhere may have all of it in one place. */
function simplexRow(length: number, region: Region, mayBeCorner: boolean, random: Random): Float64Array {
  const certain = random.int(length);
  if (mayBeCorner && random.int(3) === 0) return corner(length, certain);
  const smallest = region === 'everyday' ? 20 : 35;
  const isCertain = random.int(2) === 0;
  const row = Float64Array.from({ length }, (_, k) =>
    isCertain
      ? k === certain
        ? 0
        : pow(10, -between(0.5, smallest, random)) / length
      : exp(random.pick([0.5, 2, 6]) * random.normal()),
  );
  const total = row.reduce((a, b) => a + b, 0);
  if (!isCertain) return row.map((x) => shortened(x / total, 24));
  row[certain] = 1 - total;
  return row.map(Math.fround);
}

/** Values of an input of `count` items: `sizes` are the lengths of its axes. */
export function drawInput(
  input: LoweredInput,
  sizes: readonly number[],
  count: number,
  region: Region,
  random: Random,
): Float64Array {
  const lengths = input.axes.map((axis) => sizes[axis]!);
  const total = lengths.reduce((a, b) => a * b, count);
  const { domain } = input;
  if (domain === 'onehot' || domain === 'probability') return rows(input, sizes, total, region, random);
  const choose = (values: readonly number[]): Float64Array =>
    Float64Array.from({ length: total }, () => random.pick(values));
  const { lo, hi } = input.node.range;
  switch (domain) {
    case 'binary':
      return choose([0, 1]);
    case 'sign':
      return choose([-1, 1]);
    case 'integer': {
      const labels = input.indexAxis === undefined ? undefined : sizes[input.indexAxis]!;
      return Float64Array.from({ length: total }, () => random.int(labels ?? 3));
    }
    case 'unit':
      return units(total, region, random).map((x) => legal(domain, x, region));
    case 'between':
      return units(total, region, random).map((x) => Math.fround(lo + (hi - lo) * x));
    default:
      return reals(total, random.pick(STYLES), region, random).map((x) => legal(domain, x, region));
  }
}

/** Rows along the axis of a simplex, wherever it stands. */
function rows(
  input: LoweredInput,
  sizes: readonly number[],
  total: number,
  region: Region,
  random: Random,
): Float64Array {
  const length = sizes[input.simplexAxis!]!;
  const behind = input.axes.slice(input.axes.indexOf(input.simplexAxis!) + 1);
  const inner = behind.reduce((size, axis) => size * sizes[axis]!, 1);
  const data = new Float64Array(total);
  for (let start = 0; start < total; start += length * inner)
    for (let offset = start; offset < start + inner; offset++) {
      const row =
        input.domain === 'onehot'
          ? corner(length, random.int(length))
          : simplexRow(length, region, input.data || region === 'anywhere', random);
      for (const [k, x] of row.entries()) data[offset + k * inner] = x;
    }
  return data;
}

type Numeric = Exclude<DomainName, 'onehot' | 'probability' | 'binary' | 'sign' | 'integer'>;

/** The nearest number of a domain and region, short to write unless it is near 1. */
export function legal(domain: Numeric, x: number, region: Region): number {
  const short = Math.abs(Math.abs(x) - 1) < 1e-3 ? Math.fround(x) : shortened(x);
  const size = Math.abs(short);
  if (domain === 'unit')
    return region === 'everyday'
      ? Math.min(Math.max(short, Math.fround(1e-20)), NEARLY_ONE)
      : Math.min(Math.max(size < SMALLEST ? 0 : short, 0), 1);
  const [least, most] = region === 'everyday' ? [1e-6, domain === 'logits' ? 60 : 1e3] : [SMALLEST, 1e35];
  const kept = size === 0 ? 0 : Math.fround(Math.min(Math.max(size, least), most));
  if (domain === 'positive') return kept === 0 ? Math.fround(least) : kept;
  return domain === 'nonnegative' ? kept : x < 0 ? -kept : kept;
}
