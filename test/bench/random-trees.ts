/** Random expressions of a given size, as genetic programming makes them, in the language and as text for mathjs. */
import type { BinaryOp, Expr } from '../../grammar/ast.js';
import { binary, call, minus, name, num } from '../../grammar/build.js';
import type { Random } from '../../src/random.js';

const OPERATORS: readonly BinaryOp[] = ['+', '-', '*', '/'];
/** Functions that both sides have. */
const FUNCTIONS = ['log', 'exp', 'sqrt', 'square', 'tanh', 'abs', 'sin', 'cos'];

/** An expression of exactly `size` nodes over `t` and `p`. */
export function randomTree(size: number, random: Random): Expr {
  if (size <= 1) {
    const x = random.next();
    return x < 0.4 ? name('p') : x < 0.7 ? name('t') : num(1 + random.int(40) / 10);
  }
  if (size === 2 || random.next() < 0.3) {
    const inner = randomTree(size - 1, random);
    return random.next() < 0.15 ? minus(inner) : call(random.pick(FUNCTIONS), [inner]);
  }
  const left = 1 + random.int(size - 2);
  return binary(random.pick(OPERATORS), randomTree(left, random), randomTree(size - 1 - left, random));
}

/** The same expression for mathjs; undefined where mathjs has no word for it. */
export function mathjsText(expr: Expr): string | undefined {
  switch (expr.kind) {
    case 'number':
      return String(expr.value);
    case 'name':
      return expr.name;
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
      if (expr.callee === 'square') return `(${args[0]})^2`;
      return [...FUNCTIONS].includes(expr.callee) ? `${expr.callee}(${args.join(', ')})` : undefined;
    }
    default:
      return undefined;
  }
}
