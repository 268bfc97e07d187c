import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mutantsOf, mutated } from './mutants.js';

/** What is changed in a piece of source, and what is left alone. */
const mutants = suite('mutants');

/** The source as each mutant has it. */
const textsOf = (source: string): string[] =>
  mutantsOf('f.ts', source).map((mutant) => mutated(source, mutant));

const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['a = b < c;', ['a = b <= c;', 'a = b >= c;', ';']],
  ['a = b - c;', ['a = b + c;', ';']],
  ['a = b + c;', ['a = b - c;', ';']],
  ["a = 'b' + c;", ["a = '' + c;", ';']],
  ['a = b && !c;', ['a = b || !c;', 'a = b && c;', ';']],
  ['a = b ?? c;', ['a = (b)!;', ';']],
  ['a = true;', ['a = false;', ';']],
  ['const a = 7;', ['const a = 8;', 'const a = 6;']],
  ['const a = 0;', ['const a = 1;', 'const a = (-1);']],
  ['const a = 0.25;', ['const a = 0.5;', 'const a = 0.125;']],
  ['if (a) b();', ['if (true) b();', 'if (false) b();', 'if (a) ;']],
  // A loop without an end would say nothing that one without a beginning does not.
  ['while (a) b();', ['while (false) b();', 'while (a) ;']],
  ['const a = (): boolean => b;', ['const a = (): boolean => !(b);']],
  [
    'function a(): number { return b; }',
    ['function a(): number { return (b) + 1; }', 'function a(): number { return -(b); }'],
  ],
  ['const a = [b];', ['const a = [];']],
  ['const a = Math.min(b, c);', ['const a = Math.max(b, c);']],
  ['const a = b.filter(c);', ['const a = b;']],
];

for (const [source, expected] of CASES)
  mutants(source, () => {
    assert.equal(textsOf(source).sort(), [...expected].sort());
  });

mutants('types, imports, and what throws when the program itself is wrong are left alone', () => {
  for (const source of [
    "type A = 'b' | 1;",
    'interface A { readonly b: 1 }',
    "import { a } from './b.js';",
    "throw new Error('a' + 1);",
    "invariant(a > 0, 'b');",
    "const a = b as 'c';",
    '/** 1 < 2 */',
    'const a = b;',
  ])
    assert.equal(textsOf(source), [], source);
});

mutants('a mutant is known by its lines, wherever they are', () => {
  const [first] = mutantsOf('f.ts', 'const a = b < c;');
  assert.is(first!.key, 'f.ts: const a = b < c; -> const a = b <= c;');
  const later = mutantsOf('f.ts', 'let d;\n\n  const a = b < c;');
  assert.equal(
    later.map(({ key }) => key),
    mutantsOf('f.ts', 'const a = b < c;').map(({ key }) => key),
  );
  const twice = mutantsOf('f.ts', 'const a = b < c;\nconst a = b < c;').map(({ key }) => key);
  assert.is(new Set(twice).size, 4);
});

mutants.run();
