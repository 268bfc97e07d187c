import { OVER } from '../read/tokens/tokens.js';
import type { Axis, Body, Decl, Domain, Entry, Expr, Input, Leaf, Parameter, Value } from '../tree/ast.js';
import { printExpr, printNumber, printOperation } from './expression.js';

function printValue(value: Value): string {
  return value.kind === 'list' ? `[${value.items.map(printValue).join(', ')}]` : printExpr(value);
}

function bounds([low, high]: readonly [Expr, Expr]): string {
  return `(${printOperation(low)}, ${printOperation(high)})`;
}

function axis(one: Axis): string {
  if (one.kind === 'rest') return '...';
  const size = one.size === undefined ? '' : ` = ${printNumber(one.size)}`;
  return `${one.name.name}${one.many ? '...' : ''}${size}`;
}

/** A domain with its axes, as in `probability[class, pixel...] over class`. */
export function printDomain(one: Domain): string {
  const range = one.bounds === undefined ? '' : bounds(one.bounds);
  const axes = one.axes === undefined ? '' : `[${one.axes.map(axis).join(', ')}]`;
  const over = one.over === undefined ? '' : ` ${OVER} ${one.over.name}`;
  return `${one.name.name}${range}${axes}${over}`;
}

const domain = (one: Domain | undefined): string => (one === undefined ? '' : `: ${printDomain(one)}`);

function input(one: Input): string {
  return `${one.data ? 'data ' : ''}${one.name.name}${domain(one.domain)}`;
}

function parameter(one: Parameter): string {
  const value = one.default === undefined ? '' : ` = ${printValue(one.default)}`;
  return `${one.name.name}${domain(one.domain)}${value}`;
}

function signature(inputs: readonly Input[], parameters: readonly Parameter[]): string {
  const options = parameters.length === 0 ? '' : `; ${parameters.map(parameter).join(', ')}`;
  return `(${inputs.map(input).join(', ')}${options})`;
}

function body({ lets, result }: Body): string {
  const lines = lets.map(({ name, value }) => `  let ${name.name} = ${printExpr(value)}`);
  return [...lines, `  ${printExpr(result)}`].join('\n');
}

function leaf(one: Leaf): string {
  if (one.kind === 'name') return `${one.name.name}${one.bounds === undefined ? '' : bounds(one.bounds)}`;
  return one.value < 0 ? `-${printNumber(-one.value)}` : printNumber(one.value);
}

function entry(one: Entry): string {
  if (one.kind === 'set') return `${one.name.name} = ${printValue(one.value)}`;
  return `${one.subject.name}${one.of === undefined ? '' : ` ${one.of.name}`} ~ ${printValue(one.value)}`;
}

function withoutDoc(decl: Decl): string {
  switch (decl.kind) {
    case 'import':
      return `import { ${decl.names.map((name) => name.name).join(', ')} } from "${decl.from.path}"`;
    case 'loss':
      return `loss ${decl.name.name}${signature(decl.inputs, decl.parameters)} =\n${body(decl.body)}`;
    case 'sketch': {
      const operators = decl.operators.map((operator) => operator.name).join(' ');
      const leaves = decl.leaves.map(leaf).join(', ');
      const head = `sketch ${decl.name.name}${signature(decl.inputs, decl.parameters)} =\n${body(decl.body)}`;
      return `${head}\n  with operators ${operators}\n       leaves ${leaves}`;
    }
    case 'fn':
      return `fn ${decl.name.name}(${decl.parameters.map((name) => name.name).join(', ')}) =\n${body(decl.body)}`;
    case 'test':
      return `test ${decl.name.name} {\n${decl.entries.map((one) => `  ${entry(one)}`).join('\n')}\n}`;
  }
}

/** A declaration as `.loss` text with each statement on one line, its doc above it. */
export function flatDecl(decl: Decl): string {
  const doc =
    decl.doc === undefined ? [] : decl.doc.split('\n').map((line) => (line === '' ? '///' : `/// ${line}`));
  return [...doc, withoutDoc(decl)].join('\n');
}
