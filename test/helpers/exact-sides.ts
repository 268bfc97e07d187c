/** Both sides of a rewrite rule in exact digits, at points that are drawn. */
import { type BigNumber, bigNumbers, binaryDigits } from '../../compiler/exact/decimal/number.js';
import { decimalArithmetic, type Tensor } from '../../compiler/exact/decimal/tensor.js';
import { Interpreter, scopeIn } from '../../compiler/exact/interpreter.js';
import { findFunction } from '../../compiler/resolve/functions.js';
import { parsedFormula } from '../../compiler/rules/formula.js';
import type { Rule } from '../../compiler/rules/rule.js';
import type { Expr } from '../../grammar/tree/ast.js';
import { visit } from '../../grammar/tree/walk.js';
import { drawPoint } from './points.js';

/** Significant digits that are worked in: more are tried only where few do not show that two sides agree. */
const DIGITS = [50, 200, 800];
/** Two sides agree that differ by this much, times the left one where that is larger than 1. */
const TOLERANCE = '1e-30';
/** Entries along each axis that a rule names. */
const ENTRIES = 3;

/** The rule as trees of the language, and what their names are. */
interface Sides {
  readonly from: Expr;
  readonly to: Expr;
  readonly axes: readonly string[];
  readonly variables: readonly string[];
}

function sidesOf(rule: Rule): Sides {
  const sides = { from: parsedFormula(rule.from), to: parsedFormula(rule.to) };
  const axes = new Set<string>();
  const names = new Set<string>();
  for (const side of [sides.from, sides.to])
    visit(side, (node) => {
      if (node.kind === 'name') names.add(node.name);
      const row = node.kind === 'call' ? findFunction(node.callee.name) : undefined;
      if (node.kind !== 'call' || (row?.kind !== 'reduction' && row?.kind !== 'axis')) return;
      for (const arg of node.args.slice(1)) if (arg.kind === 'name') axes.add(arg.name);
    });
  return { ...sides, axes: [...axes], variables: [...names].filter((name) => !axes.has(name)) };
}

/** A point at which the sides of a rule differ, in words; undefined where they agree at all that were drawn. */
export interface Sampled {
  /** Points at which the left side is a finite number. */
  readonly count: number;
  readonly counterexample: string | undefined;
}

/** Compares the sides of a rule at so many points where the left side is defined, or until they differ. */
export async function sampleRule(rule: Rule, points: number): Promise<Sampled> {
  const sides = sidesOf(rule);
  const classes = await Promise.all(DIGITS.map(bigNumbers));
  const size = ENTRIES ** sides.axes.length;
  let count = 0;
  for (let i = 0; i < 40 * points && count < points; i += 1) {
    const point = drawPoint(sides.variables, rule.needs ?? {}, size, `${rule.name} ${i}`);
    const difference = differenceAt(sides, point, classes);
    if (difference === 'undefined') continue;
    count += 1;
    if (difference !== 'none') {
      const given = [...point].map(([name, data]) => `${name} = ${data.join(', ')}`).join('; ');
      return {
        count,
        counterexample: `${given}: ${rule.from} is ${difference[0]}, ${rule.to} is ${difference[1]}`,
      };
    }
  }
  return { count, counterexample: undefined };
}

function agree(x: BigNumber, y: BigNumber): boolean {
  const apart = x.minus(y).abs();
  return y.isFinite() && apart.lte(x.abs().gt(1) ? x.abs().times(TOLERANCE) : TOLERANCE);
}

/** How the sides differ at a point; `undefined` where the left one is not a finite number. */
function differenceAt(
  sides: Sides,
  point: ReadonlyMap<string, Float64Array>,
  classes: readonly Awaited<ReturnType<typeof bigNumbers>>[],
): 'none' | 'undefined' | readonly [string, string] {
  let found: readonly [string, string] | undefined;
  for (const Big of classes) {
    const arithmetic = decimalArithmetic(
      Big,
      { kept: [], keep: () => {} },
      { leftRange: false, cancelled: false },
    );
    const interpreter = new Interpreter(arithmetic);
    const scope = scopeIn<Tensor>({ callables: new Map() });
    const axes = sides.axes.map((name) => interpreter.axis(name, ENTRIES));
    for (const axis of axes) scope.names.set(axis.name, axis);
    for (const [name, data] of point)
      scope.names.set(
        name,
        arithmetic.along(
          axes,
          Array.from(data, (x) => binaryDigits(Big, x)),
          false,
        ),
      );
    const [left, right] = [sides.from, sides.to].map((side) => interpreter.value(side, scope).data);
    if (!left!.every((x) => x.isFinite())) return 'undefined';
    const entries = Math.max(left!.length, right!.length);
    // A side that is the same along all axes has one entry.
    const at = (data: readonly BigNumber[], k: number): BigNumber => data[data.length === 1 ? 0 : k]!;
    const wrong = Array.from({ length: entries }, (_, k) => [at(left!, k), at(right!, k)] as const).find(
      ([x, y]) => !agree(x, y),
    );
    if (wrong === undefined) return 'none';
    found = [wrong[0].toPrecision(20), wrong[1].toPrecision(20)];
  }
  return found!;
}
