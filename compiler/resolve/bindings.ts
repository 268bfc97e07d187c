import type { Source } from '../../grammar/diagnostics/diagnostic.js';
import type {
  Axis,
  CallExpr,
  Domain,
  Expr,
  FnDecl,
  Ident,
  LossDecl,
  NameExpr,
  Operator,
  SketchDecl,
  TestDecl,
  Value,
} from '../../grammar/tree/ast.js';
import { nodeAt } from '../../grammar/tree/nodes.js';
import { spanOf } from '../../grammar/tree/span.js';
import { visit } from '../../grammar/tree/walk.js';
import { calleeOf } from './callee.js';
import { isDomain } from './domains.js';
import { CONSTANTS, findFunction } from './functions.js';
import type { Module } from './program.js';

/** What a name stands for. */
export interface Definition {
  readonly kind:
    | 'axis'
    | 'constant'
    | 'domain'
    | 'fn'
    | 'function'
    | 'input'
    | 'let'
    | 'loss'
    | 'parameter'
    | 'sketch';
  readonly name: string;
  /** Where it is defined: nowhere, for what the language has. */
  readonly at?: { readonly ident: Ident | NameExpr; readonly source: Source };
}

/** A name as it stands in a tree. */
export type Use = Ident | NameExpr | Operator;

/** What the names of one file stand for. Names that stand for nothing have no entry: they have got a diagnostic. */
export class Bindings {
  readonly #definitions = new Map<Use, Definition>();

  constructor(private readonly module: Module) {
    for (const decl of module.file.declarations) {
      if (decl.kind === 'import') for (const ident of decl.names) this.#declared(ident, ident.name);
      else if (decl.kind === 'test') this.#test(decl);
      else this.#body(decl);
    }
  }

  /** Every name of the file that stands for something, with what it stands for. */
  get all(): Iterable<readonly [Use, Definition]> {
    return this.#definitions;
  }

  /** What a name in the tree of the file stands for; a name that is defined stands for itself. */
  definitionOf(use: Use): Definition | undefined {
    return this.#definitions.get(use);
  }

  /** Every name of the file that stands for the same as one of them, in the order of the text. */
  usesOf(use: Use): readonly Use[] {
    const definition = this.#definitions.get(use);
    return (definition && this.#usesByKey().get(keyOf(definition))) ?? [];
  }

  /** The name at an offset of the text: one that has a definition. */
  nameAt(offset: number): Use | undefined {
    const use = nodeAt(this.module.file, offset)?.node as Use | undefined;
    return use !== undefined && this.#definitions.has(use) ? use : undefined;
  }

  #uses: ReadonlyMap<Use | string, readonly Use[]> | undefined;
  #usesByKey(): ReadonlyMap<Use | string, readonly Use[]> {
    if (this.#uses !== undefined) return this.#uses;
    const uses = new Map<Use | string, Use[]>();
    const inOrder = [...this.#definitions].sort(([a], [b]) => spanOf(a).start - spanOf(b).start);
    for (const [use, definition] of inOrder) {
      const key = keyOf(definition);
      const known = uses.get(key);
      if (known === undefined) uses.set(key, [use]);
      else known.push(use);
    }
    this.#uses = uses;
    return uses;
  }

  /** A name of the language or of a declaration, of this file or another. */
  #declared(use: Use, name: string): void {
    const callee = calleeOf(name, this.module);
    if (callee?.kind === 'function') this.#definitions.set(use, { kind: 'function', name });
    else if (callee !== undefined) {
      const { decl, module } = callee;
      const at = { ident: decl.name, source: module.source };
      this.#definitions.set(use, { kind: decl.kind, name: decl.name.name, at });
    }
  }

  #domain(domain: Domain | undefined, scope: NameScope): void {
    if (domain === undefined) return;
    const { name } = domain.name;
    if (isDomain(name)) this.#definitions.set(domain.name, { kind: 'domain', name });
    for (const bound of domain.bounds ?? []) this.#expr(bound, scope);
    if (domain.over !== undefined) this.#use(domain.over, scope);
  }

  #body(decl: FnDecl | LossDecl | SketchDecl): void {
    this.#declared(decl.name, decl.name.name);
    const scope = new NameScope(this.module.source, this.#definitions);
    if (decl.kind === 'fn') for (const parameter of decl.parameters) scope.define('parameter', parameter);
    else {
      for (const { domain } of [...decl.inputs, ...decl.parameters])
        for (const axis of namedAxes(domain)) scope.define('axis', axis.name);
      for (const { name } of decl.inputs) scope.define('input', name);
      for (const { name } of decl.parameters) scope.define('parameter', name);
      for (const { domain } of decl.inputs) this.#domain(domain, scope);
      for (const { domain, default: value } of decl.parameters) {
        this.#domain(domain, scope);
        if (value !== undefined) this.#value(value, scope);
      }
    }
    for (const { name, value } of decl.body.lets) {
      this.#expr(value, scope);
      scope.define('let', name);
    }
    this.#expr(decl.body.result, scope);
    if (decl.kind !== 'sketch') return;
    for (const operator of decl.operators) this.#declared(operator, operator.name);
    for (const leaf of decl.leaves) {
      if (leaf.kind === 'number') continue;
      const { name } = leaf.name;
      if (scope.of(name) !== undefined) this.#use(leaf.name, scope);
      else if (isDomain(name)) this.#definitions.set(leaf.name, { kind: 'domain', name });
      for (const bound of leaf.bounds ?? []) this.#expr(bound, scope);
    }
  }

