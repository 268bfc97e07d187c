/**
 * The functions of the language by what they take, found from the tables: what generators draw from, so that a new operator or
 * function is in every property test at once.
 */
import { Graph, type Node, reachable } from '../../compiler/graph/graph.js';
import { RawBuilder } from '../../compiler/graph/raw.js';
import { domainsOf, isElementwise } from '../../compiler/operators/elementwise.js';
import { ANY, type Range, range } from '../../compiler/operators/range.js';
import { FUNCTIONS, type FunctionName, type FunctionRow } from '../../compiler/resolve/functions.js';

/** What an argument may be so that the function is defined: the first that does. */
const KINDS = {
  any: ANY,
  positive: range(0, Infinity, { nonzero: true }),
  negative: range(-Infinity, 0, { nonzero: true }),
  /** Between -1 and 1, without the ends. */
  unit: range(-0.999, 0.999),
} as const satisfies Record<string, Range>;
type ArgumentKind = keyof typeof KINDS;

interface KnownFunction {
  readonly name: FunctionName;
  readonly takes: readonly ArgumentKind[];
  /** It grows as e to an argument does. */
  readonly isExponential: boolean;
  /** Its derivative is said to be 0, whatever its values do. */
  readonly isStopped: boolean;
}

function* combinations(arity: number): Generator<readonly ArgumentKind[]> {
  const kinds = Object.keys(KINDS) as ArgumentKind[];
  for (let code = 0; code < kinds.length ** arity; code++)
    yield Array.from(
      { length: arity },
      (_, i) => kinds[Math.floor(code / kinds.length ** i) % kinds.length]!,
    );
}

type Values = Extract<FunctionRow, { kind: 'values' }>;

function build(row: Values, takes: readonly ArgumentKind[]): Node {
  const graph = new Graph();
  const args = takes.map((kind, position) =>
    graph.make('input', [], {
      axes: 0,
      range: KINDS[kind],
      leaf: { kind: 'given', name: `x${position}`, position, data: false },
    }),
  );
  return row.build(new RawBuilder(graph), args);
}

function knownFunction(name: FunctionName, row: Values): KnownFunction {
  const takes = [...combinations(row.arity)].find((kinds) => build(row, kinds).range.total);
  if (takes === undefined)
    throw new Error(`${name} is defined nowhere that generators know: add a kind of argument`);
  const nodes = reachable([build(row, takes)]);
  const grows = (node: Node): boolean =>
    isElementwise(node.op) &&
    domainsOf(
      node.op,
      node.args.map((arg) => arg.range),
      node.value,
    ).some(({ overflow, overflowBelow }) => overflow !== undefined || overflowBelow !== undefined);
  return {
    name,
    takes,
    isExponential: nodes.some(grows),
    isStopped: nodes.some(({ op }) => op === 'stop'),
  };
}

const ROWS = Object.entries(FUNCTIONS) as readonly [FunctionName, FunctionRow][];

/** Functions that work element by element. */
const VALUE_FUNCTIONS: readonly KnownFunction[] = ROWS.flatMap(([name, row]) =>
  row.kind === 'values' ? [knownFunction(name, row)] : [],
);

/** `max` and `min` of two values. */
export const PICKING: readonly FunctionName[] = ROWS.flatMap(([name, row]) =>
  row.kind === 'both' ? [name] : [],
);

/** Functions that take axes away. */
export const REDUCTIONS: readonly FunctionName[] = ROWS.flatMap(([name, row]) =>
  row.kind === 'reduction' || row.kind === 'both' ? [name] : [],
);

/** Functions of a value that keep their axis. */
export const ALONG: readonly FunctionName[] = ROWS.flatMap(([name, row]) =>
  row.kind === 'axis' && row.takes.join() === 'value,axis' ? [name] : [],
);

const named = (functions: readonly KnownFunction[]): readonly FunctionName[] =>
  functions.map(({ name }) => name);
const ofOne = VALUE_FUNCTIONS.filter(({ takes, isStopped }) => takes.length === 1 && !isStopped);

/** Functions of any one value that does not grow as an exponential does. */
export const SMOOTH = named(ofOne.filter(({ takes, isExponential }) => takes[0] === 'any' && !isExponential));
/** Functions of any one value that is not large. */
export const EXPONENTIAL = named(
  ofOne.filter(({ takes, isExponential }) => takes[0] === 'any' && isExponential),
);
/** Functions of one positive value. */
export const OF_POSITIVE = named(ofOne.filter(({ takes }) => takes[0] === 'positive'));
/** Functions of one negative value. */
export const OF_NEGATIVE = named(ofOne.filter(({ takes }) => takes[0] === 'negative'));
/** Functions of one value between -1 and 1. */
export const OF_UNIT = named(ofOne.filter(({ takes }) => takes[0] === 'unit'));
/** Functions of more than one value, with what each is. */
export const OF_SEVERAL = VALUE_FUNCTIONS.filter(({ takes }) => takes.length > 1);
