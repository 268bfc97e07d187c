/** All mutants of a source file. */
import { ts } from 'ts-morph';
import { OPERATORS } from './operators.js';

export interface Mutant {
  readonly file: string;
  /** The row of the table of operators that made it. */
  readonly operator: string;
  /** Offsets in the text of the file, and what stands there instead. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The lines in which it is, before and after, without what they are indented by. */
  readonly before: string;
  readonly after: string;
  /** Tells it from all others, also after other lines of the file have changed. */
  readonly key: string;
}

/** Calls that say which mistakes of ours cannot be: what they look at is never so. */
const OUR_OWN_MISTAKES = new Set(['invariant', 'unreachable']);

/** What is of no consequence when the program runs, or is looked at only when the program itself is wrong. */
function isLeftAlone(node: ts.Node): boolean {
  if (ts.isTypeNode(node) || ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node)) return true;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isThrowStatement(node)) return true;
  if (ts.isExpressionStatement(node)) return isLeftAlone(node.expression);
  return (
    ts.isCallExpression(node) &&
    ts.isIdentifier(node.expression) &&
    OUR_OWN_MISTAKES.has(node.expression.text)
  );
}

export function mutated(source: string, { start, end, text }: Mutant): string {
  return source.slice(0, start) + text + source.slice(end);
}

/** In the order of the text. A mutant whose text is that of another one is left out. */
export function mutantsOf(file: string, source: string): readonly Mutant[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2023, true);
  const found: Mutant[] = [];
  const keys = new Map<string, number>();
  const seen = new Set<string>();

  const add = (node: ts.Node, operator: string, text: string): void => {
    const start = node.getStart(tree);
    const { end } = node;
    const place = `${start} ${end} ${text}`;
    if (source.slice(start, end) === text || seen.has(place)) return;
    seen.add(place);
    const from = source.lastIndexOf('\n', start - 1) + 1;
    const to = source.indexOf('\n', end) < 0 ? source.length : source.indexOf('\n', end);
    const before = tidy(source.slice(from, to));
    const after = tidy(source.slice(from, start) + text + source.slice(end, to));
    const name = `${file}: ${before} -> ${after}`;
    const count = (keys.get(name) ?? 0) + 1;
    keys.set(name, count);
    const key = count === 1 ? name : `${name} (${count})`;
    found.push({ file, operator, start, end, text, before, after, key });
  };
  const visit = (node: ts.Node): void => {
    if (isLeftAlone(node)) return;
    for (const [name, operator] of Object.entries(OPERATORS))
      for (const text of operator(node, tree)) add(node, name, text);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(tree, visit);
  return found;
}

const tidy = (lines: string): string =>
  lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
