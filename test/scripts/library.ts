/**
 * Reads the functions of compiler/emit/library, which emitted modules carry along, and makes texts of them: each as TypeScript and
 * as JavaScript, with the names in capitals that stand for what is a loss's own as pieces of their own.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ts } from 'ts-morph';
import type { LibraryFunction, OwnWord, Piece } from '../../compiler/emit/helpers/library-function.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = join(ROOT, 'compiler/emit/library');

/** In this order their functions stand in a module. Of equal names the module takes the one that its loss needs. */
const FILES = [
  'runtime',
  'reductions',
  'reductions-plain',
  'reductions-counted',
  'labels',
  'input-checks',
  'operators',
  'special',
  'error-function',
  'bessel',
  'axes',
  'seeds',
  'differentiable-itemwise',
  'differentiable-coupled',
  'differentiable-scalar',
  'slices',
  'kernel',
  'fused',
] as const;

/** What an imported name is in emitted text. */
type Meaning =
  | { readonly kind: 'own'; readonly word: OwnWord }
  /** Another function, by its name in the library. */
  | { readonly kind: 'helper'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly by: Piece;
}

export type Library = Readonly<Record<string, Readonly<Record<string, LibraryFunction>>>>;

/** All functions of the library, by file and name. */
export const readLibrary = (): Library =>
  Object.fromEntries(FILES.map((file) => [file, readFile(join(FOLDER, `${file}.ts`))]));

const parse = (path: string): ts.SourceFile =>
  ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);

/** Functions in the order in which the file has them, those that it passes on from another file under its name for them. */
function readFile(path: string): Record<string, LibraryFunction> {
  const source = parse(path);
  const functions: Record<string, LibraryFunction> = {};
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement)) {
      functions[nameOf(statement)] = textOf(statement, source, meanings(source));
    } else if (ts.isExportDeclaration(statement)) {
      for (const [name, entry] of passedOn(statement, path)) functions[name] = entry;
    } else if (!ts.isImportDeclaration(statement)) {
      fail(statement, 'a file of the library holds functions alone');
    }
  }
  return functions;
}

function passedOn(statement: ts.ExportDeclaration, path: string): [string, LibraryFunction][] {
  const source = parse(sourcePath(path, statement.moduleSpecifier!));
  const known = meanings(source);
  const declarations: [string, ts.FunctionDeclaration][] = [];
  for (const { name, propertyName } of (statement.exportClause as ts.NamedExports).elements) {
    const inner = (propertyName ?? name).text;
    const found = source.statements.find(
      (entry) => ts.isFunctionDeclaration(entry) && entry.name?.text === inner,
    ) as ts.FunctionDeclaration | undefined;
    if (found === undefined) fail(statement, `there is no function ${inner}`);
    known.set(inner, { kind: 'helper', name: name.text });
    declarations.push([name.text, found]);
  }
  // Only now, since they may call each other.
  const entries = declarations.map(([name, declaration]): [string, LibraryFunction] => [
    name,
    textOf(declaration, source, known),
  ]);
  return entries;
}

/** What each imported name stands for. */
function meanings(source: ts.SourceFile): Map<string, Meaning> {
  const known = new Map<string, Meaning>();
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement))
      known.set(nameOf(statement), { kind: 'helper', name: nameOf(statement) });
    if (!ts.isImportDeclaration(statement)) continue;
    const names = statement.importClause?.namedBindings;
    if (names === undefined || !ts.isNamedImports(names)) continue;
    const path = sourcePath(source.fileName, statement.moduleSpecifier);
    const place = relative(ROOT, path);
    for (const { name, isTypeOnly } of names.elements) {
      if (isTypeOnly || statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) continue;
      if (place.startsWith('compiler/elementary/')) {
        if (!(name.text in Math)) fail(statement, `Math has no ${name.text}`);
        known.set(name.text, { kind: 'text', text: `Math.${name.text}` });
      } else if (place === 'compiler/emit/library/loss.ts') {
        if (/^[A-Z_]+$/.test(name.text)) known.set(name.text, { kind: 'own', word: name.text as OwnWord });
      } else if (place.startsWith('compiler/emit/library/'))
        known.set(name.text, { kind: 'helper', name: name.text });
      else known.set(name.text, meaningIn(parse(path), name.text));
    }
  }
  return known;
}

/** What a name of a file that is not of the library stands for: a function of numbers, which the library passes on, or a number. */
function meaningIn(source: ts.SourceFile, name: string): Meaning {
  const isFunction = source.statements.some(
    (statement) => ts.isFunctionDeclaration(statement) && statement.name?.text === name,
  );
  return isFunction ? { kind: 'helper', name: `${name}Of` } : { kind: 'text', text: numberIn(source, name) };
}

/** The number that a file gives a name, as text: emitted code has the number alone. */
function numberIn(source: ts.SourceFile, name: string): string {
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name: given, initializer } of statement.declarationList.declarations) {
      if (given.getText(source) !== name || initializer === undefined) continue;
      const value: unknown = new Function(`return ${initializer.getText(source)};`)();
      if (typeof value === 'number') return String(value);
    }
  }
  throw new Error(`${relative(ROOT, source.fileName)} has no number ${name}`);
}

