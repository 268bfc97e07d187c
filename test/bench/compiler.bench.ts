/**
 * Speed of the compiler: `node --import tsx test/bench/compiler.bench.ts [FILE.json]`.
 * Parse, simplify, differentiate and the whole compilation in memory, on the standard library and on 1,000 random trees, beside
 * mathjs on the expressions it can say; and the time over the size of the tree. Fails below the ratios that the project promises.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { derivative, parse as parseMath, simplify as simplifyMath } from 'mathjs';
import { compileLowered } from '../../compiler/compile.js';
import { differentiate } from '../../compiler/differentiate/differentiate.js';
import { emitModule } from '../../compiler/emit/tfjs-module.js';
import { lowerLoss } from '../../compiler/lower/lower.js';
import { loadProgram, lossesOf, type Program, programOf } from '../../compiler/lower/program.js';
import { simplify, simplifyingAlgebra } from '../../compiler/simplify.js';
import type { Expr, LossDecl } from '../../grammar/ast.js';
import type { Source } from '../../grammar/diagnostic.js';
import { parse } from '../../grammar/parse.js';
import { printDecl } from '../../grammar/print.js';
import { createRandom } from '../../src/random.js';
import { mathjsText, randomTree } from './random-trees.js';

const REQUIRED_RATIO = 200;
const SLOWEST_TREE = 50;
/** Seconds that mathjs may take in all: it needs minutes for one tree of 350 nodes. */
const MATHJS_BUDGET = 60;
const REPEATS = 5;

interface Times {
  readonly parse: number;
  readonly lower: number;
  /** Simplify and differentiate with respect to every prediction. */
  readonly derive: number;
  /** All passes from lowered form to the text of the emitted module. */
  readonly compile: number;
}

/** Best of several runs, milliseconds. */
function measure(text: string, program: Program, decl: LossDecl, emit: boolean): Times {
  const best = { parse: Infinity, lower: Infinity, derive: Infinity, compile: Infinity };
  for (let i = 0; i < REPEATS; i++) {
    const times = [performance.now()];
    const lap = (): void => {
      times.push(performance.now());
    };
    parse({ name: 'bench', text });
    lap();
    const { loss } = lowerLoss(program, decl);
    lap();
    const value = simplify(loss!.graph, [loss!.value]).roots[0]!;
    const algebra = simplifyingAlgebra(loss!.graph);
    const predictions = loss!.inputs.filter((input) => !input.data).map((input) => input.node);
    differentiate(algebra, value, predictions, algebra.constant(1));
    lap();
    const fresh = lowerLoss(program, decl).loss!;
    const started = performance.now();
    if (emit) emitModule(compileLowered(fresh));
    const compile = performance.now() - started;
    const [a, b, c, d] = times as [number, number, number, number];
    best.parse = Math.min(best.parse, b - a);
    best.lower = Math.min(best.lower, c - b);
    best.derive = Math.min(best.derive, d - c);
    best.compile = Math.min(best.compile, compile);
  }
  return best;
}

const lossOf = (result: Expr): LossDecl => ({
  kind: 'loss',
  name: { name: 'f' },
  inputs: [
    { name: { name: 't' }, data: true },
    { name: { name: 'p' }, data: false },
  ],
  parameters: [],
  body: { lets: [], result },
});

const usesPrediction = (expr: Expr): boolean => JSON.stringify(expr).includes('"p"');

function tree(size: number, seed: string): LossDecl {
  for (let i = 0; ; i++) {
    const body = randomTree(size, createRandom(`${seed} ${i}`));
    if (usesPrediction(body)) return lossOf(body);
  }
}

/** Milliseconds that mathjs needs to simplify and to differentiate (which simplifies again); undefined when it throws. */
function mathjsTime(text: string): number | undefined {
  const parsed = parseMath(text);
  const started = performance.now();
  try {
    simplifyMath(parsed);
    derivative(parsed, 'p');
  } catch {
    return undefined;
  }
  return performance.now() - started;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))]!;
const micro = (ms: number): string => `${(ms * 1000).toFixed(0)} us`;
const report = (what: string, times: readonly Times[]): void => {
  for (const part of ['parse', 'lower', 'derive', 'compile'] as const) {
    const all = times.map((entry) => entry[part]);
    console.log(
      `${what.padEnd(14)} ${part.padEnd(8)} mean ${micro(sum(all) / all.length).padStart(9)}  median ${micro(quantile(all, 0.5)).padStart(9)}  largest ${micro(Math.max(...all)).padStart(9)}`,
    );
  }
};

