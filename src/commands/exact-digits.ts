import type { Exact, ExactResult, Numbers } from '../../compiler/exact/exact.js';
import { painted, print, printError, printJson } from '../terminal.js';

type Nested = string | null | readonly Nested[];

/** Shows what `eval --digits` found. What no number of digits settles is `?`, and null in JSON. */
export function showExact(loss: string, result: ExactResult, digits: number, asJson: boolean): void {
  const shown = (numbers: Numbers<Exact>): Nested => nested(numbers, digits);
  const gradient = [...result.gradient].map(([name, numbers]) => [name, shown(numbers)] as const);
  if (asJson) {
    printJson({
      loss,
      digits,
      value: shown(result.value),
      perExample: shown(result.items),
      gradient: Object.fromEntries(gradient),
    });
    return;
  }
  print(`${loss} = ${text(shown(result.value))}`);
  if (result.items.data.length > 1 && result.value.shape.length === 0)
    print(`  items ${text(shown(result.items))}`);
  for (const [name, numbers] of gradient) print(`  d/d${name} ${text(numbers)}`);
  const all = [result.value, result.items, ...result.gradient.values()];
  if (all.some(({ data }) => Array.from(data).includes(undefined)))
    printError(
      `${painted('yellow', 'note')}: ? marks numbers that could not be computed exactly: a kink, an argument outside its domain, or more than 900 digits`,
    );
}

const text = (value: Nested): string =>
  value === null ? '?' : typeof value === 'string' ? value : `[${value.map(text).join(', ')}]`;

function nested({ shape, data }: Numbers<Exact>, digits: number): Nested {
  const build = (depth: number, start: number, length: number): Nested => {
    if (depth === shape.length) return decimal(data[start], digits);
    const step = shape[depth] === 0 ? 0 : length / shape[depth]!;
    return Array.from({ length: shape[depth]! }, (_, i) => build(depth + 1, start + i * step, step));
  };
  return build(0, 0, data.length);
}

const decimal = (x: Exact, digits: number): string | null =>
  x === undefined ? null : x.isZero() ? '0' : String(x.toSignificantDigits(digits));
