import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LossError } from '../../../grammar/diagnostics/diagnostic.js';
import { parse, parseExpression } from '../../../grammar/read/parse.js';
import type { Decl, Expr } from '../../../grammar/tree/ast.js';
import { equalTrees, visit } from '../../../grammar/tree/walk.js';

const parsing = suite('parsing');

/** A tree in brackets, operator first. */
function shape(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return String(expr.value);
    case 'name':
      return expr.name;
    case 'hole':
      return '?';
    case 'unary':
      return `(${expr.op} ${shape(expr.operand)})`;
    case 'binary':
      return `(${expr.op} ${shape(expr.left)} ${shape(expr.right)})`;
    case 'call': {
      const unnamed = expr.args.length - expr.names.length;
      const args = expr.args.map((arg, at) =>
        at < unnamed ? shape(arg) : `${expr.names[at - unnamed]!.name}=${shape(arg)}`,
      );
      return `${expr.callee.name}[${[...args, ...(expr.where === undefined ? [] : [`where ${shape(expr.where)}`])].join(' ')}]`;
    }
    case 'if':
      return `(if ${expr.conditions.map((one, at) => `${shape(one)} ${shape(expr.values[at]!)}`).join(' ')} ${shape(expr.otherwise)})`;
  }
}

const EXPRESSIONS: readonly (readonly [string, string])[] = [
  ['a + b * c', '(+ a (* b c))'],
  ['a - b - c', '(- (- a b) c)'],
  ['a / b * c', '(* (/ a b) c)'],
  ['-a^2', '(- (^ a 2))'],
  ['2^-a', '(^ 2 (- a))'],
  ['2^-a^b * c', '(* (^ 2 (- (^ a b))) c)'],
  ['a^b^c', '(^ a (^ b c))'],
  ['-a * b', '(* (- a) b)'],
  ['a * -b', '(* a (- b))'],
  ['a - -b', '(- a (- b))'],
  ['not a == b', '(not (== a b))'],
  ['not a and b or c', '(or (and (not a) b) c)'],
  ['a and b or c and d', '(or (and a b) (and c d))'],
  ['a + 1 <= b * 2 and c', '(and (<= (+ a 1) (* b 2)) c)'],
  ['if a then b else c + 1', '(if a b (+ c 1))'],
  ['if a then b else if c then d else e', '(if a b c d e)'],
  ['if a then b else (if c then d else e)', '(if a b (if c d e))'],
  ['if a then if b then c else d else e', '(if a (if b c d) e)'],
  ['f()', 'f[]'],
  ['f(a, k = 2, l = -b)', 'f[a k=2 l=(- b)]'],
  ['sum(a, x, y where b and not c)', 'sum[a x y where (and b (not c))]'],
  ['f(if a then b else c)', 'f[(if a b c)]'],
  ['.5 + 2. + 1e-7 + 1E+3', '(+ (+ (+ 0.5 2) 1e-7) 1000)'],
  ['((a))', 'a'],
  ['-mean(?, class)', '(- mean[? class])'],
  ['a // comment', 'a'],
  ['iffy + letter + not_a + data_', '(+ (+ (+ iffy letter) not_a) data_)'],
];

for (const [text, tree] of EXPRESSIONS) {
  parsing(text, () => assert.is(shape(parseExpression(text)), tree));
}

/** Bodies, and how their lines are read. */
const LINES: readonly (readonly [string, string])[] = [
  ['a\n+ b', '(+ a b)'],
  ['a\n* b\n/ c', '(/ (* a b) c)'],
  ['a\n^ b', '(^ a b)'],
  ['a -\nb', '(- a b)'],
  ['if a\nthen b\nelse c', '(if a b c)'],
  ['if a then b\nelse if c then d\nelse e', '(if a b c d e)'],
  ['a\nand b\nor c', '(or (and a b) c)'],
  ['a\n< b', '(< a b)'],
  ['f(a\n- b)', 'f[(- a b)]'],
  ['f(\na,\nb\n)', 'f[a b]'],
  ['(a\n-b)', '(- a b)'],
  ['not\na', '(not a)'],
  ['-\na', '(- a)'],
  ['let x = a\nx', 'let x = a; x'],
  ['let x = a\n-x', 'let x = a; (- x)'],
  ['let x = a\n(x)', 'let x = a; x'],
  ['let x = a\nif x then 1 else 2', 'let x = a; (if x 1 2)'],
  ['let x = a\nnot x', 'let x = a; (not x)'],
  ['let x = ?\n?', 'let x = ?; ?'],
  ['let x = f(a)\n2', 'let x = f[a]; 2'],
  ['let x =\na +\nb\nlet y = x\n\n// comment\ny', 'let x = (+ a b); let y = x; y'],
  ['let x = a // - b\nx', 'let x = a; x'],
];