/** What stands in emitted text for a name that means something. */
function replacement(meaning: Meaning): Piece {
  if (meaning.kind === 'own') return { own: meaning.word };
  return meaning.kind === 'helper' ? meaning.name : meaning.text;
}

/** A function as text, and which others it calls. */
function textOf(
  declaration: ts.FunctionDeclaration,
  source: ts.SourceFile,
  known: ReadonlyMap<string, Meaning>,
): LibraryFunction {
  const body = declaration.body!;
  const uses = new Set<string>();
  const local = localNames(declaration);
  const words: Edit[] = [];
  const types: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && isReference(node) && !local.has(node.text)) {
      const meaning = known.get(node.text);
      if (meaning?.kind === 'helper') uses.add(meaning.name);
      const by = meaning && replacement(meaning);
      if (by !== undefined && by !== node.text)
        words.push({ start: node.getStart(source), end: node.end, by });
    }
    if (isTyped(node) && node.type !== undefined) {
      // From the colon that is in front of the type.
      const start = source.text.lastIndexOf(':', node.type.getStart(source));
      types.push({ start, end: node.type.end, by: '' });
    } else if (ts.isAsExpression(node)) types.push({ start: node.expression.end, end: node.end, by: '' });
    else if (ts.isNonNullExpression(node)) types.push({ start: node.end - 1, end: node.end, by: '' });
    if (!ts.isTypeNode(node)) ts.forEachChild(node, visit);
  };
  visit(body);
  const pieces = (edits: readonly Edit[]): readonly Piece[] => bodyPieces(body, source, edits);
  const plain = pieces([...words, ...types]);
  return {
    doc: docOf(declaration),
    parameters: declaration.parameters.map((parameter) => ({
      name: `${parameter.dotDotDotToken === undefined ? '' : '...'}${parameter.name.getText(source)}`,
      type: parameter.type === undefined ? initialType(parameter) : oneLine(parameter.type.getText(source)),
      ...(parameter.initializer !== undefined && { initializer: parameter.initializer.getText(source) }),
    })),
    returns: oneLine(declaration.type!.getText(source)),
    body: plain,
    ...(types.length > 0 && { typed: pieces(words) }),
    uses: [...uses],
  };
}

/** The names that a function gives to its parameters and variables. */
function localNames(declaration: ts.FunctionDeclaration): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (
      (ts.isParameter(node) || ts.isVariableDeclaration(node) || ts.isBindingElement(node)) &&
      ts.isIdentifier(node.name)
    )
      names.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(declaration);
  return names;
}

const isTyped = (
  node: ts.Node,
): node is ts.ParameterDeclaration | ts.VariableDeclaration | ts.ArrowFunction =>
  ts.isParameter(node) || ts.isVariableDeclaration(node) || ts.isArrowFunction(node);

/** Whether a name is used here, and not a property or a name that is given. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent)) return parent.initializer === node;
  return !ts.isBindingElement(parent);
}

/** The text between the braces, one level further out, cut where something else is put in. */
function bodyPieces(body: ts.Block, source: ts.SourceFile, edits: readonly Edit[]): readonly Piece[] {
  const pieces: Piece[] = [];
  const add = (piece: Piece): void => {
    const last = pieces.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') pieces[pieces.length - 1] = last + piece;
    else pieces.push(piece);
  };
  let at = body.getStart(source) + 1;
  const text = (end: number): string => source.text.slice(at, end);
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    if (edit.start < at) continue;
    add(text(edit.start));
    add(edit.by);
    at = edit.end;
  }
  add(text(body.end - 1));
  const outdented = pieces.map((piece) =>
    typeof piece === 'string' ? piece.replace(/\n {2}/g, '\n') : piece,
  );
  const [first, last] = [outdented[0], outdented.at(-1)];
  if (typeof first === 'string') outdented[0] = first.trimStart();
  if (typeof last === 'string') outdented[outdented.length - 1] = (outdented.at(-1) as string).trimEnd();
  return outdented.filter((piece) => piece !== '');
}

const nameOf = (declaration: ts.FunctionDeclaration): string => declaration.name!.text;
const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

/** The type of a parameter that has only an initial value. */
function initialType({ initializer }: ts.ParameterDeclaration): string {
  switch (initializer?.kind) {
    case ts.SyntaxKind.TrueKeyword:
    case ts.SyntaxKind.FalseKeyword:
      return 'boolean';
    case ts.SyntaxKind.NumericLiteral:
      return 'number';
    default:
      throw new Error('a parameter of the library needs a type');
  }
}

function docOf(declaration: ts.FunctionDeclaration): string {
  const [doc] = ts.getJSDocCommentsAndTags(declaration);
  const comment = doc?.comment;
  if (typeof comment !== 'string') fail(declaration, `${nameOf(declaration)} has no doc comment`);
  return oneLine(comment);
}

/** The file that an import names. */
const sourcePath = (from: string, specifier: ts.Expression): string =>
  join(dirname(from), (specifier as ts.StringLiteral).text.replace(/\.js$/, '.ts'));

function fail(node: ts.Node, message: string): never {
  throw new Error(`${relative(ROOT, node.getSourceFile().fileName)}: ${message}`);
}