const folder = fileURLToPath(new URL('../../stdlib/', import.meta.url));
const read = (file: string): Source => ({ name: file, text: readFileSync(file, 'utf8') });
const standard = readdirSync(folder)
  .filter((file) => file.endsWith('.loss'))
  .map((file) => {
    const source = read(folder + file);
    const program = loadProgram(source, (specifier) =>
      read(`${folder}${specifier.replace('std/', '')}.loss`),
    );
    return { source, program, decl: lossesOf(program)[0] };
  })
  .filter((entry) => entry.decl !== undefined);

for (const { source, program, decl } of standard) measure(source.text, program, decl!, true);
const standardTimes = standard.map(({ source, program, decl }) => measure(source.text, program, decl!, true));
report('stdlib', standardTimes);

const random = createRandom('compiler bench');
const trees = Array.from({ length: 1000 }, (_, i) => {
  const size = 5 + random.int(56);
  const decl = tree(size, `tree ${i}`);
  return { size, decl, text: printDecl(decl), program: programOf([decl]) };
});
const treeTimes = trees.map(({ text, program, decl }) => measure(text, program, decl, true));
report('random trees', treeTimes);

const ratios: number[] = [];
const mathjsTimes: number[] = [];
let refused = 0;
for (const text of ['t * log(p)', '(t - p)^2 / 2', 'log(1 + exp(-t * p))']) mathjsTime(text);
for (const [i, { decl }] of trees.entries()) {
  const text = mathjsText(decl.body.result);
  if (text === undefined) continue;
  if (sum(mathjsTimes) > MATHJS_BUDGET * 1000) break;
  const time = mathjsTime(text);
  if (time === undefined) {
    refused++;
    continue;
  }
  mathjsTimes.push(time);
  ratios.push(time / treeTimes[i]!.derive);
}
const geometric = Math.exp(sum(ratios.map(Math.log)) / ratios.length);
console.log(
  `mathjs         simplify and derivative: ${ratios.length} trees, mean ${(sum(mathjsTimes) / ratios.length).toFixed(1)} ms, ${refused} refused`,
);
console.log(
  `ratio          geometric mean ${geometric.toFixed(0)}, median ${quantile(ratios, 0.5).toFixed(0)}, least ${Math.min(...ratios).toFixed(0)}`,
);

const large = Array.from({ length: 100 }, (_, i) => tree(200, `large ${i}`));
const slowest = Math.max(
  ...large
    .map((decl) => measure(printDecl(decl), programOf([decl]), decl, true))
    .map((t) => t.derive + t.compile),
);
console.log(`200 nodes      slowest of 100 trees, derive and compile: ${slowest.toFixed(1)} ms`);

const growth = [10, 30, 100, 300, 1000, 3000, 10000].map((size) => {
  const times = Array.from({ length: 5 }, (_, i) => {
    const decl = tree(size, `growth ${size} ${i}`);
    return measure('', programOf([decl]), decl, false).derive;
  });
  const time = quantile(times, 0.5);
  console.log(
    `growth         ${String(size).padStart(5)} nodes: ${time.toFixed(3).padStart(9)} ms, ${((time / size) * 1000).toFixed(2)} us a node`,
  );
  return { size, time };
});
/** Slope of log time over log size: 1 is linear. */
const [first, last] = [growth[1]!, growth.at(-1)!];
const exponent = Math.log(last.time / first.time) / Math.log(last.size / first.size);
console.log(
  `growth         exponent ${exponent.toFixed(2)} from ${first.size} to ${last.size} nodes (1 is linear)`,
);

const file = process.argv[2];
if (file !== undefined) {
  const result = {
    node: process.version,
    standardTimes,
    treeTimes,
    ratio: geometric,
    mathjs: mathjsTimes.length,
    slowest,
    growth,
    exponent,
  };
  writeFileSync(file, `${JSON.stringify(result, null, 1)}\n`);
}
process.exitCode = geometric >= REQUIRED_RATIO && slowest <= SLOWEST_TREE ? 0 : 1;
