import fc from 'fast-check';
import { RESERVED } from '../../grammar/read/tokens/tokens.js';
import type {
  Axis,
  BinaryOp,
  Body,
  Decl,
  Domain,
  Entry,
  Expr,
  Ident,
  Input,
  Leaf,
  LossFile,
  Operator,
  Parameter,
  UnaryOp,
  Value,
} from '../../grammar/tree/ast.js';
import { BINARY_OPERATORS, UNARY_OPERATORS } from '../../grammar/tree/operators.js';

/**
 * Random trees, for properties. They are legal syntax and nothing more: names are not declared, and conditions and numbers
 * stand anywhere.
 */

const RESERVED_WORDS = new Set(RESERVED.map((type) => String(type.PATTERN)));

/** Any name, often a short one so that names meet. */
const arbitraryName: fc.Arbitrary<string> = fc
  .oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom('a', 'b', 'target', 'prediction', 'class', 'log', 'sum', 'e', 'x1'),
    },
    { weight: 1, arbitrary: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/) },
  )
  .filter((name) => !RESERVED_WORDS.has(name));

/** Any number that a literal can be: finite, not negative. */
const arbitraryNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 1, 2, 0.5, 1e-7, 1e21, 1.7976931348623157e308, 5e-324),
  fc.nat({ max: 1000 }),
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map(Math.abs),
);

const BINARY_OPS = Object.keys(BINARY_OPERATORS) as BinaryOp[];
const UNARY_OPS = Object.keys(UNARY_OPERATORS) as UnaryOp[];

const ident: fc.Arbitrary<Ident> = arbitraryName.map((name) => ({ name }));

const { expr } = fc.letrec<{ expr: Expr; leaf: Expr }>((tie) => ({
  leaf: fc.oneof(
    arbitraryNumber.map((value): Expr => ({ kind: 'number', value })),
    arbitraryName.map((name): Expr => ({ kind: 'name', name })),
    fc.constant<Expr>({ kind: 'hole' }),
  ),
  expr: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 2, arbitrary: tie('leaf') },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('unary' as const),
        op: fc.constantFrom(...UNARY_OPS),
        operand: tie('expr'),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('binary' as const),
        op: fc.constantFrom(...BINARY_OPS),
        left: tie('expr'),
        right: tie('expr'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          ident,
          fc.array(tie('expr'), { maxLength: 3 }),
          fc.array(ident, { maxLength: 2 }),
          fc.option(tie('expr'), { nil: undefined }),
        )
        .map(([callee, args, labels, where]): Expr => {
          const names = labels.slice(0, args.length);
          const hasWhere = where !== undefined && args.length > 0;
          return { kind: 'call', callee, args, names, ...(hasWhere && { where }) };
        }),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.array(fc.tuple(tie('expr'), tie('expr')), { minLength: 1, maxLength: 3 }), tie('expr'))
        .map(
          ([branches, otherwise]): Expr => ({
            kind: 'if',
            conditions: branches.map(([condition]) => condition),
            values: branches.map(([, value]) => value),
            otherwise,
          }),
        ),
    },
  ),
}));

/** Any expression. */
export const arbitraryExpr: fc.Arbitrary<Expr> = expr;

const idents = fc.array(ident, { maxLength: 3 });

/** An expression, or nested lists of them. */
const arbitraryValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    { weight: 3, arbitrary: arbitraryExpr },
    {
      weight: 1,
      arbitrary: fc.array(tie('value'), { maxLength: 3 }).map((items): Value => ({ kind: 'list', items })),
    },
  ),
})).value;

const axis: fc.Arbitrary<Axis> = fc.oneof(
  fc.constant<Axis>({ kind: 'rest' }),
  fc.tuple(ident, fc.boolean()).map(([name, many]): Axis => ({ kind: 'axis', name, many })),
  fc.tuple(ident, arbitraryNumber).map(([name, size]): Axis => ({ kind: 'axis', name, many: false, size })),
);

