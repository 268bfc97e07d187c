import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { canonicalHash } from '../../compiler/canonical/canonical.js';
import { lowerLoss } from '../../compiler/lower/lower.js';
import { takeLogits } from '../../compiler/passes/logits.js';
import { normalise, simplifyingAlgebra } from '../../compiler/passes/simplify.js';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { importFormula } from '../../src/import/import.js';
import { LANGUAGES, type Language } from '../../src/import/term.js';

/** One random formula, written for each language, is one loss. */
const languages = suite('one formula in three languages');

type Tree =
  | { readonly kind: 'leaf'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'minus'; readonly of: Tree }
  | { readonly kind: 'binary'; readonly op: '+' | '-' | '*' | '/'; readonly left: Tree; readonly right: Tree }
  | { readonly kind: 'power'; readonly base: Tree; readonly exponent: Tree }
  | { readonly kind: 'function'; readonly name: string; readonly of: Tree }
  | { readonly kind: 'extreme'; readonly name: 'max' | 'min'; readonly left: Tree; readonly right: Tree }
  | { readonly kind: 'choose'; readonly op: '<' | '>='; readonly parts: readonly [Tree, Tree, Tree, Tree] };

/** How each language writes a tree, and how tight what it has written binds. */
interface Printed {
  readonly text: string;
  readonly binds: number;
}
const [SUM, PRODUCT, SIGN, POWER, ATOM] = [1, 2, 3, 4, 5];

/** What differs between the languages. */
interface Notation {
  readonly wrap: (text: string) => string;
  readonly times: string;
  readonly quotient: (a: (needs: number) => string, b: (needs: number) => string) => Printed;
  readonly power: (base: string, exponent: (needs: number) => string) => string;
  readonly call: (name: string, args: readonly string[]) => string;
  readonly choose: (op: string, parts: readonly string[]) => string;
}

const slash = (a: (needs: number) => string, b: (needs: number) => string): Printed => ({
  text: `${a(PRODUCT)} / ${b(SIGN)}`,
  binds: PRODUCT,
});

const NOTATIONS: { readonly [L in Language]: Notation } = {
  python: {
    wrap: (text) => `(${text})`,
    times: ' * ',
    quotient: slash,
    power: (base, exponent) => `${base}**${exponent(SIGN)}`,
    call: (name, args) =>
      name === 'max' || name === 'min'
        ? `torch.${name}imum(${args.join(', ')})`
        : `torch.${name}(${args.join(', ')})`,
    choose: (op, [a, b, c, d]) => `torch.where(${a} ${op} ${b}, ${c}, ${d})`,
  },
  mathjs: {
    wrap: (text) => `(${text})`,
    times: ' * ',
    quotient: slash,
    power: (base, exponent) => `${base}^${exponent(SIGN)}`,
    call: (name, args) => `${name}(${args.join(', ')})`,
    choose: (op, [a, b, c, d]) => `(${a} ${op} ${b} ? ${c} : ${d})`,
  },
  latex: {
    wrap: (text) => String.raw`\left(${text}\right)`,
    times: String.raw` \cdot `,
    quotient: (a, b) => ({ text: String.raw`\frac{${a(SUM)}}{${b(SUM)}}`, binds: ATOM }),
    power: (base, exponent) => `${base}^{${exponent(SUM)}}`,
    call: (name, args) =>
      name === 'abs'
        ? String.raw`\left|${args[0]}\right|`
        : name === 'sign'
          ? String.raw`\operatorname{sign}(${args[0]})`
          : `\\${name}(${args.join(', ')})`,
    choose: (op, [a, b, c, d]) =>
      String.raw`\begin{cases} ${c} & \text{if } ${a} ${op === '<' ? '<' : String.raw`\ge`} ${b} \\ ${d} & \text{otherwise} \end{cases}`,
  },
};

