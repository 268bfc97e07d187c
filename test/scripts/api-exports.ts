/** What the entries of the package export, with declarations and doc comments: read from the sources as they are, without types. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ts } from 'ts-morph';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The entries of the package, each after those that it exports again. */
export const ENTRIES: Readonly<Record<string, string>> = {
  'lossc/compiler': 'src/compiler.ts',
  lossc: 'src/index.ts',
  'lossc/training': 'src/training.ts',
  'lossc/evolve': 'src/evolve.ts',
  'lossc/wasm-training': 'src/runtime/kernels/index.ts',
};

export type Documented =
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.VariableDeclaration;

export interface ApiExport {
  readonly name: string;
  /** Where it is declared, from the root. */
  readonly file: string;
  readonly declaration: Documented;
  /** Its doc comment; empty where it has none. */
  readonly doc: string;
}

const parsed = new Map<string, ts.SourceFile>();

export function sourceOf(file: string): ts.SourceFile {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(join(ROOT, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  parsed.set(file, source);
  return source;
}

/** Everything that a file exports, by name. */
export function exportsOf(file: string): ReadonlyMap<string, ApiExport> {
  const found = new Map<string, ApiExport>();
  for (const statement of sourceOf(file).statements) {
    if (ts.isExportDeclaration(statement)) {
      const from = targetOf(file, statement) ?? file;
      const { exportClause } = statement;
      if (exportClause === undefined) for (const [name, one] of exportsOf(from)) found.set(name, one);
      else if (ts.isNamedExports(exportClause))
        for (const { name, propertyName } of exportClause.elements)
          found.set(name.text, { ...declaredIn(from, (propertyName ?? name).text), name: name.text });
    } else if (isExported(statement))
      for (const { name } of declarationsIn(statement)) found.set(name.text, declaredIn(file, name.text));
  }
  return found;
}

/** The declaration of a name that a file has, its own or one that it imports. */
export function declaredIn(file: string, name: string): ApiExport {
  for (const statement of sourceOf(file).statements) {
    const own = declarationsIn(statement).find((one) => one.name.text === name);
    if (own !== undefined) return { name, file, declaration: own.declaration, doc: docOf(statement) };
    const from = targetOf(file, statement);
    const there = from === undefined ? undefined : nameIn(statement, name);
    if (there !== undefined) return { ...declaredIn(from!, there), name };
  }
  throw new Error(`${file} declares no ${name}`);
}

/** Where a name that a file uses is declared; undefined for one that is not ours. */
export function fileOf(file: string, name: string): string | undefined {
  const whole = sourceOf(file);
  const isKnown = whole.statements.some(
    (statement) =>
      declarationsIn(statement).some((one) => one.name.text === name) ||
      (targetOf(file, statement) !== undefined && nameIn(statement, name) !== undefined),
  );
  if (isKnown) return declaredIn(file, name).file;
  // Types of a module that is imported as a whole.
  const modules = whole.statements.flatMap((statement) => {
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
    const from = targetOf(file, statement);
    return bindings !== undefined && ts.isNamespaceImport(bindings) && from !== undefined ? [from] : [];
  });
  return modules.map((module) => exportsOf(module).get(name)?.file).find((one) => one !== undefined);
}

const isExported = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

function declarationsIn(
  statement: ts.Statement,
): readonly { readonly name: ts.Identifier; readonly declaration: Documented }[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap((declaration) =>
      ts.isIdentifier(declaration.name) ? [{ name: declaration.name, declaration }] : [],
    );
  const is =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return is && statement.name !== undefined ? [{ name: statement.name, declaration: statement }] : [];
}

/** The file of ours that a statement imports or exports from. */
function targetOf(file: string, statement: ts.Statement): string | undefined {
  if (!ts.isExportDeclaration(statement) && !ts.isImportDeclaration(statement)) return undefined;
  const { moduleSpecifier } = statement;
  if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return undefined;
  const { text } = moduleSpecifier;
  return text.startsWith('.') ? join(dirname(file), text.replace(/\.js$/, '.ts')) : undefined;
}

/** What a name that a statement imports or exports again is called where it comes from. */
function nameIn(statement: ts.Statement, name: string): string | undefined {
  const named = ts.isExportDeclaration(statement)
    ? statement.exportClause
    : ts.isImportDeclaration(statement)
      ? statement.importClause?.namedBindings
      : undefined;
  if (named === undefined || !(ts.isNamedExports(named) || ts.isNamedImports(named))) return undefined;
  const element = [...named.elements].find((one) => one.name.text === name);
  return element && (element.propertyName ?? element.name).text;
}

/** The text of the doc comment of a node, without its stars. */
export function docOf(node: ts.Node): string {
  const comment = ts.getJSDocCommentsAndTags(node).findLast(ts.isJSDoc);
  return comment === undefined ? '' : commentText(comment.getText());
}

/** The text of the first comment of a file. */
export const headOf = (file: string): string =>
  commentText(/^\/\*\*.*?\*\//s.exec(sourceOf(file).text)?.[0] ?? '');

const commentText = (comment: string): string =>
  comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/^[ \t]*\* ?/gm, '')
    .trim();
