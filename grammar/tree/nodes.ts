import type {
  Axis,
  Body,
  Domain,
  Entry,
  Expr,
  FnDecl,
  Ident,
  ImportDecl,
  Input,
  Leaf,
  Let,
  ListValue,
  LossDecl,
  LossFile,
  Operator,
  Parameter,
  SketchDecl,
  Specifier,
  TestDecl,
} from './ast.js';

/** Every kind of node that a file is made of. */
interface Nodes {
  readonly import: ImportDecl;
  readonly loss: LossDecl;
  readonly sketch: SketchDecl;
  readonly fn: FnDecl;
  readonly test: TestDecl;
  readonly input: Input;
  readonly parameter: Parameter;
  readonly domain: Domain;
  readonly axis: Axis;
  readonly body: Body;
  readonly let: Let;
  readonly leaf: Leaf;
  readonly operator: Operator;
  readonly entry: Entry;
  readonly list: ListValue;
  readonly expr: Expr;
  readonly ident: Ident;
  readonly specifier: Specifier;
}
type NodeType = keyof Nodes;

/** A node with what it is. */
export type TreeNode = { readonly [T in NodeType]: { readonly type: T; readonly node: Nodes[T] } }[NodeType];

/** What a field holds: nodes of one type, or a `Value`, which is an expression or a list. */
type FieldType = NodeType | 'value';
type Held = Nodes[NodeType];
type FieldOf<N> = N extends unknown
  ? { [F in keyof N]-?: NonNullable<N[F]> extends Held | readonly Held[] ? F : never }[keyof N]
  : never;

/** The fields that hold nodes, in the order of the text. A field that is not listed does not compile. */
const FIELDS: { readonly [T in NodeType]: { readonly [F in FieldOf<Nodes[T]>]: FieldType } } = {
  import: { names: 'ident', from: 'specifier' },
  loss: { name: 'ident', inputs: 'input', parameters: 'parameter', body: 'body' },
  sketch: {
    ...{ name: 'ident', inputs: 'input', parameters: 'parameter', body: 'body' },
    ...{ operators: 'operator', leaves: 'leaf' },
  },
  fn: { name: 'ident', parameters: 'ident', body: 'body' },
  test: { name: 'ident', entries: 'entry' },
  input: { name: 'ident', domain: 'domain' },
  parameter: { name: 'ident', domain: 'domain', default: 'value' },
  domain: { name: 'ident', bounds: 'expr', axes: 'axis', over: 'ident' },
  axis: { name: 'ident' },
  body: { lets: 'let', result: 'expr' },
  let: { name: 'ident', value: 'expr' },
  leaf: { name: 'ident', bounds: 'expr' },
  operator: {},
  entry: { name: 'ident', subject: 'ident', of: 'ident', value: 'value' },
  list: { items: 'value' },
  expr: {
    ...{ callee: 'ident', args: 'expr', names: 'ident', where: 'expr' },
    ...{ left: 'expr', right: 'expr', operand: 'expr' },
    ...{ conditions: 'expr', values: 'expr', otherwise: 'expr' },
  },
  ident: {},
  specifier: {},
};

/** The nodes directly below one; those of a call and of an `if` by field, which is not always the order of the text. */
function partsOf({ type, node }: TreeNode): readonly TreeNode[] {
  const fields = node as unknown as Readonly<Record<string, Held | readonly Held[] | undefined>>;
  return Object.entries<FieldType>(FIELDS[type]).flatMap(([field, held]) =>
    [fields[field] ?? []].flat().map((part) => treeNode(held, part as Held)),
  );
}

function treeNode(held: FieldType, node: Held): TreeNode {
  const isList = held === 'value' && 'kind' in node && node.kind === 'list';
  return { type: held === 'value' ? (isList ? 'list' : 'expr') : held, node } as TreeNode;
}

/** The declarations of a file. */
function declarationsOf(file: LossFile): readonly TreeNode[] {
  return file.declarations.map((node) => ({ type: node.kind, node }) as TreeNode);
}

/** Calls `see` on every node of a file, parents first. Does not recurse: a sum of 100,000 terms is fine. */
export function visitFile(file: LossFile, see: (node: TreeNode) => void): void {
  const open = declarationsOf(file).toReversed();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    see(next);
    for (const part of partsOf(next).toReversed()) open.push(part);
  }
}

/**
 * The nodes around an offset of the text that the file was read from, the innermost last; none between declarations.
 * The end of a name belongs to it, as a cursor behind it does.
 */
function nodesAt(file: LossFile, offset: number): readonly TreeNode[] {
  const path: TreeNode[] = [];
  for (let parts = declarationsOf(file); ; ) {
    const holding = parts.filter(
      ({ node: { span } }) => span !== undefined && span.start <= offset && offset <= span.end,
    );
    const inner = holding.find(({ node }) => offset < node.span!.end) ?? holding.at(-1);
    if (inner === undefined) return path;
    path.push(inner);
    parts = partsOf(inner);
  }
}

/** The innermost node at an offset: a name, where one stands there. */
export function nodeAt(file: LossFile, offset: number): TreeNode | undefined {
  return nodesAt(file, offset).at(-1);
}