for (const [text, read] of LINES) {
  parsing(`lines: ${JSON.stringify(text)}`, () => {
    for (const newLine of ['\n', '\r\n', '\n\n', ' // c\n  ']) {
      const source = { name: 'lines.loss', text: `fn f(x) =\n${text.replaceAll('\n', newLine)}` };
      const { file, diagnostics } = parse(source);
      assert.equal(diagnostics, []);
      const [decl] = file.declarations;
      const body = decl?.kind === 'fn' ? decl.body : undefined;
      const lets = body!.lets.map(({ name, value }) => `let ${name.name} = ${shape(value)}; `);
      assert.is(`${lets.join('')}${shape(body!.result)}`, read);
    }
  });
}

function one(text: string): Decl {
  const { file, diagnostics } = parse({ name: 'one.loss', text });
  assert.equal(diagnostics, []);
  assert.is(file.declarations.length, 1);
  return file.declarations[0]!;
}

/** A tree without its spans, for comparing whole. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([key]) => !/span$/i.test(key));
  return Object.fromEntries(fields.map(([key, field]) => [key, bare(field)]));
}

parsing('a loss with all that a signature can have', () => {
  const text =
    'loss f(data t: onehot[..., class], p; a: between(-1, 2)[x = 4, y...] = [[1, -2], [log(2)]], b: real[x]) = p';
  assert.equal(bare(one(text)), {
    kind: 'loss',
    name: { name: 'f' },
    inputs: [
      {
        name: { name: 't' },
        data: true,
        domain: {
          name: { name: 'onehot' },
          axes: [{ kind: 'rest' }, { kind: 'axis', name: { name: 'class' }, many: false }],
        },
      },
      { name: { name: 'p' }, data: false },
    ],
    parameters: [
      {
        name: { name: 'a' },
        domain: {
          name: { name: 'between' },
          bounds: [
            { kind: 'unary', op: '-', operand: { kind: 'number', value: 1 } },
            { kind: 'number', value: 2 },
          ],
          axes: [
            { kind: 'axis', name: { name: 'x' }, many: false, size: 4 },
            { kind: 'axis', name: { name: 'y' }, many: true },
          ],
        },
        default: {
          kind: 'list',
          items: [
            {
              kind: 'list',
              items: [
                { kind: 'number', value: 1 },
                { kind: 'unary', op: '-', operand: { kind: 'number', value: 2 } },
              ],
            },
            {
              kind: 'list',
              items: [
                { kind: 'call', callee: { name: 'log' }, args: [{ kind: 'number', value: 2 }], names: [] },
              ],
            },
          ],
        },
      },
      {
        name: { name: 'b' },
        domain: { name: { name: 'real' }, axes: [{ kind: 'axis', name: { name: 'x' }, many: false }] },
      },
    ],
    body: { lets: [], result: { kind: 'name', name: 'p' } },
  });
});

parsing('a sketch', () => {
  const decl = one(
    'sketch g(t, p) =\n  -mean(?, c)\n  with operators + - log,sqrt\n  leaves t, p\n between(-1, 1) 1\n -2.5',
  );
  assert.is(decl.kind, 'sketch');
  if (decl.kind !== 'sketch') return;
  assert.equal(bare(decl.operators), [{ name: '+' }, { name: '-' }, { name: 'log' }, { name: 'sqrt' }]);
  assert.equal(bare(decl.leaves), [
    { kind: 'name', name: { name: 't' } },
    { kind: 'name', name: { name: 'p' } },
    {
      kind: 'name',
      name: { name: 'between' },
      bounds: [
        { kind: 'unary', op: '-', operand: { kind: 'number', value: 1 } },
        { kind: 'number', value: 1 },
      ],
    },
    { kind: 'number', value: 1 },
    { kind: 'number', value: -2.5 },
  ]);
});

parsing('a test, its entries parted by commas or lines', () => {
  const read = bare(one('test f { p = [0, 1], q = 2\n value ~ log(2)\n gradient p ~ []\n gradient ~ 1 }'));
  const again = bare(
    one('test f {\n p = [0, 1]\n q = 2, value ~ log(2), gradient p ~ [],\n gradient ~ 1\n}'),
  );
  assert.equal(read, again);
  assert.equal(read, {
    kind: 'test',
    name: { name: 'f' },
    entries: [
      {
        kind: 'set',
        name: { name: 'p' },
        value: {
          kind: 'list',
          items: [
            { kind: 'number', value: 0 },
            { kind: 'number', value: 1 },
          ],
        },
      },
      { kind: 'set', name: { name: 'q' }, value: { kind: 'number', value: 2 } },
      {
        kind: 'expect',
        subject: { name: 'value' },
        value: { kind: 'call', callee: { name: 'log' }, args: [{ kind: 'number', value: 2 }], names: [] },
      },
      {
        kind: 'expect',
        subject: { name: 'gradient' },
        of: { name: 'p' },
        value: { kind: 'list', items: [] },
      },
      { kind: 'expect', subject: { name: 'gradient' }, value: { kind: 'number', value: 1 } },
    ],
  });
});

parsing('an import', () => {
  assert.equal(bare(one('import { a, b } from "./math.loss"')), {
    kind: 'import',
    names: [{ name: 'a' }, { name: 'b' }],
    from: { path: './math.loss' },
  });
});

parsing('declarations may share a line', () => {
  const { file, diagnostics } = parse({
    name: 'a.loss',
    text: 'import { a } from "b" fn f(x) = x fn g(x) = x test f { x = 1 }',
  });
  assert.equal(diagnostics, []);
  assert.equal(
    file.declarations.map((decl) => decl.kind),
    ['import', 'fn', 'fn', 'test'],
  );
});

parsing('a doc is the block of /// above its declaration', () => {
  const text = [
    '/// of the file',
    '',
    '/// first',
    '///   second  ',
    '///',
    '// not this',
    'fn f(x) = x /// behind',
    'fn g(x) =',
    '  /// inside',
    '  x',
    '//// not doc',
    'fn h(x) = x',
  ].join('\n');
  const { file, comments } = parse({ name: 'a.loss', text });
  assert.equal(
    file.declarations.map((decl) => decl.doc),
    ['first\n  second\n', undefined, undefined],
  );
  assert.equal(
    comments.map(({ kind, text: words }) => `${kind} ${words}`),
    [
      'doc of the file',
      'doc first',
      'doc   second',
      'doc ',
      'plain not this',
      'doc behind',
      'doc inside',
      'plain // not doc',
    ],
  );
});

parsing('a byte order mark and no-break spaces are blanks', () => {
  assert.equal(parse({ name: 'a.loss', text: '\ufefffn f(x)\u00a0= x' }).diagnostics, []);
});

parsing('an expression text that is none is a LossError with its diagnostics', () => {
  for (const text of [
    '',
    'a b',
    'a\n- b',
    'loss f(p) = p',
    'a)',
    '(',
    '1e999',
    'let a = 1',
    'a; b',
    '('.repeat(200),
  ]) {
    try {
      parseExpression(text);
      assert.unreachable(text);
    } catch (error) {
      assert.instance(error, LossError);
      assert.ok((error as LossError).diagnostics.length > 0);
    }
  }
});

parsing('the spans of the corpus: each is the text of its node', () => {
  const text = readFileSync(new URL('../../corpus/corpus.loss', import.meta.url), 'utf8');
  const { file } = parse({ name: 'corpus.loss', text });
  let count = 0;
  const checkExpr = (root: Expr): void =>
    visit(root, (node) => {
      count += 1;
      const { start, end } = node.span!;
      assert.ok(equalTrees(parseExpression(text.slice(start, end)), node), text.slice(start, end));
      if (node.kind === 'call')
        assert.is(text.slice(node.callee.span!.start, node.callee.span!.end), node.callee.name);
    });
  const check = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) check(item);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const { kind, span, name } = value as {
      kind?: string;
      span?: { start: number; end: number };
      name?: unknown;
    };
    if (span !== undefined) {
      const written = text.slice(span.start, span.end);
      assert.is(written, written.trim());
      if (typeof name === 'string') assert.ok(written.startsWith(name), `${name}: ${written}`);
      if (kind === undefined && typeof name === 'string' && Object.keys(value).length === 2)
        assert.is(written, name);
      if (kind === 'loss' || kind === 'fn' || kind === 'test') assert.ok(written.startsWith(`${kind} `));
    }
    if (
      kind !== undefined &&
      ['number', 'name', 'hole', 'unary', 'binary', 'call', 'if'].includes(kind) &&
      !('bounds' in value) &&
      typeof name !== 'object'
    ) {
      const isLeaf = kind === 'number' && text[span!.start] === '-';
      if (!isLeaf) checkExpr(value as Expr);
      return;
    }
    for (const field of Object.values(value)) check(field);
  };
  check(file);
  assert.ok(count > 2500, String(count));
});

parsing.run();
