/** Random expressions of a given size, as genetic programming makes them. */
import type { FunctionName } from '../../compiler/resolve/functions.js';
import type { BinaryOp, Expr } from '../../grammar/tree/ast.js';
import { binary, call, minus, name, num } from '../../grammar/tree/build.js';
import type { Random } from '../../src/random.js';

const OPERATORS: readonly BinaryOp[] = ['+', '-', '*', '/'];
/** Some that mathjs has too, or can be told: the same as ever, so that times can be compared. */
const FUNCTIONS: readonly FunctionName[] = ['log', 'exp', 'sqrt', 'square', 'tanh', 'abs', 'sin', 'cos'];

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
