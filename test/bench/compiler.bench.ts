/**
 * Speed of the compiler: `npm run bench:compiler -- [FILE.json]`, three minutes at most.
 * Parse, simplify and differentiate, and the whole compilation in memory, on the standard library and on 1,000 random trees; beside
 * mathjs on the expressions that it can say; and the time over the size of the tree. Writes runs/bench-compiler.json, or the file
 * that is named. Exits with 1 below what the project promises.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { compileLowered } from '../../compiler/compile.js';
import { differentiate } from '../../compiler/differentiate/differentiate.js';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import { lowerLoss } from '../../compiler/lower/lower.js';
import { simplify, simplifyingAlgebra } from '../../compiler/passes/simplify.js';
import { lossesOf, type Program, programOf } from '../../compiler/resolve/program.js';
import { printDecl } from '../../grammar/print/print.js';
import { parse } from '../../grammar/read/parse.js';
import type { Expr, LossDecl } from '../../grammar/tree/ast.js';
import { createRandom } from '../../src/random.js';
import { LOSSES, standardProgram } from '../stdlib/library.js';
import { LIMIT, Mathjs, type MathjsTime, mathjsText, variableText } from './mathjs.js';
import { randomTree } from './random-trees.js';
import { scalarLoss } from './scalar-bodies.js';

const REQUIRED_RATIO = 200;
/** Milliseconds for a tree of 200 nodes. */
const SLOWEST_TREE = 50;
const REPEATS = 5;
const TREES = 1000;
/** Seconds that mathjs may take for the standard library, and for the trees: it needs minutes for one of 350 nodes. */
const MATHJS_BUDGET = { stdlib: 45, trees: 60 };

interface Times {
  readonly parse: number;
  /** Resolve names, check axes and domains, make the graph. */
  readonly check: number;
  /** Simplify and differentiate with respect to every prediction. */
  readonly derive: number;
  /** All passes from the checked form to the text of the emitted module. */
  readonly compile: number;
}
const PARTS = ['parse', 'check', 'derive', 'compile'] as const;

interface Subject {
  readonly text: string;
  readonly program: Program;
  readonly decl: LossDecl;
}

/** Best of several runs, milliseconds. */
function measure({ text, program, decl }: Subject, emit = true): Times {
  const best = { parse: Infinity, check: Infinity, derive: Infinity, compile: emit ? Infinity : 0 };
  for (let i = 0; i < REPEATS; i++) {
    const a = performance.now();
    parse({ name: 'bench', text });
    const b = performance.now();
    const { graph, value, inputs } = lowerLoss(program, decl).loss!;
    const c = performance.now();
    const simplified = simplify(graph, [value]).roots[0]!;
    const algebra = simplifyingAlgebra(graph);
    const predictions = inputs.filter((input) => !input.data).map((input) => input.node);
    differentiate(algebra, simplified, predictions, algebra.constant(1));
    const d = performance.now();
    best.parse = Math.min(best.parse, b - a);
    best.check = Math.min(best.check, c - b);
    best.derive = Math.min(best.derive, d - c);
    if (!emit) continue;
    const fresh = lowerLoss(program, decl).loss!;
    const started = performance.now();
    emitModule(compileLowered(fresh));
    best.compile = Math.min(best.compile, performance.now() - started);
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

const subjectOf = (decl: LossDecl): Subject => ({ text: printDecl(decl), program: programOf([decl]), decl });

function tree(size: number, seed: string): Subject {
  for (let i = 0; ; i++) {
    const body = randomTree(size, createRandom(`${seed} ${i}`));
    if (JSON.stringify(body).includes('"p"')) return subjectOf(lossOf(body));
  }
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))]!;
const geometricMean = (values: readonly number[]): number =>
  Math.exp(sum(values.map(Math.log)) / values.length);
const table = (rows: readonly (readonly (string | number)[])[]): void => {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)));
  for (const row of rows) console.log(row.map((cell, i) => String(cell).padStart(widths[i]!)).join('  '));
  console.log();
};
const micro = (ms: number): string => (ms * 1000).toFixed(ms < 0.1 ? 1 : 0);

function timeRows(what: string, times: readonly Times[]): string[][] {
  return PARTS.map((part) => {
    const all = times.map((entry) => entry[part]);
    const cells = [sum(all) / all.length, quantile(all, 0.5), quantile(all, 0.99), Math.max(...all)];
    return [what, String(all.length), part, ...cells.map(micro)];
  });
}

interface Comparison {
  readonly expressible: number;
  readonly tried: number;
  readonly refused: number;
  readonly unfinished: number;
  /** mathjs's time over ours, where mathjs finished. */
  readonly ratios: readonly number[];
  /** The same, with the others at the limit: what the ratio is at least. */
  readonly bounds: readonly number[];
}

/** As mathjs is measured: as often as fits in this many milliseconds, and the best counts. */
const ENOUGH = 50;
function bestDerive(subject: Subject): number {
  const started = performance.now();
  let best = Infinity;
  while (performance.now() - started < ENOUGH) best = Math.min(best, measure(subject, false).derive);
  return best;
}

