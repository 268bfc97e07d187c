/**
 * Digits that float32 loses on Herbie's benchmarks: `npm run bench:herbie -- [FILE.json]`, a minute or two.
 * Each expression as it is written, every operation rounded to float32, beside what is emitted for TensorFlow.js (cpu), both against
 * 20 exact digits, at numbers of float32 of all sizes. Writes runs/bench-herbie.json, or the file that is named.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { compileLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import { evaluate } from '../../compiler/evaluate/evaluate.js';
import { evaluateExactly } from '../../compiler/exact/exact.js';
import { lowerLoss } from '../../compiler/lower/lower.js';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { createRandom, type Random } from '../../src/random.js';
import { loadModule } from '../../src/runtime/load.js';
import { type Drawn, EXPRESSIONS, type Expression } from './herbie-expressions.js';

const POINTS = 100;
/** Points that are drawn for them: where the exact value is none, or no normal number of float32, there is nothing to lose. */
const MOST_DRAWN = 400;
const DIGITS = 20;
const LEAST_NORMAL = 2 ** -126;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;
/** Digits of float32: 24 bits. */
const ALL = 24 * Math.log10(2);

/** A size with all exponents alike, rounded to float32. */
function draw({ least, most, signed }: Drawn, random: Random): number {
  const size = least * (most / least) ** random.next();
  return Math.fround(signed && random.next() < 0.5 ? -size : size);
}

const domainOf = ({ domain, signed }: Drawn): string => domain ?? (signed ? 'real' : 'positive');

function programOf({ body, inputs }: Expression) {
  const signature = Object.entries(inputs).map(([name, drawn]) => `${name}: ${domainOf(drawn)}`);
  const program = loadProgram({ name: 'herbie.loss', text: `loss f(${signature.join(', ')}) = ${body}` });
  return { program, decl: lossesOf(program)[0]! };
}

/** The exact value at one point, if it is a normal number of float32. */
async function exactValue(expression: Expression, point: readonly number[]): Promise<number | undefined> {
  const { program, decl } = programOf(expression);
  const numbers = Object.keys(expression.inputs).map(
    (name, i) => [name, { shape: [1], data: [point[i]!] }] as const,
  );
  const asked = {
    library: program.module,
    decl,
    reduction: 'mean',
    ignored: { label: -100, inputs: new Set<string>() },
    given: {
      inputs: new Map(numbers),
      parameters: new Map(),
      labels: new Set<string>(),
      logits: new Set<string>(),
    },
  } as const;
  const { value } = await evaluateExactly(asked, { digits: DIGITS, by: [], most: 300 });
  const found = Number(value.data[0] ?? Number.NaN);
  return Math.abs(found) >= LEAST_NORMAL && Math.abs(found) <= LARGEST ? found : undefined;
}

interface Sample {
  readonly point: readonly number[];
  readonly exact: number;
}

async function sample(expression: Expression): Promise<readonly Sample[]> {
  const random = createRandom(`herbie ${expression.name}`);
  const found: Sample[] = [];
  for (let i = 0; i < MOST_DRAWN && found.length < POINTS; i++) {
    const point = Object.values(expression.inputs).map((drawn) => draw(drawn, random));
    const exact = await exactValue(expression, point);
    if (exact !== undefined) found.push({ point, exact });
  }
  return found;
}

/** As it is written, every operation in float32. */
function naively(expression: Expression, samples: readonly Sample[]): Float64Array {
  const { program, decl } = programOf(expression);
  const { graph, value, inputs } = lowerLoss(program, decl).loss!;
  const results = evaluate(graph, [value], {
    sizes: graph.axes.all.map(() => samples.length),
    leaf: (node) => {
      const at = inputs.findIndex((input) => input.node === node);
      return { axes: node.axes, data: Float64Array.from(samples, ({ point }) => point[at]!) };
    },
    kept: (_, { axes, data }) => ({ axes, data: data.map(Math.fround) }),
  });
  return results.get(value)!.data;
}

/** What is emitted, on the cpu backend of TensorFlow.js, which keeps tensors in float32. */
function emitted(expression: Expression, samples: readonly Sample[]): ArrayLike<number> {
  const { program, decl } = programOf(expression);
  const module = loadModule(tf, emitModule(compileLoss(program, decl)));
  return tf.tidy(() => {
    const tensors = Object.keys(expression.inputs).map((_, i) =>
      tf.tensor1d(samples.map(({ point }) => point[i]!)),
    );
    return module.lossValue(tensors, { reduction: 'none' }).dataSync();
  });
}

/** Decimal digits of float32 that a result lacks: none where it is as near as float32 allows, all where nothing of it is right. */
function lost(found: number, exact: number): number {
  const error = Math.abs(found - exact) / Math.abs(exact);
  if (Number.isNaN(error)) return ALL;
  return Math.min(ALL, Math.max(0, Math.log10(error * 2 ** 24)));
}

interface Loss {
  readonly mean: number;
  readonly most: number;
  /** The point where most is lost. */
  readonly at: readonly number[];
}

function lossOf(results: ArrayLike<number>, samples: readonly Sample[]): Loss {
  const all = samples.map(({ exact }, i) => lost(results[i]!, exact));
  const most = Math.max(...all);
  const mean = all.reduce((a, b) => a + b, 0) / all.length;
  return { mean, most, at: samples[all.indexOf(most)]!.point };
}

await tf.setBackend('cpu');
const rows: { name: string; body: string; points: number; written: Loss; compiled: Loss }[] = [];
for (const expression of EXPRESSIONS) {
  const samples = await sample(expression);
  if (samples.length === 0) throw new Error(`no point for ${expression.name}`);
  const written = lossOf(naively(expression, samples), samples);
  const compiled = lossOf(emitted(expression, samples), samples);
  rows.push({ name: expression.name, body: expression.body, points: samples.length, written, compiled });
}

const cells = [
  ['digits lost of 7.2', 'points', 'written, mean', 'most', 'compiled, mean', 'most'],
  ...rows.map(({ name, points, written, compiled }) => [
    name,
    String(points),
    ...[written.mean, written.most, compiled.mean, compiled.most].map((x) => x.toFixed(1)),
  ]),
];
const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
for (const row of cells)
  console.log(
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
  );
const average = (pick: (row: (typeof rows)[number]) => number): string =>
  (rows.reduce((sum, row) => sum + pick(row), 0) / rows.length).toFixed(2);
console.log(
  `mean of ${rows.length} expressions: ${average(({ written }) => written.mean)} digits lost as written, ${average(({ compiled }) => compiled.mean)} compiled`,
);

const file = process.argv[2] ?? 'runs/bench-herbie.json';
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify({ node: process.version, digits: ALL, rows }, null, 1)}\n`);
