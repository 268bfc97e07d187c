/** A formula written for mathjs, by its own parser. Nothing of it is evaluated. */
import type {
  AssignmentNode,
  BlockNode,
  ConditionalNode,
  ConstantNode,
  FunctionAssignmentNode,
  FunctionNode,
  MathNode,
  OperatorNode,
  ParenthesisNode,
  RelationalNode,
  SymbolNode,
} from 'mathjs';
import type { Span } from '../../../grammar/tree/ast.js';
import { refuse } from '../refused.js';
import type { FormalParameter, Formula, Step, Term, TermOp } from '../term.js';

/** Kinds of nodes that are read. Types of their parts are those of mathjs. */
interface Nodes {
  readonly ConstantNode: ConstantNode;
  readonly SymbolNode: SymbolNode;
  readonly ParenthesisNode: ParenthesisNode;
  readonly OperatorNode: OperatorNode;
  readonly RelationalNode: RelationalNode;
  readonly ConditionalNode: ConditionalNode;
  readonly FunctionNode: FunctionNode;
}
type Kind = keyof Nodes;

const OPERATORS: Readonly<Record<string, TermOp>> = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  pow: '^',
  dotMultiply: '.*',
  dotDivide: './',
  dotPow: '.^',
  mod: '%',
  and: 'and',
  or: 'or',
  equal: '==',
  unequal: '!=',
  smaller: '<',
  smallerEq: '<=',
  larger: '>',
  largerEq: '>=',
};

/** Names that are numbers in mathjs, unless the formula defines them. */
const CONSTANTS: Readonly<Record<string, string>> = {
  pi: 'pi',
  PI: 'pi',
  e: 'e',
  E: 'e',
  Infinity: 'inf',
  NaN: 'nan',
};

const HINTS: Readonly<Record<string, string>> = {
  factorial: 'write exp(lgamma(x + 1))',
  ctranspose: 'an inner product is dot(x, y)',
  transpose: 'an inner product is dot(x, y)',
  xor: 'write a != b of comparisons as (a and not b) or (b and not a)',
};

const DEEPEST = 100;
const DEEPEST_NODES = 1000;
const TOO_DEEP = ['the formula is nested too deeply', 'name parts of it'] as const;

type Parse = (text: string) => MathNode;
let parser: Promise<Parse> | undefined;

/** Only its parser, which runs nothing. */
async function load(): Promise<Parse> {
  const { mathjs } = await import('../../../compiler/exact/decimal/mathjs.js');
  return mathjs.create({ parseDependencies: mathjs.parseDependencies }).parse;
}

export async function readMathjs(text: string): Promise<Formula> {
  demandShallowBrackets(text);
  parser ??= load();
  const root = parsed(await parser, text);
  demandShallowNodes(root, text);
  return new Reader(text).formula(root);
}

function parsed(parse: Parse, text: string): MathNode {
  try {
    return parse(text);
  } catch (thrown) {
    // Its parser recurses, on signs too.
    if (thrown instanceof RangeError) refuse({ start: 0, end: text.length }, TOO_DEEP[0], TOO_DEEP[1]);
    if (!(thrown instanceof SyntaxError)) throw thrown;
    const at = 'char' in thrown && typeof thrown.char === 'number' ? thrown.char - 1 : 0;
    const message = thrown.message.replace(/ \(char \d+\)$/, '');
    return refuse({ start: at, end: at + 1 }, `mathjs cannot parse this: ${message}`);
  }
}

function demandShallowNodes(root: MathNode, text: string): void {
  for (let [level, depth] = [[root], 1]; level.length > 0; depth += 1) {
    if (depth > DEEPEST_NODES) refuse({ start: 0, end: text.length }, TOO_DEEP[0], TOO_DEEP[1]);
    const next: MathNode[] = [];
    for (const node of level)
      node.forEach((part) => {
        next.push(part);
      });
    level = next;
  }
}

function demandShallowBrackets(text: string): void {
  let depth = 0;
  for (const [at, character] of [...text].entries()) {
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (depth > DEEPEST)
      refuse({ start: at, end: at + 1 }, `brackets are nested more than ${DEEPEST} deep`, 'name parts of it');
  }
}

class Reader {
  private readonly whole: Span;
  private readonly defined = new Set<string>();

  constructor(private readonly text: string) {
    this.whole = { start: 0, end: text.trimEnd().length };
  }

  formula(root: MathNode): Formula {
    const lines = root.type === 'BlockNode' ? (root as BlockNode).blocks.map(({ node }) => node) : [root];
    const steps: Step[] = [];
    for (const line of lines.slice(0, -1)) {
      if (line.type !== 'AssignmentNode')
        refuse(this.whole, 'there is more than one formula', 'give the one that is the loss');
      steps.push(this.step(line as AssignmentNode));
    }
    const last = lines.at(-1);
    if (last === undefined) refuse(this.whole, 'there is no formula');
    if (last.type === 'FunctionAssignmentNode') {
      const { name, params, expr } = last as FunctionAssignmentNode;
      const parameters = params.map((one): FormalParameter => ({ name: one, span: this.place(one) }));
      for (const one of params) this.defined.add(one);
      return { name, parameters, steps, result: this.term(expr) };
    }
    if (last.type !== 'AssignmentNode') return { parameters: [], steps, result: this.term(last) };
    const { name, value } = this.step(last as AssignmentNode);
    return { name, parameters: [], steps, result: value };
  }

