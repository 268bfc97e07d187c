/** Which axes the indices of a LaTeX formula are. */
import { refuse } from '../refused.js';
import { type IndexedAxes, type NameTerm, type OverTerm, partsOf, type Term, visitTerms } from '../term.js';
import type { Shape } from '../value.js';

/** Letters that mean one axis, because one name has them in one place. */
class Classes {
  private readonly parent = new Map<string, string>();

  of(letter: string): string {
    const above = this.parent.get(letter);
    return above === undefined ? letter : this.of(above);
  }

  join(a: string, b: string): void {
    const [x, y] = [this.of(a), this.of(b)];
    if (x !== y) this.parent.set(y, x);
  }
}

export function axesOfIndices(roots: readonly Term[]): IndexedAxes {
  const names: NameTerm[] = [];
  const sums: OverTerm[] = [];
  const vectors = new Set<string>();
  let hasLogarithm = false;
  for (const root of roots)
    visitTerms(root, (term) => {
      if (term.kind === 'name') names.push(term);
      if (term.kind === 'over') sums.push(term);
      if (term.kind === 'call' && (term.callee === 'log' || term.callee === 'exp')) hasLogarithm = true;
      if (term.kind === 'call' && term.callee === 'norm')
        visitTerms(term.args[0]!, (part) => {
          if (part.kind === 'name' && part.name !== 'pi') vectors.add(part.name);
        });
    });
  const classes = joined(names);
  const summed = [...new Set(sums.map(({ index }) => classes.of(index)))];
  for (const root of roots) demandBound(root, classes, new Set(summed), new Map());
  const batch = batchOf(sums, summed, names, classes);
  const entries = summed.filter((one) => one !== batch);
  const axisNames = new Map<string, string>(batch === undefined ? [] : [[batch, 'batch']]);
  for (const [i, one] of entries.entries())
    axisNames.set(one, i > 0 ? `axis_${one}` : one === 'c' || hasLogarithm ? 'class' : 'feature');
  const vector =
    vectors.size === 0 ? undefined : [...axisNames.values()].includes('feature') ? 'component' : 'feature';
  const shape = [...axisNames.values(), ...(vector === undefined ? [] : [vector])];
  const axisOf = (letter: string): string | undefined => axisNames.get(classes.of(letter));
  const has = new Map<string, ReadonlySet<string | undefined>>();
  for (const { name, indices = [] } of names)
    has.set(name, new Set([...indices.map(axisOf), vectors.has(name) ? vector : undefined]));
  return {
    shape,
    axisOf,
    lengths: new Map(
      sums.flatMap(({ limit, index }) => (limit === undefined ? [] : [[limit, axisOf(index)!] as const])),
    ),
    shapeOf: (name): Shape => {
      const own = has.get(name);
      const axes = shape.map((axis) => (own?.has(axis) === true ? axis : '1'));
      return axes.every((axis) => axis === '1') ? [] : axes;
    },
    questions: questionsOf(sums, summed, batch, axisNames, vector),
  };
}

/** Letters that stand in one place of one name are one axis; a name has as many of them everywhere. */
function joined(names: readonly NameTerm[]): Classes {
  const classes = new Classes();
  const first = new Map<string, readonly string[]>();
  for (const { name, indices = [], span } of names) {
    const known = first.get(name);
    if (known === undefined) first.set(name, indices);
    else if (known.length !== indices.length)
      refuse(
        span,
        `${name} has a different number of indices here than elsewhere`,
        'give it all of them everywhere',
      );
    else for (const [i, letter] of indices.entries()) classes.join(known[i]!, letter);
  }
  // z_y beside z_c is the entry of z at the label.
  for (const { name, span } of names) {
    const base = /^(.+)_[a-z]$/.exec(name)?.[1];
    if (base !== undefined && (first.get(base)?.length ?? 0) > 0)
      refuse(
        span,
        `${name} is an entry of ${base} by its position`,
        `write the sum with one-hot rows: \\sum_c y_c ${base}_c`,
      );
  }
  return classes;
}

/**
 * Refuses what compares the entries of an axis with each other, and an index outside of its sum: every letter is that of the
 * nearest sum over its axis.
 */
function demandBound(
  term: Term,
  classes: Classes,
  summed: ReadonlySet<string>,
  scope: ReadonlyMap<string, string>,
): void {
  if (term.kind === 'name')
    for (const letter of term.indices ?? []) {
      const bound = scope.get(classes.of(letter));
      if (bound === undefined && summed.has(classes.of(letter)))
        refuse(
          term.span,
          `${letter} is outside the sum over it`,
          'put everything that is summed in brackets: \\sum_i (a_i + b_i)',
        );
      if (bound !== undefined && bound !== letter)
        refuse(
          term.span,
          `${letter} and ${bound} index the same axis, and are combined here`,
          'pairs of entries are compared by rename in a .loss file',
        );
    }
  const inner = term.kind === 'over' ? new Map([...scope, [classes.of(term.index), term.index]]) : scope;
  for (const part of partsOf(term)) demandBound(part, classes, summed, inner);
}

/** The axis of the items, where the formula itself takes their mean or sum. */
function batchOf(
  sums: readonly OverTerm[],
  summed: readonly string[],
  names: readonly NameTerm[],
  classes: Classes,
): string | undefined {
  const hasItems = names.some(({ indices = [] }) =>
    indices.some((letter) => !summed.includes(classes.of(letter))),
  );
  if (hasItems) return undefined;
  const outermost = sums[0];
  if (outermost === undefined) return undefined;
  const first = classes.of(outermost.index);
  if (outermost.reduction === 'mean') return first;
  return summed.length > 1 && /^[in]$/.test(outermost.index) ? first : undefined;
}

function questionsOf(
  sums: readonly OverTerm[],
  summed: readonly string[],
  batch: string | undefined,
  axisNames: ReadonlyMap<string, string>,
  vector: string | undefined,
): readonly string[] {
  const [outermost] = sums;
  const questions: string[] = [];
  if (outermost?.reduction === 'mean' && outermost.limit === undefined)
    questions.push(`the sum over ${outermost.index} divided by a number is read as a mean: is it?`);
  if (batch === undefined && summed.length === 1)
    questions.push(
      `${outermost!.index} is read as counting the entries of one item along ${axisNames.get(summed[0]!)}, not the items: does it?`,
    );
  if (vector !== undefined)
    questions.push(`the expression between double bars is read as a vector along ${vector}: is it one?`);
  return questions;
}
