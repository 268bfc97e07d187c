import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { canonicalHash, lossHash } from '../../compiler/canonical/canonical.js';
import { differentiate } from '../../compiler/differentiate/differentiate.js';
import { evaluate } from '../../compiler/evaluate/evaluate.js';
import { cost } from '../../compiler/graph/cost.js';
import { type Graph, type Node, reachable } from '../../compiler/graph/graph.js';
import { RawBuilder } from '../../compiler/graph/raw.js';
import { verify } from '../../compiler/graph/verify.js';
import { lowerLoss } from '../../compiler/lower/lower.js';
import type { LoweredLoss } from '../../compiler/lower/lowered.js';
import { normalise, simplify, simplifyingAlgebra } from '../../compiler/passes/simplify.js';
import { raise } from '../../compiler/raise/raise.js';
import { programOf } from '../../compiler/resolve/program.js';
import { printDecl, printExpr } from '../../grammar/print/print.js';
import { parse } from '../../grammar/read/parse.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import { createRandom } from '../../src/random.js';
import { arbitraryLoss } from '../helpers/arbitrary-loss.js';
import { renamed, shuffled } from '../helpers/same-loss.js';

/** Every property is tried on this many programs; fast-check prints seed and program of a failure. */
const PROGRAMS = 1000;
const ITEMS = 2;
const CLASSES = 3;
/** Beyond this size of an intermediate result rounding says more than the formula. */
const LARGEST = 1e5;

function lower(decl: LossDecl): LoweredLoss {
  const { loss, diagnostics } = lowerLoss(programOf([decl]), decl);
  assert.ok(loss, diagnostics.map(({ message }) => message).join());
  return loss;
}

interface Point {
  readonly target: Float64Array;
  readonly prediction: Float64Array;
  readonly gamma: number;
}

function pointFor(loss: LoweredLoss, seed: string): Point {
  const random = createRandom(seed);
  const length = ITEMS * CLASSES;
  const target = Float64Array.from({ length }, () => random.normal());
  const prediction = Float64Array.from({ length }, () => random.normal());
  if (loss.inputs[0]!.domain === 'onehot') {
    for (let item = 0; item < ITEMS; item++) {
      const row = item * CLASSES;
      const sum = [0, 1, 2].reduce((total, k) => total + Math.exp(prediction[row + k]!), 0);
      const label = random.int(CLASSES);
      for (let k = 0; k < CLASSES; k++) {
        prediction[row + k] = Math.exp(prediction[row + k]!) / sum;
        target[row + k] = k === label ? 1 : 0;
      }
    }
  }
  return { target, prediction, gamma: Math.exp(random.normal()) };
}

/** Where operators jump: at this, and a whole number from it. */
const JUMPS = { floor: 0, round: 0.5 } as const;

/** Values of all that the roots are made of, and the largest size of one: not finite if one is not. */
function evaluated(graph: Graph, roots: readonly Node[], point: Point) {
  const results = evaluate(graph, roots, {
    sizes: [ITEMS, CLASSES],
    leaf: ({ leaf, axes }) => ({
      axes,
      data:
        leaf!.name === 'gamma'
          ? Float64Array.of(point.gamma)
          : leaf!.name === 'target'
            ? point.target
            : point.prediction,
    }),
  });
  let largest = 1;
  for (const { data } of results.values()) for (const x of data) largest = Math.max(largest, Math.abs(x));
  return { results, largest };
}

/**
 * Values of the roots, and the size of the largest intermediate result; undefined if one of them is not a number, or where
 * rounding decides. With `kinks`, also undefined where an operator has no slope.
 */
function valuesAt(
  graph: Graph,
  roots: readonly Node[],
  point: Point,
  kinks = false,
): { values: Float64Array[]; largest: number } | undefined {
  const { results, largest } = evaluated(graph, roots, point);
  if (!Number.isFinite(largest)) return undefined;
  const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9 * largest;
  for (const node of results.keys()) {
    const [x, y] = node.args.map((arg) => spread(results.get(arg)!.data, arg, ITEMS * CLASSES));
    // Rounding decides between two values that are equal by algebra.
    if ((node.op === 'lt' || node.op === 'le') && x!.some((a, k) => a !== y![k] && near(a, y![k]!)))
      return undefined;
    // And on which side of a jump a value is.
    const jump = JUMPS[node.op as keyof typeof JUMPS];
    if (jump !== undefined && x!.some((a) => near(a, Math.round(a - jump) + jump))) return undefined;
    if (kinks && isKink(node.op, x, y, near)) return undefined;
    if (node.op !== 'reduceMax' && node.op !== 'reduceMin') continue;
    // Each of several largest entries gets the whole slope, which no difference quotient does.
    const best = results.get(node)!.data;
    for (let item = 0; item < ITEMS; item++) {
      const row = x!.subarray(item * CLASSES, (item + 1) * CLASSES);
      if (row.filter((a) => near(a, best[item % best.length]!)).length > 1) return undefined;
    }
  }
  return { values: roots.map((root) => results.get(root)!.data), largest };
}