  private step({ object, index, value }: AssignmentNode): Step {
    const { type } = object as MathNode;
    if (type !== 'SymbolNode' || index) refuse(this.whole, 'only a name can be assigned to');
    const { name } = object as SymbolNode;
    const term = this.term(value);
    this.defined.add(name);
    return { name, span: this.place(name), value: term };
  }

  /** Nodes of mathjs have no place: the first that is written so. */
  private place(word: string): Span {
    const pattern = /^\w+$/.test(word) ? new RegExp(`\\b${word}\\b`) : undefined;
    const at = pattern === undefined ? this.text.indexOf(word) : this.text.search(pattern);
    return at < 0 ? this.whole : { start: at, end: at + word.length };
  }

  private term(node: MathNode): Term {
    const read = this.kinds[node.type as Kind] as ((node: MathNode) => Term) | undefined;
    return read?.(node) ?? refuse(this.whole, `${what(node.type)} is not supported`);
  }

  private readonly kinds: { readonly [K in Kind]: (node: Nodes[K]) => Term } = {
    ConstantNode: ({ value }) => {
      if (typeof value === 'number' && Number.isFinite(value))
        return { kind: 'number', value, span: this.place(String(value)) };
      return { kind: 'word', word: String(value), span: this.place(String(value)) };
    },
    SymbolNode: ({ name }) => this.symbol(name),
    ParenthesisNode: ({ content }) => this.term(content),
    OperatorNode: (node) => this.operator(node),
    RelationalNode: (node) => {
      const { conditionals, params } = node as unknown as {
        readonly conditionals: readonly string[];
        readonly params: readonly MathNode[];
      };
      const terms = params.map((one) => this.term(one));
      return conditionals
        .map(
          (name, i): Term => ({
            kind: 'binary',
            op: OPERATORS[name]!,
            left: terms[i]!,
            right: terms[i + 1]!,
            span: this.whole,
          }),
        )
        .reduce((left, right): Term => ({ kind: 'binary', op: 'and', left, right, span: this.whole }));
    },
    ConditionalNode: ({ condition, trueExpr, falseExpr }) => ({
      kind: 'choose',
      condition: this.term(condition),
      holds: this.term(trueExpr),
      otherwise: this.term(falseExpr),
      span: this.whole,
    }),
    FunctionNode: (node) => this.call(node),
  };

  private symbol(name: string): Term {
    const span = this.place(name);
    if (this.defined.has(name)) return { kind: 'name', name, span };
    if (name === 'i')
      refuse(span, 'i is the imaginary unit in mathjs, and numbers are real here', 'use another letter');
    if (name === 'true' || name === 'false')
      return { kind: 'word', word: name === 'true' ? 'True' : 'False', span };
    const constant = Object.hasOwn(CONSTANTS, name) ? CONSTANTS[name]! : undefined;
    return constant === undefined
      ? { kind: 'name', name, span }
      : { kind: 'call', callee: constant, library: '', isMethod: false, args: [], named: [], span };
  }

  private operator({ op, fn, args }: OperatorNode): Term {
    const name = String(fn);
    const span = this.place(op);
    const terms = args.map((one) => this.term(one));
    const [left, right] = terms;
    if (name === 'unaryMinus' || name === 'not')
      return { kind: 'unary', op: name === 'not' ? 'not' : '-', of: left!, span };
    if (name === 'unaryPlus') return left!;
    if (name === 'unaryPercentage')
      return { kind: 'binary', op: '/', left: left!, right: { kind: 'number', value: 100, span }, span };
    if (!Object.hasOwn(OPERATORS, name)) refuse(span, `\`${op}\` is not supported`, HINTS[name]);
    return { kind: 'binary', op: OPERATORS[name]!, left: left!, right: right!, span };
  }

  private call({ fn, args }: FunctionNode): Term {
    const { type } = fn as MathNode;
    if (type !== 'SymbolNode') refuse(this.whole, 'only functions with a name are called');
    const { name } = fn as unknown as SymbolNode;
    const span = this.place(name);
    const [first, second] = args;
    // map(p, log) is how mathjs takes logarithms of a vector.
    if (name === 'map' && args.length === 2 && second!.type === 'SymbolNode')
      return {
        kind: 'call',
        callee: (second as SymbolNode).name,
        library: '',
        isMethod: false,
        args: [this.term(first!)],
        named: [],
        span,
      };
    return {
      kind: 'call',
      callee: name,
      library: '',
      isMethod: false,
      args: args.map((one) => this.term(one)),
      named: [],
      span,
    };
  }
}

/** What a kind of node is called by people. */
function what(type: string): string {
  const words: Readonly<Record<string, string>> = {
    AccessorNode: 'a part of a vector by its position',
    ArrayNode: 'a vector that is written out',
    RangeNode: 'a range',
    ObjectNode: 'an object',
    FunctionAssignmentNode: 'a function within a formula',
    AssignmentNode: 'a value within a formula',
  };
  return words[type] ?? `a node of the kind ${type}`;
}