function write(tree: Tree, notation: Notation): Printed {
  const part =
    (one: Tree) =>
    (needs: number): string => {
      const { text, binds } = write(one, notation);
      return binds < needs ? notation.wrap(text) : text;
    };
  switch (tree.kind) {
    case 'leaf':
      return { text: tree.text, binds: ATOM };
    case 'number':
      return { text: String(tree.value), binds: ATOM };
    case 'minus':
      return { text: `-${part(tree.of)(SIGN)}`, binds: SIGN };
    case 'binary': {
      const [a, b] = [part(tree.left), part(tree.right)];
      if (tree.op === '/') return notation.quotient(a, b);
      if (tree.op === '*') return { text: `${a(PRODUCT)}${notation.times}${b(SIGN)}`, binds: PRODUCT };
      return { text: `${a(SUM)} ${tree.op} ${b(PRODUCT)}`, binds: SUM };
    }
    case 'power':
      return { text: notation.power(part(tree.base)(ATOM), part(tree.exponent)), binds: POWER };
    case 'function':
      return { text: notation.call(tree.name, [part(tree.of)(SUM)]), binds: ATOM };
    case 'extreme':
      return { text: notation.call(tree.name, [part(tree.left)(SUM), part(tree.right)(SUM)]), binds: ATOM };
    case 'choose':
      return {
        text: notation.choose(
          tree.op,
          tree.parts.map((one) => part(one)(SUM)),
        ),
        binds: ATOM,
      };
  }
}

const { tree } = fc.letrec<{ tree: Tree }>((tie) => {
  const leaf = fc.constantFrom<Tree>({ kind: 'leaf', text: 'x' }, { kind: 'leaf', text: 'y' });
  const number = fc.constantFrom(0, 0.25, 0.5, 1, 2, 3, 10).map((value): Tree => ({ kind: 'number', value }));
  const sub = tie('tree');
  return {
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true, maxDepth: 4 },
      fc.oneof({ arbitrary: leaf, weight: 3 }, { arbitrary: number, weight: 1 }),
      sub.map((of): Tree => ({ kind: 'minus', of })),
      fc.record({
        kind: fc.constant('binary' as const),
        op: fc.constantFrom('+', '-', '*', '/'),
        left: sub,
        right: sub,
      }),
      fc.record({
        kind: fc.constant('power' as const),
        base: sub,
        exponent: fc.oneof(
          fc.constantFrom(2, 3).map((value): Tree => ({ kind: 'number', value })),
          sub,
        ),
      }),
      fc.record({
        kind: fc.constant('function' as const),
        name: fc.constantFrom('abs', 'exp', 'log', 'sqrt', 'tanh', 'sin', 'cos', 'sign'),
        of: sub,
      }),
      fc.record({
        kind: fc.constant('extreme' as const),
        name: fc.constantFrom('max' as const, 'min' as const),
        left: sub,
        right: sub,
      }),
      fc.record({
        kind: fc.constant('choose' as const),
        op: fc.constantFrom('<' as const, '>=' as const),
        parts: fc.tuple(sub, sub, sub, sub),
      }),
    ) as fc.Arbitrary<Tree>,
  };
});

/** The normal form of the loss that a formula becomes; or what the checker has against it, as against `x < x`. */
async function hashOf(formula: string, language: Language): Promise<string> {
  const found = await importFormula(formula, { language });
  if (found.kind === 'refused') {
    assert.match(found.message, 'as a loss it would have an error', formula);
    return found.message;
  }
  const program = loadProgram({ name: 'imported', text: found.text });
  const { loss } = lowerLoss(program, lossesOf(program)[0]!);
  const { graph } = loss!;
  const { value } = takeLogits(loss!, false, simplifyingAlgebra(graph), new Map());
  return canonicalHash(graph, normalise(graph, [value]).roots[0]!);
}

/** Both inputs, so that every formula is a loss. */
const withInputs = (one: Tree): Tree => ({
  kind: 'binary',
  op: '+',
  left: { kind: 'binary', op: '*', left: { kind: 'leaf', text: 'x' }, right: { kind: 'leaf', text: 'y' } },
  right: one,
});

languages('a random formula reads as the same loss in all of them', async () => {
  await fc.assert(
    fc.asyncProperty(tree, async (one) => {
      const hashes = await Promise.all(
        LANGUAGES.map((language) => hashOf(write(withInputs(one), NOTATIONS[language]).text, language)),
      );
      assert.equal(hashes, [hashes[0], hashes[0], hashes[0]]);
    }),
    { numRuns: 150, seed: 11 },
  );
});

languages('and two formulas do not', async () => {
  assert.is.not(await hashOf('x * y - x', 'python'), await hashOf('x * y - y', 'latex'));
  assert.is.not(await hashOf('(-x)^2 + y', 'mathjs'), await hashOf('-x^2 + y', 'latex'));
});

languages.run();