/** mathjs's time to simplify and differentiate over ours, until the budget is spent. */
async function compare(mathjs: Mathjs, subjects: readonly Subject[], budget: number): Promise<Comparison> {
  const sayable = subjects.flatMap((subject) => {
    const text = mathjsText(subject.decl.body.result);
    return text === undefined ? [] : [{ text, subject }];
  });
  const outcomes: { theirs: MathjsTime; ours: number }[] = [];
  const started = performance.now();
  for (const { text, subject } of sayable) {
    if (performance.now() - started > budget * 1000) break;
    const variable = variableText(subject.decl.inputs.find(({ data }) => !data)!.name.name);
    const theirs = await mathjs.time(text, variable);
    outcomes.push({ theirs, ours: bestDerive(subject) });
  }
  const ratios = outcomes.flatMap(({ theirs, ours }) => (typeof theirs === 'number' ? [theirs / ours] : []));
  const late = outcomes.filter(({ theirs }) => theirs === 'unfinished');
  return {
    expressible: sayable.length,
    tried: outcomes.length,
    refused: outcomes.filter(({ theirs }) => theirs === 'refused').length,
    unfinished: late.length,
    ratios,
    bounds: [...ratios, ...late.map(({ ours }) => LIMIT / ours)],
  };
}

const comparisonRow = (what: string, of: number, c: Comparison): string[] => [
  what,
  `${c.expressible} of ${of}`,
  ...[c.tried, c.ratios.length, c.unfinished, c.refused].map(String),
  ...[geometricMean(c.ratios), quantile(c.ratios, 0.5), Math.min(...c.ratios), geometricMean(c.bounds)].map(
    (ratio) => ratio.toFixed(0),
  ),
];

const standard = LOSSES.map((name): Subject => {
  const program = standardProgram(name);
  const decl = lossesOf(program).find((loss) => loss.name.name === name)!;
  return { text: program.module.source.text, program, decl };
});
const random = createRandom('compiler bench');
const trees = Array.from({ length: TREES }, (_, i) => tree(5 + random.int(56), `tree ${i}`));

// Twice: what is measured is the compiler, not the warming up of the machine it runs on.
for (const subject of [...standard, ...trees.slice(0, 200)]) measure(subject);
const standardTimes = standard.map((subject) => measure(subject));
const treeTimes = trees.map((subject) => measure(subject));
table([
  ['microseconds', 'losses', '', 'mean', 'median', '99 %', 'largest'],
  ...timeRows('stdlib', standardTimes),
  ...timeRows('random trees', treeTimes),
]);

const mathjs = new Mathjs();
const scalars = standard.flatMap(({ program, decl }) => {
  const scalar = scalarLoss(program, decl);
  return scalar === undefined ? [] : [subjectOf(scalar)];
});
const beside = {
  stdlib: await compare(mathjs, scalars, MATHJS_BUDGET.stdlib),
  trees: await compare(mathjs, trees, MATHJS_BUDGET.trees),
};
await mathjs.close();
console.log(
  `times mathjs's time to simplify and differentiate; expressions it did not finish in ${LIMIT} ms count in "at least" alone`,
);
table([
  ['', 'sayable', 'tried', 'finished', 'late', 'refused', 'geometric mean', 'median', 'least', 'at least'],
  comparisonRow('stdlib bodies', standard.length, beside.stdlib),
  comparisonRow('random trees', TREES, beside.trees),
]);

const large = Array.from({ length: 100 }, (_, i) => measure(tree(200, `large ${i}`)));
const slowest = Math.max(...large.map((times) => times.check + times.derive + times.compile));

/** Nodes in all trees of one size together, so that small and large ones are equally well known. */
const NODES = 20_000;
const growth = [10, 30, 100, 300, 1000, 3000, 10000].map((size) => {
  const count = Math.max(3, Math.min(100, Math.round(NODES / size)));
  const times = Array.from(
    { length: count },
    (_, i) => measure(tree(size, `growth ${size} ${i}`), false).derive,
  );
  return { size, count, time: sum(times) / count };
});
/** Slope of log time over log size by least squares: 1 is linear. */
function exponentOf(points: readonly { readonly size: number; readonly time: number }[]): number {
  const [x, y] = [points.map(({ size }) => Math.log(size)), points.map(({ time }) => Math.log(time))];
  const [meanX, meanY] = [sum(x) / x.length, sum(y) / y.length];
  return sum(x.map((a, i) => (a - meanX) * (y[i]! - meanY))) / sum(x.map((a) => (a - meanX) ** 2));
}
const exponent = exponentOf(growth);
table([
  ['nodes', 'trees', 'derive, ms', 'us a node'],
  ...growth.map(({ size, count, time }) => [size, count, time.toFixed(3), ((time / size) * 1000).toFixed(2)]),
]);
console.log(
  `time grows as the ${exponent.toFixed(2)}th power of the size from 10 to 10,000 nodes (1 is linear)`,
);
console.log(`slowest of 100 trees of 200 nodes, check, derive and compile: ${slowest.toFixed(1)} ms`);

const overall = geometricMean([...beside.stdlib.ratios, ...beside.trees.ratios]);
console.log(`mathjs takes ${overall.toFixed(0)} times as long, geometric mean of all that it finished`);
const file = process.argv[2] ?? 'runs/bench-compiler.json';
mkdirSync(dirname(file), { recursive: true });
const result = {
  node: process.version,
  overall,
  beside,
  slowest,
  exponent,
  growth,
  standardTimes,
  treeTimes,
};
writeFileSync(file, `${JSON.stringify(result, null, 1)}\n`);
process.exitCode = overall >= REQUIRED_RATIO && slowest <= SLOWEST_TREE ? 0 : 1;
