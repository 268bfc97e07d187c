/** Golden files: what the compiler makes of a loss, from source to code. `UPDATE_GOLDEN=1` rewrites them; read the diff. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompiledLoss } from '../../../compiler/compile.js';
import { schedule } from '../../../compiler/emit/plan/schedule.js';
import { javascriptText } from '../../../compiler/emit/tfjs/javascript.js';
import { emitModule } from '../../../compiler/emit/tfjs/module.js';
import type { Node } from '../../../compiler/graph/graph.js';
import { raise } from '../../../compiler/raise/raise.js';
import { lossesOf } from '../../../compiler/resolve/program.js';
import { printDecl, printExpr } from '../../../grammar/print/print.js';
import { compiledCorpus, corpus } from '../../helpers/corpus.js';

const golden = suite('golden files');

/** Losses that between them use every part of the emitter; true: from logits. */
const GOLDEN: Readonly<Record<string, boolean>> = {
  huber: false,
  cross_entropy: true,
  focal: true,
  baikal: true,
  baikal_cma: true,
  gce: true,
  tversky: true,
  masked_ce: false,
  gaussian_nll_packed: false,
  info_nce: false,
  center_loss: false,
  ccc: false,
  cox: false,
  ppo: false,
};

const file = (name: string): URL => new URL(`../../golden/${name}.txt`, import.meta.url);

function formula(compiled: CompiledLoss, node: Node): string {
  const body = raise(compiled.lowered.graph, node, { lets: true });
  const lets = body.lets.map((definition) => `let ${definition.name.name} = ${printExpr(definition.value)}`);
  return [...lets, printExpr(body.result)].join('\n');
}

/** Each node once, in order, by number: operator, arguments, axes, and how often it is used. */
function scheduleText(compiled: CompiledLoss): string {
  const { axes } = compiled.lowered.graph;
  const named = (mask: number): string =>
    axes.all.flatMap((axis, index) => ((mask >> index) & 1 ? [axis.name] : [])).join(' ');
  const plan = schedule([compiled.value, ...compiled.gradients.values()]);
  const numbers = new Map<Node, string>();
  return plan.order
    .filter((node) => node.op !== 'const')
    .map((node, i) => {
      numbers.set(node, `%${i}`);
      const args = node.args.map((arg) => (arg.op === 'const' ? String(arg.value) : numbers.get(arg)!));
      const along = node.axis === 0 ? [] : [`along ${named(node.axis)}`];
      const leaf = node.leaf === undefined ? [] : [node.leaf.name];
      const where = plan.host.has(node) ? 'number' : `[${named(node.axes)}]`;
      const words = [node.op, ...leaf, ...args, ...along].join(' ');
      return `%${i} = ${words} : ${where}, used ${plan.uses.get(node)}`;
    })
    .join('\n');
}

function goldenText(name: string, fromLogits: boolean): string {
  const compiled = compiledCorpus(name, { fromLogits });
  const decl = lossesOf(corpus).find((loss) => loss.name.name === name)!;
  const gradients = [...compiled.formula.gradients].map(
    ([input, node]) => `d/d${input}:\n${formula(compiled, node)}`,
  );
  const own = emitModule(compiled);
  const core = own.functions.filter((entry) => /^(readInputs|item|all)/.test(entry.name));
  const shared = ['itemWeights', 'itemSeed'];
  const module = { ...own, functions: core.filter((entry) => !shared.includes(entry.name)) };
  const sections = [
    `${printDecl(decl)}${fromLogits ? '\n// from logits' : ''}`,
    formula(compiled, compiled.formula.value),
    gradients.join('\n'),
    scheduleText(compiled),
    javascriptText(module, false),
  ];
  return `${sections.join('\n==>\n')}\n`;
}

for (const [name, fromLogits] of Object.entries(GOLDEN)) {
  golden(`${name}: source, simplified form, gradient, schedule, code`, () => {
    const text = goldenText(name, fromLogits);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file(name), text);
    assert.ok(existsSync(file(name)), 'run with UPDATE_GOLDEN=1 to write it');
    assert.fixture(text, readFileSync(file(name), 'utf8'));
  });
}

golden.run();
