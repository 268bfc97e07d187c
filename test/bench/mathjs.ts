/** mathjs beside the compiler, on expressions that both can say. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ElementwiseName } from '../../compiler/exact/arithmetic.js';
import type { Expr } from '../../grammar/tree/ast.js';

/** Milliseconds after which one expression counts as not finished. */
export const LIMIT = 2000;

/** Milliseconds that mathjs needs to simplify and to differentiate, which simplifies again; or why there is no time. */
export type MathjsTime = number | 'unfinished' | 'refused';

export class Mathjs {
  #worker: Worker | undefined;

  async time(text: string, variable: string): Promise<MathjsTime> {
    if (this.#worker === undefined) {
      this.#worker = new Worker(new URL('./mathjs-worker.mjs', import.meta.url));
      await once(this.#worker, 'message');
    }
    const worker = this.#worker;
    worker.postMessage({ text, variable });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), LIMIT);
    });
    const answer = await Promise.race([once(worker, 'message'), late]);
    clearTimeout(timer);
    if (answer === 'late') {
      await this.close();
      return 'unfinished';
    }
    return (answer[0] as { time?: number }).time ?? 'refused';
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

type Form = (args: readonly string[]) => string;
/** Functions that both sides have and mathjs can differentiate. */
const same =
  (name: string): Form =>
  ([x]) =>
    `${name}(${x})`;

/** What mathjs can be told, and how; undefined where it has no word for it, or no derivative. */
const FORMS: { readonly [K in ElementwiseName]: Form | undefined } = {
  abs: same('abs'),
  acos: same('acos'),
  atan: same('atan'),
  cos: same('cos'),
  erf: same('erf'),
  exp: same('exp'),
  log: same('log'),
  sign: same('sign'),
  sin: same('sin'),
  sqrt: same('sqrt'),
  tanh: same('tanh'),
  square: ([x]) => `(${x})^2`,
  log1p: ([x]) => `log(1 + ${x})`,
  expm1: ([x]) => `(exp(${x}) - 1)`,
  sigmoid: ([x]) => `(1 / (1 + exp(-(${x}))))`,
  softplus: ([x]) => `log(1 + exp(${x}))`,
  xlogy: ([x, y]) => `(${x} * log(${y}))`,
  clip: undefined,
  floor: undefined,
  round: undefined,
  mod: undefined,
  log1mexp: undefined,
  log2: undefined,
  erfc: ([x]) => `(1 - erf(${x}))`,
  erfcx: undefined,
  ndtr: undefined,
  log_ndtr: undefined,
  log_erfc: undefined,
  i0: undefined,
  i0e: undefined,
  i1: undefined,
  i1e: undefined,
  log_i0: undefined,
  log_i0e: undefined,
  lgamma: undefined,
  digamma: undefined,
  relu: undefined,
  max: undefined,
  min: undefined,
};
const formOf = (name: string): Form | undefined =>
  Object.hasOwn(FORMS, name) ? FORMS[name as ElementwiseName] : undefined;

/** The expression for mathjs; undefined where mathjs has no word for a part of it. Names get a prefix, for mathjs knows `e` and `i`. */
export function mathjsText(expr: Expr): string | undefined {
  switch (expr.kind) {
    case 'number':
      return String(expr.value);
    case 'name':
      return expr.name === 'pi' ? 'pi' : variableText(expr.name);
    case 'unary': {
      const operand = mathjsText(expr.operand);
      return expr.op === '-' && operand !== undefined ? `(-${operand})` : undefined;
    }
    case 'binary': {
      const [left, right] = [mathjsText(expr.left), mathjsText(expr.right)];
      const known = ['+', '-', '*', '/', '^'].includes(expr.op);
      return known && left !== undefined && right !== undefined ? `(${left} ${expr.op} ${right})` : undefined;
    }
    case 'call': {
      const args = expr.args.map(mathjsText);
      return args.every((arg) => arg !== undefined) ? formOf(expr.callee.name)?.(args) : undefined;
    }
    default:
      return undefined;
  }
}

export const variableText = (name: string): string => `v_${name}`;
