/** A classifier's loss as a function of the one probability that it looks at, where that says all of it. */
import { analyseLoss } from '../../../compiler/loss/analyse.js';
import { simplifyLoss } from '../../../compiler/loss/simplify-loss.js';
import { LossError } from '../../../grammar/diagnostics/diagnostic.js';
import type { Expr, LossDecl } from '../../../grammar/tree/ast.js';
import { binary, name as nameExpr, num } from '../../../grammar/tree/build.js';
import { mapChildren, rewrite, visit } from '../../../grammar/tree/walk.js';

/** Names in what comes out: the probability of the label, and the number of classes. */
const P = 'p';
const CLASSES = 'classes';

/** Thrown where a loss looks at more than the probability of the label. */
class LooksElsewhere extends Error {}

/**
 * `-log(p)` for cross-entropy: what a loss of one-hot targets and probabilities makes of the probability that the label has. Undefined
 * for one that looks at the other probabilities too, or that is written in a way in which that is not seen. `loss` is simplified: it
 * calls no function of a file and has no `let`.
 */
export function probabilityForm({ inputs, parameters, body }: LossDecl): Expr | undefined {
  const [target, prediction] = ['onehot', 'probability'].map((domain) =>
    inputs.find((input) => input.domain?.name.name === domain),
  );
  const axis = prediction?.domain?.axes?.at(-1);
  const isOther = inputs.length !== 2 || target === undefined || prediction === undefined;
  if (isOther || axis?.kind !== 'axis' || parameters.length > 0 || body.lets.length > 0) return undefined;
  const names = { target: target.name.name, prediction: prediction.name.name, axis: axis.name.name };
  try {
    const found = simplified(withoutAxis(body.result, names));
    return found !== undefined && mentions(found, P) ? found : undefined;
  } catch (thrown) {
    if (thrown instanceof LooksElsewhere || thrown instanceof LossError) return undefined;
    throw thrown;
  }
}

interface Names {
  readonly target: string;
  readonly prediction: string;
  readonly axis: string;
}

/** Reductions along the classes become the term of the label and that of each other class, which has to be a number. */
function withoutAxis(expr: Expr, names: Names): Expr {
  if (expr.kind === 'name' && Object.values(names).includes(expr.name)) throw new LooksElsewhere();
  if (expr.kind !== 'call') return mapChildren(expr, (child) => withoutAxis(child, names));
  const [term, along, ...more] = expr.args;
  const isAlong = (one: Expr | undefined): boolean => one?.kind === 'name' && one.name === names.axis;
  if (expr.callee.name === 'size' && isAlong(term) && along === undefined) return nameExpr(CLASSES);
  if (!isAlong(along)) return mapChildren(expr, (child) => withoutAxis(child, names));
  const isSum = expr.callee.name === 'sum' || expr.callee.name === 'mean';
  if (!isSum || more.length > 0 || expr.where !== undefined || mentions(term!, names.axis))
    throw new LooksElsewhere();
  const at = (target: 0 | 1): Expr =>
    rewrite(term!, (node) => {
      if (node.kind !== 'name') return node;
      if (node.name === names.target) return num(target);
      return node.name === names.prediction ? nameExpr(P) : node;
    });
  const other = numberOf(at(0));
  const others = binary('*', binary('-', nameExpr(CLASSES), num(1)), other);
  const addsNothing = other.kind === 'number' && other.value === 0;
  const sum = addsNothing ? at(1) : binary('+', at(1), others);
  return expr.callee.name === 'sum' ? sum : binary('/', sum, nameExpr(CLASSES));
}

function mentions(expr: Expr, name: string): boolean {
  let found = false;
  visit(expr, (node) => {
    found ||= node.kind === 'name' && node.name === name;
  });
  return found;
}

/** An expression of p that is one number whatever p is, with p left out. A loss needs a prediction, so it is looked at beside p alone. */
function numberOf(expr: Expr): Expr {
  const anywhere = atProbability(expr, 0.5);
  const [one, other] = [expr, anywhere].map((term) => analyseLoss(lossOf(binary('+', nameExpr(P), term))));
  const isKnown = one!.errors.length === 0 && other!.errors.length === 0 && !other!.neverFinite;
  if (!isKnown || one!.canonicalHash !== other!.canonicalHash) throw new LooksElsewhere();
  return atProbability(simplified(binary('+', nameExpr(P), anywhere)) ?? anywhere, 0);
}

/** With a number in the place of p. */
const atProbability = (expr: Expr, value: number): Expr =>
  rewrite(expr, (node) => (node.kind === 'name' && node.name === P ? num(value) : node));

function simplified(expr: Expr): Expr | undefined {
  const { lets, result } = simplifyLoss(lossOf(expr)).body;
  return lets.length > 0 ? undefined : result;
}

const lossOf = (result: Expr): LossDecl => ({
  kind: 'loss',
  name: { name: 'of_the_label' },
  inputs: [{ data: false, name: { name: P }, domain: { name: { name: 'unit' } } }],
  parameters: [{ name: { name: CLASSES }, domain: { name: { name: 'positive' } }, default: num(10) }],
  body: { lets: [], result },
});
