import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lossHash } from '../../compiler/canonical/canonical.js';
import { differentiate } from '../../compiler/differentiate/differentiate.js';
import { intoLogSpace } from '../../compiler/log-space/into-log-space.js';
import { lowerLoss } from '../../compiler/lower/lower.js';
import { simplify, simplifyingAlgebra } from '../../compiler/passes/simplify.js';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';

/**
 * Work that grows with the size of a loss, counted in nodes of the graph: seconds would say something about the machine. What is here
 * grew with the square of the size, or ran out of stack, or never ended, in one compiler or another.
 */
function nodesFor(text: string): number {
  const program = loadProgram({ name: 'large.loss', text });
  const { loss, diagnostics } = lowerLoss(program, lossesOf(program)[0]!);
  assert.ok(loss, diagnostics.map(({ message }) => message).join());
  const { graph } = loss;
  graph.limit = 1_000_000;
  const algebra = simplifyingAlgebra(graph);
  const value = intoLogSpace(algebra, simplify(graph, [loss.value]).roots[0]!);
  const prediction = loss.inputs.find(({ data }) => !data)!;
  differentiate(algebra, value, [prediction.node], algebra.constant(1));
  assert.is(lossHash(loss).length, 21);
  return graph.size;
}

const HEAD = 'loss f(data t: real, p: real) =\n';
const repeated = (count: number, part: (i: number) => string, glue: string): string =>
  Array.from({ length: count }, (_, i) => part(i)).join(glue);
const lets = (count: number, next: (i: number) => string): string =>
  `${HEAD}  let a0 = p\n${repeated(count, (i) => `  let a${i + 1} = ${next(i)}\n`, '')}  a${count}`;

/** Losses by size; twice the size may take at most a little more than twice the nodes. */
const FAMILIES: Readonly<Record<string, (size: number) => string>> = {
  'a sum of different terms': (n) => HEAD + repeated(n, (i) => `sin(${i} * p)`, ' + '),
  'a sum of like terms': (n) => HEAD + repeated(n, (i) => `${i} * p * t`, ' + '),
  'a product of different factors': (n) => HEAD + repeated(n, (i) => `(p + ${i})`, ' * '),
  'a quotient of products': (n) => HEAD + repeated(n, (i) => `(p + ${i}) / (t + ${i})`, ' * '),
  'functions of functions': (n) => lets(n, (i) => `sin(a${i})`),
  'a polynomial by Horner': (n) => lets(n, (i) => `a${i} * p + t`),
  'products of products': (n) => lets(n, (i) => `a${i} * tanh(a${i})`),
  'quotients of sums': (n) => lets(n, (i) => `(a${i} + t) / (1 + a${i}^2)`),
  'choices in choices': (n) => lets(n, (i) => `if a${i} < t then a${i} + p else t`),
};

const growth = suite('work grows with the size');

for (const [what, family] of Object.entries(FAMILIES))
  growth(`${what}: four times the size takes at most five times the nodes`, () => {
    const [small, large] = [nodesFor(family(100)), nodesFor(family(400))];
    assert.ok(large <= 5 * small, `${small} nodes, then ${large}`);
  });

growth('a function that doubles forty times is a graph of forty doublings', () => {
  const calls = `${repeated(40, (i) => `  let a${i + 1} = twice(a${i})\n`, '')}  a40`;
  const loss = (body: string): string => `fn twice(x) = ${body}\n${HEAD}  let a0 = p\n${calls}`;
  assert.ok(nodesFor(loss('x + x')) < 1000);
  assert.ok(nodesFor(loss('x * x + x')) < 5000);
  assert.ok(nodesFor(loss('sin(x) * cos(x)')) < 5000);
});

// Looked into anew for each of its users, a value that is used twice takes twice the time at each step: these would not end.
growth('forty values that are used twice, below a logarithm', () => {
  const below = (next: (i: number) => string): string =>
    `${lets(40, next)
      .replace('let a0 = p', 'let a0 = sigmoid(p)')
      .replace(/ {2}a40$/, '  log(1 - a40) + log(a40)')}`;
  assert.ok(nodesFor(below((i) => `max(min(a${i}, 0.9), a${i} * 0.5)`)) < 20_000);
  assert.ok(nodesFor(below((i) => `if p > 0.${i} then a${i} * 0.9 else sqrt(a${i})`)) < 20_000);
});

growth('10,000 terms', () => {
  assert.ok(nodesFor(HEAD + repeated(10_000, (i) => `cos(p - ${i})`, ' + ')) < 200_000);
});

growth('1,500 deep', () => {
  assert.ok(nodesFor(lets(1500, (i) => `tanh(1 + a${i})`)) < 50_000);
  assert.ok(nodesFor(lets(1500, (i) => `t - a${i}`)) < 20_000);
});

growth.run();
