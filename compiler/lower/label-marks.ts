import { axisIndex } from '../graph/axes.js';
import { type Graph, type Node, reachable } from '../graph/graph.js';
import { operatorsThat } from '../operators/traits.js';
import type { LoweredInput } from './lowered.js';

/** Which whole numbers are legal for an input that a loss looks up entries with, or compares with the positions of an axis. */
export interface Positions {
  /** The axis that they are positions on. */
  readonly axis: number;
  /** The axis that entries are looked up on, which may be a copy of that one, where nothing else is done with the input. */
  readonly lookedUpOn: number | undefined;
  /** Whether one behind the last position is legal: as many positions as there are may lie below it. */
  readonly oneMore: boolean;
  /** Numbers outside of it that the loss compares them with, which is how it leaves entries out: constants and parameters. */
  readonly marks: readonly Node[];
  /** Whether the loss asks which are smaller: then those below 0 are its own affair. */
  readonly ordered: boolean;
}

/**
 * The positions that an input of whole numbers stands for, where the loss looks entries of one axis up by it, or compares it with
 * the positions, and otherwise only compares it with numbers. Outside the axis the language gives 0, which is not what the label
 * of a class means.
 */
export function positionsOf(graph: Graph, value: Node, input: LoweredInput): Positions | undefined {
  if (!input.data || input.domain !== 'integer') return undefined;
  const users = reachable([value]).filter(({ args }) => args.includes(input.node));
  const lookups = users.filter(
    ({ op, args }) => op === 'at' && args[1] === input.node && args[0] !== input.node,
  );
  const compared = users.flatMap((user) => {
    const other = user.args.find((arg) => arg !== input.node);
    return COMPARISONS.has(user.op) && other !== undefined ? [{ op: user.op, other }] : [];
  });
  if (lookups.length + compared.length < users.length) return undefined;
  const places = compared.filter(({ other }) => other.op === 'index');
  const numbers = compared.filter(({ other }) => other.op !== 'index');
  if (!numbers.every(({ other }) => isNumber(other))) return undefined;
  const rootOf = (axis: number): number => graph.axes.get(axisIndex(axis)).root;
  const axes = new Set([...lookups, ...places.map(({ other }) => other)].map(({ axis }) => rootOf(axis)));
  const [axis] = axes;
  const onOne = lookups.every((lookup) => lookup.axis === lookups[0]!.axis);
  if (axis === undefined || axes.size > 1) return undefined;
  return {
    axis,
    lookedUpOn:
      onOne && lookups[0] !== undefined && compared.length === 0 ? axisIndex(lookups[0].axis) : undefined,
    oneMore: lookups.length === 0 && places.every(({ op }) => op !== 'eq'),
    marks: numbers.map(({ other }) => other),
    ordered: numbers.some(({ op }) => op !== 'eq'),
  };
}

const COMPARISONS = operatorsThat('compares');

const isNumber = ({ op, axes }: Node): boolean => op === 'const' || (op === 'parameter' && axes === 0);
