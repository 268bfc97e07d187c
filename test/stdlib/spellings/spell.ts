/** Other ways to write a standard loss. */
import { type CompiledLoss, compileLoss } from '../../../compiler/compile.js';
import { loadProgram, lossesOf } from '../../../compiler/resolve/program.js';
import { printFile } from '../../../grammar/print/print.js';
import type { Body, Expr, Input, Let, LossDecl } from '../../../grammar/tree/ast.js';
import { call, name } from '../../../grammar/tree/build.js';
import { countNodes, rewrite } from '../../../grammar/tree/walk.js';
import { createRandom, type Random } from '../../../src/random.js';
import type { Form } from '../forms.js';
import { compiledStandard, resolveStandard, standardProgram } from '../library.js';
import { substituted, unshared, withoutCalls } from './calls.js';
import { definitionsOf } from './definitions.js';
import { turnsOf } from './turns.js';

/**
 * A loss in other words. `definitions`: every function that has one is written out. `random`: so are some, others are turned around, some
 * parts have names. `by hand`: so, and the loss turns its logits itself.
 */
export interface Spelled {
  readonly way: 'definitions' | 'random' | 'by hand';
  readonly text: string;
  readonly compiled: CompiledLoss;
}

/** A part of so many nodes gets a name now and then. */
const LEAST_NAMED = 3;
const SHARE_NAMED = 0.15;
const SHARE_REWRITTEN = 0.5;

const mapBody = ({ lets, result }: Body, map: (part: Expr) => Expr): Body => ({
  lets: lets.map(({ name, value }) => ({ name, value: map(value) })),
  result: map(result),
});

/** Every definition written out. */
const byDefinition = (body: Expr): Expr =>
  rewrite(body, (node) => (node.kind === 'call' ? (definitionsOf(node)[0]?.(node) ?? node) : node));

/** Some nodes written otherwise, as chance has it. */
const atRandom = (body: Expr, random: Random): Expr =>
  rewrite(body, (node) => {
    if (random.next() > SHARE_REWRITTEN) return node;
    const defined = node.kind === 'call' ? definitionsOf(node).flatMap((way) => way(node) ?? []) : [];
    const ways = [...turnsOf(node), ...defined];
    return ways.length === 0 ? node : random.pick(ways);
  });

/** Some parts as lets. */
function withLets(body: Body, random: Random): Body {
  const lets: Let[] = [];
  const named = (part: Expr): Expr =>
    rewrite(part, (node) => {
      const canBeNamed = node.kind === 'binary' || node.kind === 'call' || node.kind === 'unary';
      if (!canBeNamed || countNodes(node) < LEAST_NAMED || random.next() > SHARE_NAMED) return node;
      const part = `part_${lets.length}`;
      lets.push({ name: { name: part }, value: node });
      return name(part);
    });
  for (const { name, value } of body.lets) lets.push({ name, value: named(value) });
  const result = named(body.result);
  return { lets, result };
}

/** What turns the logits of an input, written by hand. */
function turned({ name: { name: input }, domain }: Input, activation: 'softmax' | 'sigmoid'): Expr {
  if (activation === 'sigmoid') return call('sigmoid', [name(input)]);
  const axes = (domain!.axes ?? []).flatMap((axis) => (axis.kind === 'axis' ? [axis.name.name] : []));
  return call('softmax', [name(input), name(domain!.over?.name ?? axes.at(-1)!)]);
}

/** The loss on real numbers that turns its logits itself. */
function withLogitsByHand(
  loss: string,
  decl: LossDecl,
  body: Body,
): { inputs: readonly Input[]; body: Body } {
  const activations = new Map(
    compiledStandard(loss, true).inputs.map((input) => [input.name, input.activation]),
  );
  const values = new Map<string, Expr>();
  const inputs = decl.inputs.map((input) => {
    const activation = activations.get(input.name.name);
    if (activation === undefined) return input;
    values.set(input.name.name, turned(input, activation));
    const { over, ...domain } = input.domain!;
    return { ...input, domain: { ...domain, name: { name: 'real' } } };
  });
  return { inputs, body: mapBody(body, (part) => substituted(part, values)) };
}

/** A standard loss in other words, for probabilities or for logits, each as text in which every choice is decided by the name of the loss. */
export function spellingsOf({ name: loss, fromLogits }: Form): readonly Spelled[] {
  const program = standardProgram(loss);
  const decl = lossesOf(program).find((other) => other.name.name === loss)!;
  const body = mapBody(unshared(decl.body), (part) => withoutCalls(program.module, part));
  const random = createRandom(`${loss} ${fromLogits}`);
  const defined: LossDecl = { ...decl, body: mapBody(body, byDefinition) };
  const byHand = fromLogits ? withLogitsByHand(loss, decl, body) : { inputs: decl.inputs, body };
  const other: LossDecl = {
    ...decl,
    inputs: byHand.inputs,
    body: withLets(
      mapBody(byHand.body, (part) => atRandom(part, random)),
      random,
    ),
  };
  return [
    { way: 'definitions', ...compiledAs(loss, defined, fromLogits) },
    { way: fromLogits ? 'by hand' : 'random', ...compiledAs(loss, other, false) },
  ];
}

function compiledAs(
  loss: string,
  decl: LossDecl,
  fromLogits: boolean,
): { readonly text: string; readonly compiled: CompiledLoss } {
  const { module } = standardProgram(loss);
  const others = module.file.declarations.filter((other) => other.kind === 'import' || other.kind === 'fn');
  const text = printFile({ declarations: [...others, decl] });
  const program = loadProgram({ name: module.source.name, text }, resolveStandard);
  const [found] = lossesOf(program);
  return { text, compiled: compileLoss(program, found!, { fromLogits }) };
}
