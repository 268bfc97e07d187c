import { invariant } from '../../grammar/invariant.js';
import { AXIS, isAxisOp } from '../operators/axis.js';
import { elementwise, isElementwise } from '../operators/elementwise.js';
import { axisCount } from './axes.js';
import { type Graph, type Node, reachable } from './graph.js';

/** What must be true of a graph after any pass. Throws for the first thing that is not: a bug of the compiler, not of the loss. */
export function verify(graph: Graph, roots: readonly Node[]): void {
  for (const node of reachable(roots)) {
    const fail = (what: string): never => invariant(false, `${node.op} ${node.id}: ${what}`) as never;
    if (node.id >= graph.size) fail('from another graph');
    for (const arg of node.args) if (arg.id >= node.id) fail(`uses ${arg.id}, which comes later`);
    const union = node.args.reduce((axes, arg) => axes | arg.axes, 0);
    const known = (1 << graph.axes.all.length) - 1;
    if ((node.axes & ~known) !== 0) fail('an axis that is not declared');
    if (isElementwise(node.op)) {
      if (node.axes !== union) fail('axes are not those of the arguments');
      const { arity } = elementwise(node.op);
      if (arity === 'many' ? node.args.length < 2 : node.args.length !== arity) fail('number of arguments');
    } else verifyAxes(node, union, fail);
    const { lo, hi, nonzero, integer } = node.range;
    if (Number.isNaN(lo) || Number.isNaN(hi) || lo > hi) fail(`range from ${lo} to ${hi}`);
    if (nonzero && lo === 0 && hi === 0) fail('0 is said not to be 0');
    if (integer && lo === hi && Number.isFinite(lo) && !Number.isInteger(lo))
      fail('a fraction is said to be whole');
    if (node.op === 'const' && Number.isNaN(node.value)) fail('a constant that is not a number');
  }
}

function verifyAxes(node: Node, union: number, fail: (what: string) => never): void {
  const [x] = node.args;
  if (x === undefined) return;
  if ((x.axes & node.axis) !== node.axis || node.axis === 0) fail('the value lacks the axis');
  if (!isAxisOp(node.op)) return;
  switch (AXIS[node.op].kind) {
    case 'along':
      if (node.axes !== union || axisCount(node.axis) !== 1) fail('axes of the result');
      return;
    case 'rename':
      if ((x.axes & node.to) !== 0) fail('renamed onto an axis that the value has');
      if (node.axes !== ((x.axes & ~node.axis) | node.to)) fail('axes of the result');
      return;
    case 'look up':
      if (node.axes !== ((x.axes & ~node.axis) | node.args[1]!.axes)) fail('axes of the result');
      if (!node.args[1]!.range.integer) fail('a position that is not whole');
      return;
    case 'reduce':
      if (node.axes !== (x.axes & ~node.axis)) fail('axes of the result');
  }
}