const domain: fc.Arbitrary<Domain> = fc
  .tuple(
    ident,
    fc.option(fc.tuple(arbitraryExpr, arbitraryExpr), { nil: undefined }),
    fc.option(fc.array(axis, { minLength: 1, maxLength: 3 }), { nil: undefined }),
    fc.option(ident, { nil: undefined }),
  )
  .map(([name, bounds, axes, over]) => ({
    name,
    ...(bounds !== undefined && { bounds }),
    ...(axes !== undefined && { axes }),
    ...(axes !== undefined && over !== undefined && { over }),
  }));
const maybeDomain = fc.option(domain, { nil: undefined });

const input: fc.Arbitrary<Input> = fc
  .tuple(ident, fc.boolean(), maybeDomain)
  .map(([name, data, type]) => ({ name, data, ...(type !== undefined && { domain: type }) }));

const parameter: fc.Arbitrary<Parameter> = fc
  .tuple(ident, maybeDomain, fc.option(arbitraryValue, { nil: undefined }))
  .map(([name, type, value]) => ({
    name,
    ...(type !== undefined && { domain: type }),
    ...(value !== undefined && { default: value }),
  }));

const body: fc.Arbitrary<Body> = fc.record({
  lets: fc.array(fc.record({ name: ident, value: arbitraryExpr }), { maxLength: 3 }),
  result: arbitraryExpr,
});

const operator: fc.Arbitrary<Operator> = fc
  .oneof(fc.constantFrom('+', '-', '*', '/', '^'), arbitraryName)
  .map((name) => ({ name }));

const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  fc
    .tuple(ident, fc.option(fc.tuple(arbitraryExpr, arbitraryExpr), { nil: undefined }))
    .map(([name, bounds]): Leaf => ({ kind: 'name', name, ...(bounds !== undefined && { bounds }) })),
  fc
    .tuple(arbitraryNumber, fc.boolean())
    .map(([value, negative]): Leaf => ({ kind: 'number', value: negative && value !== 0 ? -value : value })),
);

const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.tuple(ident, arbitraryValue).map(([name, value]): Entry => ({ kind: 'set', name, value })),
  fc
    .tuple(ident, fc.option(ident, { nil: undefined }), arbitraryValue)
    .map(
      ([subject, of, value]): Entry => ({ kind: 'expect', subject, ...(of !== undefined && { of }), value }),
    ),
);

const signature = {
  name: ident,
  inputs: fc.array(input, { maxLength: 3 }),
  parameters: fc.array(parameter, { maxLength: 2 }),
  body,
};

const withoutDoc: fc.Arbitrary<Decl> = fc.oneof(
  fc.record({
    kind: fc.constant('import' as const),
    names: fc.array(ident, { minLength: 1, maxLength: 3 }),
    from: fc.stringMatching(/^[a-z./_ -]{0,12}$/).map((path) => ({ path })),
  }),
  fc.record({ kind: fc.constant('loss' as const), ...signature }),
  fc.record({
    kind: fc.constant('sketch' as const),
    ...signature,
    operators: fc.array(operator, { minLength: 1, maxLength: 5 }),
    leaves: fc.array(leaf, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('fn' as const), name: ident, parameters: idents, body }),
  fc.record({
    kind: fc.constant('test' as const),
    name: ident,
    entries: fc.array(entry, { minLength: 1, maxLength: 4 }),
  }),
);

const doc: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '',
        'Words.',
        '  indented',
        '/ slash',
        '// slashes',
        '"quotes"',
        'd\u00e9j\u00e0 \u2026',
      ),
      fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/\s+/g, ' ').trimEnd()),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((lines) => lines.join('\n'));

/** Any declaration, with or without a doc. */
const arbitraryDecl: fc.Arbitrary<Decl> = fc
  .tuple(withoutDoc, fc.option(doc, { nil: undefined }))
  .map(([decl, text]) => (text === undefined ? decl : { ...decl, doc: text }));

/** Any file. */
export const arbitraryFile: fc.Arbitrary<LossFile> = fc
  .array(arbitraryDecl, { maxLength: 4 })
  .map((declarations) => ({ declarations }));
