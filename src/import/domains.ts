/** Which values an input may have, from what a formula does with it. */
import type { Expr, Let } from '../../grammar/tree/ast.js';
import { visit } from '../../grammar/tree/walk.js';
import type { Role } from './roles.js';

/** What functions and standard losses take, argument by argument. */
const TAKEN: Readonly<Record<string, readonly (string | undefined)[]>> = {
  softmax: ['logits'],
  log_softmax: ['logits'],
  sigmoid: ['logits'],
  softplus: ['logits'],
  logsumexp: ['logits'],
  log: ['logarithm'],
  xlogy: [undefined, 'logarithm'],
  sqrt: ['nonnegative'],
  lgamma: ['positive'],
  digamma: ['positive'],
  cross_entropy_logits: ['probability', 'logits'],
  logit_bce: ['unit', 'logits'],
  bce: ['unit', 'unit'],
  nll: ['onehot', 'real'],
  gaussian_nll: ['real', 'real', 'positive'],
  poisson_log: ['nonnegative', 'real'],
  soft_margin: ['sign', 'real'],
  hinge_embedding: ['sign', 'real'],
  margin_ranking: ['sign', 'real', 'real'],
  cosine_embedding: ['sign', 'real', 'real'],
  multi_margin: ['onehot', 'real'],
  multilabel_soft_margin: ['binary', 'logits'],
};

export type Evidence = ReadonlyMap<string, ReadonlySet<string>>;

/** What is said of each input: a domain, `logarithm`, or `logarithm of the rest` for `log(1 - p)`. */
export function evidenceOf(lets: readonly Let[], result: Expr): Evidence {
  const known = new Map(lets.map(({ name, value }) => [name.name, value] as const));
  const found = new Map<string, Set<string>>();
  const note = (expr: Expr, what: string): void => {
    const { name, isRest } = inputOf(expr, known);
    if (name === undefined) return;
    const all = found.get(name) ?? new Set();
    all.add(isRest && what === 'logarithm' ? 'logarithm of the rest' : isRest ? 'rest' : what);
    found.set(name, all);
  };
  for (const root of [...known.values(), result])
    visit(root, (node) => {
      if (node.kind !== 'call') return;
      for (const [i, what] of (TAKEN[node.callee.name] ?? []).entries())
        if (what !== undefined && node.args[i] !== undefined) note(node.args[i], what);
    });
  return found;
}

/** The input that a value is, but for bounds, small terms and names; `isRest` where it is 1 less the input. */
function inputOf(
  expr: Expr,
  known: ReadonlyMap<string, Expr>,
): { readonly name?: string; readonly isRest: boolean } {
  let isRest = false;
  for (let at = expr; ; ) {
    if (at.kind === 'name') {
      const value = known.get(at.name);
      if (value === undefined) return { name: at.name, isRest };
      at = value;
    } else if (at.kind === 'call' && ['clip', 'max', 'min', 'stop_gradient', 'abs'].includes(at.callee.name))
      at = at.args[0]!;
    else if (at.kind === 'binary' && at.op === '-' && at.left.kind === 'number' && at.left.value === 1) {
      isRest = !isRest;
      at = at.right;
    } else if (at.kind === 'binary' && at.op === '+' && isSmall(at.right)) at = at.left;
    else if (at.kind === 'binary' && at.op === '+' && isSmall(at.left)) at = at.right;
    else return { isRest: false };
  }
}

const isSmall = (expr: Expr): boolean =>
  (expr.kind === 'number' && expr.value < 0.01) ||
  (expr.kind === 'name' && /^(?:var)?eps(?:ilon)?$/.test(expr.name));

export interface Domained {
  readonly domain: string;
  readonly question?: string;
}

const SCALE = /^(?:var(?:iance)?|scale|sigma2?|std|rate|lam(?:bda)?_?|variance|b)$/i;

/** The domain of a prediction, or of data where it is used as one. */
export function domainOf(name: string, evidence: Evidence, hasClasses: boolean): Domained {
  const said = evidence.get(name) ?? new Set();
  const exact = ['logits', 'onehot', 'sign', 'binary', 'unit', 'probability', 'positive', 'nonnegative'].find(
    (one) => said.has(one),
  );
  if (said.has('logits')) return { domain: 'logits' };
  if (exact !== undefined) return { domain: exact };
  if (said.has('logarithm of the rest')) return { domain: 'unit' };
  if (!said.has('logarithm')) return { domain: 'real' };
  if (SCALE.test(name)) return { domain: 'positive' };
  if (hasClasses)
    return {
      domain: 'probability',
      question: `${name} has a logarithm, so it is read as probabilities that sum to 1 along class: is it the output of a softmax? If not, write unit or positive`,
    };
  return {
    domain: 'unit',
    question: `${name} has a logarithm, so it is read as a probability: if it can be larger than 1, write positive`,
  };
}

/** The domain of what is given, from those of the predictions. */
export function targetDomain(
  name: string,
  role: Role,
  evidence: Evidence,
  predictions: readonly string[],
  hasClasses: boolean,
): Domained {
  if (role === 'mask') return { domain: 'binary' };
  const said = evidence.get(name) ?? new Set();
  const own = ['onehot', 'sign', 'binary', 'probability', 'unit', 'logits', 'nonnegative', 'positive'].find(
    (one) => said.has(one),
  );
  if (own !== undefined) return { domain: own };
  if (said.has('logarithm of the rest')) return { domain: 'unit' };
  if (/logit/i.test(name)) return { domain: 'logits' };
  if (role === 'given' && !/label|target|prob/i.test(name)) return { domain: 'real' };
  if (predictions.includes('probability') || (predictions.includes('logits') && hasClasses))
    return {
      domain: 'probability',
      question: `${name} is read as one-hot rows, soft targets or labels: if several classes can apply at once, write unit`,
    };
  if (predictions.includes('unit') && !predictions.includes('real')) return { domain: 'unit' };
  return { domain: said.has('logarithm') ? 'nonnegative' : 'real' };
}