  #expr(root: Expr, scope: NameScope): void {
    visit(root, (node) => {
      if (node.kind === 'name') this.#use(node, scope);
      else if (node.kind === 'call') this.#call(node, scope);
    });
  }

  #call(call: CallExpr, scope: NameScope): void {
    this.#declared(call.callee, call.callee.name);
    const made = call.args[2];
    // What `rename` makes is there from the call on: its parent is seen before it.
    if (call.callee.name === 'rename' && made?.kind === 'name' && scope.of(made.name) === undefined)
      scope.define('axis', made);
    const callee = calleeOf(call.callee.name, this.module);
    if (callee?.kind !== 'declared' || callee.decl.kind !== 'loss') return;
    const { decl, module } = callee;
    for (const ident of call.names) {
      const found = nameOfLoss(decl, ident.name);
      if (found === undefined) continue;
      const at = { ident: found.ident, source: module.source };
      this.#definitions.set(ident, { kind: found.kind, name: ident.name, at });
    }
  }

  #value(value: Value, scope: NameScope): void {
    if (value.kind === 'list') for (const item of value.items) this.#value(item, scope);
    else this.#expr(value, scope);
  }

  #use(use: Use, scope: NameScope): void {
    const { name } = use;
    const found = scope.of(name);
    if (found !== undefined) this.#definitions.set(use, found);
    else if (name === 'batch') this.#definitions.set(use, { kind: 'axis', name });
    else if (Object.hasOwn(CONSTANTS, name)) this.#definitions.set(use, { kind: 'constant', name });
    else if (findFunction(name) !== undefined) this.#definitions.set(use, { kind: 'function', name });
  }

  #test(test: TestDecl): void {
    this.#declared(test.name, test.name.name);
    const target = this.module.callables.get(test.name.name);
    const scope = new NameScope(this.module.source, this.#definitions);
    for (const entry of test.entries) {
      const named = entry.kind === 'set' ? entry.name : entry.of;
      const found =
        named !== undefined && target?.decl.kind === 'loss' ? nameOfLoss(target.decl, named.name) : undefined;
      if (named !== undefined && found !== undefined && found.kind !== 'axis') {
        const at = { ident: found.ident, source: target!.module.source };
        this.#definitions.set(named, { kind: found.kind, name: named.name, at });
      }
      this.#value(entry.value, scope);
    }
  }
}

/** What is the same for all uses of a definition and for no other. */
const keyOf = ({ kind, name, at }: Definition): Use | string => at?.ident ?? `${kind} ${name}`;

/** The names of one body. */
class NameScope {
  readonly #names = new Map<string, Definition>();

  constructor(
    private readonly source: Source,
    private readonly definitions: Map<Use, Definition>,
  ) {}

  /** Defines a name, once: of another one of the same name it is a use. */
  define(kind: Definition['kind'], ident: Use): void {
    const { name } = ident;
    if (!this.#names.has(name)) this.#names.set(name, { kind, name, at: { ident, source: this.source } });
    this.definitions.set(ident, this.#names.get(name)!);
  }

  of(name: string): Definition | undefined {
    return this.#names.get(name);
  }
}

const namedAxes = (domain: Domain | undefined): Extract<Axis, { kind: 'axis' }>[] =>
  (domain?.axes ?? []).filter((axis) => axis.kind === 'axis');

/** What a loss calls by a name, for those who give it: an input, a parameter or an axis. */
function nameOfLoss(
  { inputs, parameters }: LossDecl,
  name: string,
): { readonly kind: 'input' | 'parameter' | 'axis'; readonly ident: Ident } | undefined {
  const input = inputs.find((one) => one.name.name === name);
  if (input !== undefined) return { kind: 'input', ident: input.name };
  const parameter = parameters.find((one) => one.name.name === name);
  if (parameter !== undefined) return { kind: 'parameter', ident: parameter.name };
  const axis = [...inputs, ...parameters]
    .flatMap(({ domain }) => namedAxes(domain))
    .find((one) => one.name.name === name);
  return axis && { kind: 'axis', ident: axis.name };
}
