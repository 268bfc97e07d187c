/**
 * The syntax tree of a `.loss` file: plain readonly data, no methods, never edited in place.
 * The parser, the printer, the checker and evolution all work on these types and on no other tree.
 */

/** A half-open range of character offsets in the source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A node may point at its text. Nodes made by the compiler or by evolution have no span. */
interface Base {
  readonly span?: Span;
}

export type UnaryOp = '-' | 'not';
export type ArithmeticOp = '+' | '-' | '*' | '/' | '^';
export type BinaryOp = ArithmeticOp | 'or' | 'and' | '<' | '<=' | '>' | '>=' | '==' | '!=';

/** A number as written. Never negative: `-1` is a unary minus around 1. */
export interface NumberExpr extends Base {
  readonly kind: 'number';
  readonly value: number;
}
/** An input, parameter, let, axis or constant (`pi`). */
export interface NameExpr extends Base {
  readonly kind: 'name';
  readonly name: string;
}
/** `?`, the part of a sketch that evolves. */
export interface HoleExpr extends Base {
  readonly kind: 'hole';
}
export interface UnaryExpr extends Base {
  readonly kind: 'unary';
  readonly op: UnaryOp;
  readonly operand: Expr;
}
export interface BinaryExpr extends Base {
  readonly kind: 'binary';
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
}
/**
 * `callee(args…)` or `callee(args… where condition)`. Positional arguments come first;
 * `names` labels the last `names.length` of `args` (`focal(t, p, gamma = 2)` has one, `gamma`).
 */
export interface CallExpr extends Base {
  readonly kind: 'call';
  readonly callee: Ident;
  readonly args: readonly Expr[];
  readonly names: readonly Ident[];
  readonly where?: Expr;
}
/** `if c1 then v1 else if c2 then v2 … else otherwise`; as many conditions as values, at least one. */
export interface IfExpr extends Base {
  readonly kind: 'if';
  readonly conditions: readonly Expr[];
  readonly values: readonly Expr[];
  readonly otherwise: Expr;
}

/** A node of the syntax tree of an expression. Trees are plain data and never changed; nodes that were read have their place in `span`. */
export type Expr = NumberExpr | NameExpr | HoleExpr | UnaryExpr | BinaryExpr | CallExpr | IfExpr;
export type ExprKind = Expr['kind'];
export type ExprOf<K extends ExprKind> = Extract<Expr, { readonly kind: K }>;
type ChildKey<N> = {
  [F in keyof N]-?: NonNullable<N[F]> extends Expr | readonly Expr[] ? F : never;
}[keyof N];

/** The fields that hold children. A new kind does not compile until it is listed. */
export const CHILDREN: { readonly [K in ExprKind]: readonly ChildKey<ExprOf<K>>[] } = {
  number: [],
  name: [],
  hole: [],
  unary: ['operand'],
  binary: ['left', 'right'],
  call: ['args', 'where'],
  if: ['conditions', 'values', 'otherwise'],
};

/** A name with its place, so that a diagnostic can point at it. */
export interface Ident extends Base {
  readonly name: string;
}

/** One axis of an input or parameter: `class`, `box = 4`, `pixel...`, or `...` (any axes in front). */
export type Axis =
  | ({ readonly kind: 'rest' } & Base)
  | ({ readonly kind: 'axis'; readonly name: Ident; readonly many: boolean; readonly size?: number } & Base);

/**
 * `probability[..., class]`, `between(-1, 1)`, `probability[class, pixel...] over class`. The parser takes any name; the checker
 * knows the domains.
 */
export interface Domain extends Base {
  readonly name: Ident;
  readonly bounds?: readonly [Expr, Expr];
  readonly axes?: readonly Axis[];
  /** The axis along which the values add up to 1; the last one unless it is named. */
  readonly over?: Ident;
}

export interface Input extends Base {
  readonly name: Ident;
  /** Marked `data`: no gradient, not turned from logits. Names and domains say it of others without the mark. */
  readonly data: boolean;
  readonly domain?: Domain;
}

/** A number, an expression of constants, or nested lists of them: a parameter's default or a test's value. */
export type Value = Expr | ListValue;
export interface ListValue extends Base {
  readonly kind: 'list';
  readonly items: readonly Value[];
}

export interface Parameter extends Base {
  readonly name: Ident;
  readonly domain?: Domain;
  readonly default?: Value;
}

export interface Let extends Base {
  readonly name: Ident;
  readonly value: Expr;
}
/** What stands behind the `=` of a loss, a sketch or an `fn`: its lets in their order, and the expression of its value. */
export interface Body extends Base {
  /** Values with a name, each of which those after it may use. */
  readonly lets: readonly Let[];
  /** The expression of its value. */
  readonly result: Expr;
}

interface Declaration extends Base {
  /** The text of the `///` lines above, one line per line, without the slashes. */
  readonly doc?: string;
}
/** What stands behind `from`, without its quotes: `std/mse`, `./mine.loss`. */
export interface Specifier extends Base {
  readonly path: string;
}
export interface ImportDecl extends Declaration {
  readonly kind: 'import';
  readonly names: readonly Ident[];
  readonly from: Specifier;
}
/** The declaration of a loss: `loss name(inputs; parameters) = body`. */
export interface LossDecl extends Declaration {
  readonly kind: 'loss';
  readonly name: Ident;
  /** In order, target and prediction among them. */
  readonly inputs: readonly Input[];
  /** What stands behind the semicolon, in order. */
  readonly parameters: readonly Parameter[];
  readonly body: Body;
}
/** A leaf that a hole may be filled with: a name or domain (`real`, `between(-1, 1)`), or a number (may be negative). */
export type Leaf =
  | ({ readonly kind: 'name'; readonly name: Ident; readonly bounds?: readonly [Expr, Expr] } & Base)
  | ({ readonly kind: 'number'; readonly value: number } & Base);
export interface Operator extends Base {
  /** `+ - * / ^` or the name of a function. */
  readonly name: string;
}
/**
 * The declaration of a sketch, a loss with holes `?` and what a search may fill them with: `sketch name(inputs; parameters) = body with
 * operators … leaves …`.
 */
export interface SketchDecl extends Declaration {
  readonly kind: 'sketch';
  readonly name: Ident;
  readonly inputs: readonly Input[];
  readonly parameters: readonly Parameter[];
  readonly body: Body;
  readonly operators: readonly Operator[];
  readonly leaves: readonly Leaf[];
}
export interface FnDecl extends Declaration {
  readonly kind: 'fn';
  readonly name: Ident;
  readonly parameters: readonly Ident[];
  readonly body: Body;
}
/** `name = value` sets an input or a parameter; `value ~ v` and `gradient prediction ~ v` compare. */
export type Entry =
  | ({ readonly kind: 'set'; readonly name: Ident; readonly value: Value } & Base)
  | ({
      readonly kind: 'expect';
      readonly subject: Ident;
      readonly of?: Ident;
      readonly value: Value;
    } & Base);
export interface TestDecl extends Declaration {
  readonly kind: 'test';
  /** The loss under test. */
  readonly name: Ident;
  readonly entries: readonly Entry[];
}

/** A declaration of a `.loss` file. */
export type Decl = ImportDecl | LossDecl | SketchDecl | FnDecl | TestDecl;

/** A parsed file, declarations in source order. */
export interface LossFile {
  readonly declarations: readonly Decl[];
}