/** Whether an operator is where it has no slope: the convention there is not a limit. */
function isKink(
  op: string,
  x: Float64Array | undefined,
  y: Float64Array | undefined,
  near: (a: number, b: number) => boolean,
): boolean {
  if (op === 'max' || op === 'min') return x!.some((a, k) => near(a, y![k]!));
  return (op === 'abs' || op === 'relu') && x!.some((a) => near(a, 0));
}

/** Entries over the full shape: a result may lack axes along which it is constant. */
const spread = (data: Float64Array, node: Node, count: number): Float64Array => {
  if (data.length === count) return data;
  const width = count / ITEMS;
  const perItem = (node.axes & 1) !== 0;
  return Float64Array.from({ length: count }, (_, k) =>
    data.length === 1 ? data[0]! : data[perItem ? Math.floor(k / width) : k % width]!,
  );
};

function close(a: Float64Array, b: Float64Array, tolerance: number, context: string): void {
  for (const [k, x] of a.entries()) {
    const y = b[k]!;
    assert.ok(Math.abs(x - y) <= tolerance, `${context} [${k}]: ${x}, expected ${y} within ${tolerance}`);
  }
}

const text = (loss: LoweredLoss, node: Node): string => printExpr(raise(loss.graph, node).result);

const predictionOf = (loss: LoweredLoss): Node => loss.inputs[1]!.node;
const gradientOf = (loss: LoweredLoss, value: Node, raw: boolean): Node => {
  const b = raw ? new RawBuilder(loss.graph) : simplifyingAlgebra(loss.graph);
  return differentiate(b, value, [predictionOf(loss)], b.constant(1))[0]!;
};

/** Tries a property on random programs; a failure shows the program as text. */
function check(property: (decl: LossDecl, seed: number) => void): void {
  let shown = '';
  try {
    fc.assert(
      fc.property(arbitraryLoss, fc.nat(), (decl, seed) => {
        try {
          property(decl, seed);
        } catch (error) {
          shown = `${printDecl(decl)}\n${(error as Error).message}`;
          throw error;
        }
      }),
      { numRuns: PROGRAMS },
    );
  } catch (error) {
    const [, seed] = /seed: (-?\d+)/.exec((error as Error).message) ?? [];
    throw new Error(`seed ${seed}\n${shown}`);
  }
}

const properties = suite('properties of random programs');

properties('simplifying keeps the value and the gradient wherever the original has them', () => {
  let compared = 0;
  check((decl) => {
    const loss = lower(decl);
    const simplified = normalise(loss.graph, [loss.value]).roots[0]!;
    const [raw, short] = [gradientOf(loss, loss.value, true), gradientOf(loss, simplified, false)];
    for (let i = 0; i < 3; i++) {
      const point = pointFor(loss, `point ${i}`);
      const original = valuesAt(loss.graph, [loss.value, raw], point);
      if (original === undefined || original.largest > LARGEST) continue;
      compared++;
      const result = valuesAt(loss.graph, [simplified, short], point);
      if (result === undefined) {
        const { largest } = evaluated(loss.graph, [simplified, short], point);
        assert.ok(Number.isFinite(largest), `no value after simplifying: ${text(loss, simplified)}`);
        // Its own numbers are larger, so that rounding decides there.
        continue;
      }
      const tolerance = 1e-9 * Math.max(original.largest, result.largest) ** 2;
      const [value, gradient] = result.values as [Float64Array, Float64Array];
      close(
        spread(value, simplified, ITEMS),
        spread(original.values[0]!, loss.value, ITEMS),
        tolerance,
        'value',
      );
      const count = ITEMS * CLASSES;
      close(spread(gradient, short, count), spread(original.values[1]!, raw, count), tolerance, 'gradient');
    }
  });
  assert.ok(compared > PROGRAMS, `only ${compared} points were defined`);
});

