/** mathjs beside the compiler, on expressions that both can say. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
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

/** Functions that both sides have and mathjs can differentiate. */
const SAME: ReadonlySet<string> = new Set([
  'abs',
  'acos',
  'atan',
  'cos',
  'erf',
  'exp',
  'log',
  'sign',
  'sin',
  'sqrt',
  'tanh',
]);
/** Functions that are written out. */
const WRITTEN: Readonly<Record<string, (x: string) => string>> = {
  square: (x) => `(${x})^2`,
  log1p: (x) => `log(1 + ${x})`,
  expm1: (x) => `(exp(${x}) - 1)`,
  sigmoid: (x) => `(1 / (1 + exp(-(${x}))))`,
  softplus: (x) => `log(1 + exp(${x}))`,
};

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
      if (args.some((arg) => arg === undefined)) return undefined;
      const written = WRITTEN[expr.callee.name];
      if (written !== undefined) return written(args[0]!);
      if (expr.callee.name === 'xlogy') return `(${args[0]} * log(${args[1]}))`;
      return SAME.has(expr.callee.name) ? `${expr.callee.name}(${args.join(', ')})` : undefined;
    }
    default:
      return undefined;
  }
}

export const variableText = (name: string): string => `v_${name}`;
