import type { Domain, Input } from '../../../grammar/tree/ast.js';
import type { Random } from '../../../src/random.js';
import type { Given, Numbers } from '../oracle/oracle.js';
import { numberOf, parameterValue, type Signature } from './signature.js';

/** Predictions that can be given before softmax or sigmoid. */
export function logitsOf(signature: Signature, random: Random): ReadonlySet<string> {
  if (random.next() < 0.6) return new Set();
  return new Set(
    signature.inputs
      .filter(({ name, data, domain }) => {
        const isPrediction = !data && name.name !== 'target';
        return isPrediction && (domain?.name.name === 'probability' || domain?.name.name === 'unit');
      })
      .map(({ name }) => name.name),
  );
}

/**
 * Legal inputs, each a float32 number: of everyday size, or now and then round numbers, so that ties and edges occur. Labels may
 * leave items out where no item depends on another.
 */
export function drawPoint(
  signature: Signature,
  logits: ReadonlySet<string>,
  random: Random,
  mayIgnore = false,
): Given {
  const isRound = random.next() < 0.25;
  const inputs = new Map<string, Numbers>();
  const labels = new Set<string>();
  for (const input of signature.inputs) {
    const { name } = input.name;
    const along = (input.domain?.axes ?? []).flatMap((axis) => (axis.kind === 'axis' ? [axis] : []));
    const sizes = along.map((axis) => signature.sizes.get(axis.name.name)!);
    const count = [...signature.items, ...sizes].reduce((a, b) => a * b, 1);
    const domain: Domain = logits.has(name)
      ? { name: { name: 'logits' } }
      : (input.domain ?? { name: { name: 'real' } });
    const shape = [
      ...signature.items,
      ...along.flatMap((axis, i) => (axis.many ? [2, sizes[i]! / 2] : [sizes[i]!])),
    ];
    const axis = domain.over?.name ?? along.at(-1)?.name.name;
    const place = along.findIndex((entry) => entry.name.name === axis);
    const row = sizes[place] ?? 1;
    const inner = sizes.slice(place + 1).reduce((a, b) => a * b, 1);
    // One layout of labels leaves the rank open; there rows are given.
    const mayBeLabels =
      domain.name.name === 'onehot' && !along.some(({ many }) => many) && hasPartner(signature, input);
    if (mayBeLabels && random.next() < 0.3) {
      labels.add(name);
      inputs.set(name, {
        shape: shape.toSpliced(signature.items.length + place, 1),
        data: Float64Array.from({ length: count / row }, () =>
          mayIgnore && inner === 1 && along.length === 1 && random.next() < 0.2 ? -100 : random.int(row),
        ),
      });
    } else {
      const data = draw(domain, count, row, isRound, random).map(Math.fround);
      // Rows are drawn one behind the other, and lie along their axis.
      const placed = data.map((_, k) => {
        const [outer, at, within] = [Math.floor(k / (row * inner)), Math.floor(k / inner) % row, k % inner];
        return data[(outer * inner + within) * row + at]!;
      });
      inputs.set(name, { shape, data: Float64Array.from(placed) });
    }
  }
  const parameters = new Map<string, Numbers>();
  for (const { name, domain } of signature.parameters) {
    if (random.next() < 0.5) continue;
    const along = (domain?.axes ?? []).flatMap((axis) => (axis.kind === 'axis' ? [axis.name.name] : []));
    const shape = random.next() < 0.5 ? [] : along.map((axis) => signature.sizes.get(axis)!);
    const count = shape.reduce((a, b) => a * b, 1);
    const data = Float64Array.from({ length: count }, () => parameterValue(random, domain!));
    parameters.set(name.name, { shape, data });
  }
  return { inputs, parameters, labels, logits };
}

/** Whether another input tells how many axes stand in front. */
function hasPartner({ inputs }: Signature, input: Input): boolean {
  const isOpen = input.domain?.axes?.[0]?.kind === 'rest';
  return !isOpen || inputs.some((other) => other !== input && other.domain?.name.name !== 'onehot');
}

const ROUND = [-2, -1, -0.5, 0, 0.5, 1, 2];

function draw(domain: Domain, count: number, row: number, isRound: boolean, random: Random): number[] {
  const many = (make: () => number): number[] => Array.from({ length: count }, make);
  const real = (): number => (isRound ? random.pick(ROUND) : random.normal() * (random.next() < 0.1 ? 5 : 1));
  const rows = (make: () => readonly number[]): number[] => Array.from({ length: count / row }, make).flat();
  switch (domain.name.name) {
    case 'positive':
      return many(() => (isRound ? random.pick([0.5, 1, 2]) : Math.exp(random.normal())));
    case 'nonnegative':
      return many(() => Math.abs(real()));
    case 'unit':
      return many(() => (isRound ? random.pick([0, 0.5, 1]) : random.next()));
    case 'between': {
      const [low, high] = domain.bounds!.map(numberOf) as [number, number];
      return many(() => (isRound ? random.pick([low, high]) : low + (high - low) * random.next()));
    }
    case 'binary':
      return many(() => random.int(2));
    case 'sign':
      return many(() => 2 * random.int(2) - 1);
    case 'integer':
      // One for each item may be a label, which is a class of the axis that it is looked up on.
      return many(() => (domain.axes === undefined ? random.int(2) : random.int(5) - 1));
    case 'onehot':
      return rows(() => {
        const label = random.int(row);
        return Array.from({ length: row }, (_, i) => (i === label ? 1 : 0));
      });
    case 'probability':
      return rows(() => simplex(row, random));
    default:
      return many(real);
  }
}

/** Multiples of 2^-16 that add up to 1: exactly, as the domain promises, in float32 too. */
function simplex(length: number, random: Random): readonly number[] {
  const shares = Array.from({ length }, () => Math.exp(random.normal()));
  const total = shares.reduce((a, b) => a + b, 0);
  const parts = shares.map((share) => Math.max(1, Math.round((share / total) * 2 ** 16)));
  const rest = 2 ** 16 - parts.reduce((a, b) => a + b, 0);
  const largest = parts.indexOf(Math.max(...parts));
  return parts.map((part, i) => (i === largest ? part + rest : part) / 2 ** 16);
}