properties('the gradient is the limit of difference quotients', () => {
  let compared = 0;
  check((decl) => {
    const loss = lower(decl);
    const gradient = gradientOf(loss, loss.value, true);
    const point = pointFor(loss, 'slope');
    const at = (k: number, step: number): number | undefined => {
      const prediction = point.prediction.slice();
      prediction[k] = prediction[k]! + step;
      const found = valuesAt(loss.graph, [loss.value], { ...point, prediction });
      if (found === undefined || found.largest > 1e3) return undefined;
      return spread(found.values[0]!, loss.value, ITEMS).reduce((a, b) => a + b, 0);
    };
    const exact = valuesAt(loss.graph, [loss.value, gradient], point, true);
    if (exact === undefined || exact.largest > 1e3) return;
    const slopes = spread(exact.values[1]!, gradient, ITEMS * CLASSES);
    const once = (loss.value.axes & 1) === 0 ? ITEMS : 1;
    for (const [k, slope] of slopes.entries()) {
      const quotient = (h: number): number => (at(k, h)! - at(k, -h)!) / (2 * h);
      const [wide, narrow] = [quotient(2e-5), quotient(1e-5)];
      // A kink lies in between, or the curve bends too much for the step.
      if (!(Math.abs(wide - narrow) < 1e-5 * Math.max(1, Math.abs(narrow)))) continue;
      compared++;
      const tolerance = 1e-4 * Math.max(1, Math.abs(narrow));
      assert.ok(Math.abs(slope * once - narrow) <= tolerance, `[${k}]: ${slope}, quotient ${narrow}`);
    }
  });
  assert.ok(compared > PROGRAMS, `only ${compared} slopes were compared`);
});

properties('simplifying never raises the cost, ends, and a second time changes nothing', () => {
  check((decl) => {
    const loss = lower(decl);
    const before = cost([loss.value]);
    const once = simplify(loss.graph, [loss.value]);
    assert.is(once.stopped, 'normal');
    assert.ok(cost(once.roots) <= before);
    assert.is(simplify(loss.graph, once.roots).roots[0], once.roots[0]);
    const normal = normalise(loss.graph, [loss.value]).roots[0]!;
    assert.is(
      normalise(loss.graph, [normal]).roots[0],
      normal,
      `${text(loss, normalise(loss.graph, [normal]).roots[0]!)}\n${text(loss, normal)}`,
    );
  });
});

properties('graphs are sound after lowering, simplifying and differentiating', () => {
  check((decl) => {
    const loss = lower(decl);
    const simplified = simplify(loss.graph, [loss.value]).roots[0]!;
    verify(loss.graph, [loss.value, simplified, gradientOf(loss, simplified, false)]);
  });
});

properties('ranges hold the values', () => {
  check((decl) => {
    const loss = lower(decl);
    const point = pointFor(loss, 'range');
    const simplified = normalise(loss.graph, [loss.value]).roots[0]!;
    for (const node of reachable([loss.value, simplified])) {
      const found = valuesAt(loss.graph, [node], point);
      if (found === undefined || found.largest > LARGEST) continue;
      const { lo, hi } = node.range;
      const slack = 1e-9 * found.largest;
      for (const x of found.values[0]!)
        assert.ok(x >= lo - slack && x <= hi + slack, `${x} in [${lo}, ${hi}]: ${text(loss, node)}`);
    }
  });
});

properties('the hash is the same when operands change places, sums nest otherwise and names change', () => {
  check((decl, seed) => {
    const hash = lossHash(lower(decl));
    const other = renamed(shuffled(decl, createRandom(seed)), createRandom(seed));
    assert.is(lossHash(lower(other)), hash, printDecl(other));
  });
});

properties('what is printed of a simplified loss reads back as the same loss', () => {
  check((decl) => {
    const loss = lower(decl);
    const simplified = normalise(loss.graph, [loss.value]).roots[0]!;
    const before = canonicalHash(loss.graph, simplified);
    const printed = printDecl({ ...decl, body: raise(loss.graph, simplified) });
    const parsed = parse({ name: 'printed.loss', text: printed });
    assert.equal(parsed.diagnostics, [], printed);
    const again = lowerLoss(programOf([]), parsed.file.declarations[0] as LossDecl);
    // What no longer depends on the prediction is not a loss.
    if (again.loss === undefined) return;
    const result = normalise(again.loss.graph, [again.loss.value]).roots[0]!;
    assert.is(canonicalHash(again.loss.graph, result), before, printed);
  });
});

properties.run();
