/** The reference of the API as Markdown: a page for each entry, made from signatures and doc comments. */
import { ts } from 'ts-morph';
import {
  type ApiExport,
  type Documented,
  declaredIn,
  docOf,
  ENTRIES,
  exportsOf,
  fileOf,
  headOf,
} from './api-exports.js';

/** Where the pages are, from the root. */
export const FOLDER = 'src/api/reference';

interface Home extends ApiExport {
  /** The page that documents it. */
  readonly page: string;
}

const pageOf = (entry: string): string => `${entry.replace('lossc/', '')}.md`;

/** Headings of types say so: `LossFunction` and `lossFunction` have one anchor otherwise. */
const headingOf = ({ name, declaration }: ApiExport): string => {
  if (ts.isClassDeclaration(declaration)) return `class ${name}`;
  return ts.isFunctionDeclaration(declaration) || ts.isVariableDeclaration(declaration)
    ? name
    : `type ${name}`;
};
const anchorOf = (one: ApiExport): string => headingOf(one).toLowerCase().replaceAll(' ', '-');

/** Where each name is documented: with the first entry that exports it. */
function homesOf(): ReadonlyMap<string, Home> {
  const homes = new Map<string, Home>();
  for (const [entry, file] of Object.entries(ENTRIES))
    for (const [name, one] of exportsOf(file)) {
      const known = homes.get(name);
      if (known === undefined) homes.set(name, { ...one, page: pageOf(entry) });
      else if (known.file !== one.file) throw new Error(`two exports are called ${name}`);
    }
  return homes;
}

/** All pages by file name. */
export function apiPages(): ReadonlyMap<string, string> {
  const homes = homesOf();
  const pages = Object.entries(ENTRIES).map(
    ([entry, file]) => [pageOf(entry), entryPage(entry, file, homes)] as const,
  );
  return new Map([['README.md', indexPage(homes)], ...pages]);
}

/** Exports of the entries that have no doc comment, with their files. */
export const undocumented = (): readonly string[] =>
  [...homesOf().values()].filter(({ doc }) => doc === '').map(({ name, file }) => `${name} in ${file}`);

const MADE = '<!-- Made from the doc comments by `npm run build:api`. -->';

function indexPage(homes: ReadonlyMap<string, Home>): string {
  const rows = Object.entries(ENTRIES).map(([entry, file]) => {
    const count = [...homes.values()].filter(({ page }) => page === pageOf(entry)).length;
    return `| [\`${entry}\`](${pageOf(entry)}) | ${cell(firstSentence(about(file)))} | ${count} |`;
  });
  const links = [...homes.values()].toSorted(byName).map(linkTo);
  return `${MADE}

# The API of lossc

An argument or option that is not what it has to be is a TypeError that says what was expected. Mistakes in a \`.loss\` text are a
\`LossError\` with all diagnostics; data, files and backends that cannot be used are a \`RunError\`.

| Entry | What it is for | Documented there |
|---|---|---|
${rows.join('\n')}

${links.join(' · ')}
`;
}

function entryPage(entry: string, file: string, homes: ReadonlyMap<string, Home>): string {
  const all = [...exportsOf(file).keys()].map((name) => homes.get(name)!);
  const own = all.filter(({ page }) => page === pageOf(entry));
  const anchors = new Set(own.map(anchorOf));
  if (anchors.size < own.length) throw new Error(`names of ${entry} differ only in capitals`);
  const writer = new Writer(homes, pageOf(entry));
  const sections = GROUPS.flatMap(({ title, holds }) => {
    const those = own.filter(({ declaration }) => holds(declaration)).toSorted(byName);
    return those.length === 0 ? [] : [`## ${title}`, ...those.map((one) => writer.entry(one))];
  });
  const again = all.filter(({ page }) => page !== pageOf(entry)).toSorted(byName);
  const others = again.map(linkTo).join(' · ');
  const example = exampleOf(headOf(file));
  return `${[
    MADE,
    `# ${entry}`,
    writer.prose(about(file)),
    ...(example === '' ? [] : [fenced(example)]),
    ...(others === '' ? [] : [`It also exports, documented elsewhere: ${others}`]),
    ...sections,
  ].join('\n\n')}\n`;
}

const byName = (a: Home, b: Home): number =>
  a.name.toLowerCase() < b.name.toLowerCase() ? -1 : a.name.toLowerCase() > b.name.toLowerCase() ? 1 : 0;
const linkTo = (one: Home): string => `[\`${one.name}\`](${one.page}#${anchorOf(one)})`;

const GROUPS: readonly { readonly title: string; readonly holds: (one: Documented) => boolean }[] = [
  { title: 'Functions', holds: ts.isFunctionDeclaration },
  { title: 'Values', holds: ts.isVariableDeclaration },
  { title: 'Classes', holds: ts.isClassDeclaration },
  { title: 'Types', holds: (one) => ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one) },
];

/** What the first comment of an entry says after its name. */
const about = (file: string): string => {
  const text = textOf(headOf(file)).replace(/^`lossc[\w/-]*`: /, '');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

const EXAMPLE = '@example';
const textOf = (doc: string): string => doc.split(EXAMPLE)[0]!.trim();
const exampleOf = (doc: string): string => (doc.split(EXAMPLE)[1] ?? '').trim();
const fenced = (code: string): string => `\`\`\`ts\n${code}\n\`\`\``;
const firstSentence = (text: string): string => /^.*?[.](?=\s|$)/s.exec(text)?.[0] ?? text;
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Text for a cell of a table, on one line. */
const cell = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|');

/** A doc comment, and the sentences of it about what is thrown, which a function's have apart. */
function partsOf(doc: string): { readonly text: string; readonly errors: string } {
  const isError = (sentence: string): boolean =>
    /\b(?:[Tt]hrows|[Rr]ejects|is rejected)\b/.test(sentence) && !/\b[Nn]ever throws\b/.test(sentence);
  const paragraphs = doc.split('\n\n').map((paragraph) => paragraph.split(/(?<=[.])\s+(?=[A-Z`])/));
  const kept = (wanted: boolean): readonly string[] =>
    paragraphs
      .map((all) => all.filter((one) => isError(one) === wanted).join(' '))
      .filter((one) => one !== '');
  return { text: kept(false).join('\n\n'), errors: kept(true).join(' ') };
}

class Writer {
  constructor(
    private readonly homes: ReadonlyMap<string, Home>,
    private readonly page: string,
  ) {}

  entry(one: Home): string {
    const { name, file, declaration, doc } = one;
    const whole = textOf(doc);
    const { text, errors } = ts.isFunctionDeclaration(declaration)
      ? partsOf(whole)
      : { text: whole, errors: '' };
    const example = exampleOf(doc);
    return [
      `### ${headingOf(one)}`,
      this.#code(signatureOf(declaration), file, name),
      this.prose(text),
      ...this.#members(declaration),
      ...schemaOf(declaration),
      ...(errors === '' ? [] : [`**Errors:** ${this.prose(errors)}`]),
      ...(example === '' ? [] : [fenced(example)]),
      `Defined in [${file}](../../../${file}).`,
    ].join('\n\n');
  }

  /** Prose of a doc comment; names of exports in it are links. */
  prose(text: string): string {
    return text
      .split(/(`[^`]*`)/)
      .map((part) => {
        const name = /^`(\w+)`$/.exec(part)?.[1];
        return name !== undefined && this.homes.has(name)
          ? `[${part}](${this.#link(name)})`
          : part.startsWith('`')
            ? part
            : escaped(part).replaceAll('*', '\\*');
      })
      .join('');
  }

  #members(declaration: Documented): readonly string[] {
    if (ts.isFunctionDeclaration(declaration)) return this.#parameters(declaration);
    if (!ts.isInterfaceDeclaration(declaration) && !ts.isClassDeclaration(declaration)) return [];
    const members = [...declaration.members].filter(isPublic);
    if (members.length === 0) return [];
    const rows = members.map((member) => {
      const [name, type] = memberOf(member);
      return `| ${name} | ${this.#inline(type, member.getSourceFile().fileName)} | ${cell(this.prose(docOf(member)))} |`;
    });
    return [['| Member | Type | |', '|---|---|---|', ...rows].join('\n')];
  }

  #parameters({ parameters }: ts.FunctionDeclaration): readonly string[] {
    if (parameters.length === 0) return [];
    const source = parameters[0]!.getSourceFile();
    const rows = parameters.map((parameter) => {
      const type = plain(parameter.type?.getText() ?? '', source);
      const optional = parameter.questionToken !== undefined || parameter.initializer !== undefined;
      const initial = parameter.initializer?.getText() ?? '';
      const byDefault = initial === '' || initial === '{}' ? '' : `; \`${initial}\` unless given`;
      const known = this.homes.get(type.replace(/<.*/s, ''));
      const says = known === undefined ? '' : firstSentence(textOf(known.doc));
      return `| \`${parameter.name.getText()}\`${optional ? ' (optional)' : ''} | ${this.#inline(type, source.fileName)} | ${cell(this.prose(says))}${byDefault} |`;
    });
    return [['| Parameter | Type | |', '|---|---|---|', ...rows].join('\n')];
  }

  /** Code in which names of exports are links; `own` is what it declares. */
  #code(text: string, file: string, own: string): string {
    return `<pre>${this.#linked(text, file, own)}</pre>`;
  }

  #inline(written: string, file: string): string {
    const type = compact(written);
    return type === '' ? '' : `<code>${cell(this.#linked(type, file)).replace(/\\\|/g, '&#124;')}</code>`;
  }

  /** `file`: where it stands, which decides what names mean. */
  #linked(text: string, file: string, own?: string): string {
    const isMeant = (name: string, isGeneric: boolean): boolean => {
      const known = name === own ? undefined : this.homes.get(name);
      if (known === undefined || fileOf(file, name) !== known.file) return false;
      if (!isGeneric) return true;
      // `Pick<…>` is TypeScript's.
      return 'typeParameters' in known.declaration && known.declaration.typeParameters !== undefined;
    };
    return escaped(text).replace(/(?<![\w.'-])([A-Z]\w*)(?![\w'])(&lt;)?/g, (found, name, open) =>
      isMeant(name, open !== undefined) ? `<a href="${this.#link(name)}">${name}</a>${open ?? ''}` : found,
    );
  }

  #link(name: string): string {
    const home = this.homes.get(name)!;
    return `${home.page === this.page ? '' : home.page}#${anchorOf(home)}`;
  }
}

/** A type on one line, without comments in it. */
const compact = (type: string): string =>
  type
    .replace(/\/\*\*.*?\*\//gs, '')
    .replace(/\s+/g, ' ')
    .replace(/(?<=[(]) | (?=[)])|,(?= ?[)])/g, '')
    .trim();

/** The schema that a type is inferred from: it says what the type has. */
function schemaOf(declaration: Documented): readonly string[] {
  const name = /\bInfer\w+<typeof (\w+)>/.exec(declaration.getText())?.[1];
  if (!ts.isTypeAliasDeclaration(declaration) || name === undefined) return [];
  const { declaration: schema } = declaredIn(declaration.getSourceFile().fileName, name);
  const text = ts.isVariableDeclaration(schema) ? (schema.initializer?.getText() ?? '') : '';
  return [`Its fields, as [Valibot](https://valibot.dev) checks them:`, fenced(text)];
}

/** Source text on few lines, without the names of modules that types are taken from. */
function plain(text: string, source: ts.SourceFile): string {
  const modules = source.statements.flatMap((statement) => {
    const named = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
    return named !== undefined && ts.isNamespaceImport(named) ? [named.name.text] : [];
  });
  // TensorFlow.js is called tf by everyone.
  const ours = modules.filter((name) => name !== 'tf');
  return ours.reduce((rest, name) => rest.replace(new RegExp(`\\b${name}\\.`, 'g'), ''), text);
}

/** A declaration without what it does. */
function signatureOf(declaration: Documented): string {
  const source = declaration.getSourceFile();
  const text = plain(bareSignature(declaration), source);
  return text.replace(/^export /, '').trim();
}

function bareSignature(declaration: Documented): string {
  const source = declaration.getSourceFile();
  if (ts.isVariableDeclaration(declaration)) {
    const { name, type, initializer } = declaration;
    if (type !== undefined) return `const ${name.getText()}: ${type.getText()}`;
    const initial = initializer?.getText() ?? '';
    return `const ${name.getText()}${initial.length > 200 ? '' : ` = ${initial}`}`;
  }
  if (ts.isFunctionDeclaration(declaration))
    return source.text.slice(declaration.getStart(), declaration.body?.getStart() ?? declaration.end);
  if (ts.isTypeAliasDeclaration(declaration)) return declaration.getText().replace(/;$/, '');
  const [first] = declaration.members;
  const end = first === undefined ? declaration.end : first.getFullStart();
  return source.text.slice(declaration.getStart(), end).replace(/\s*\{\s*\}?\s*$/, '');
}

function isPublic(member: ts.ClassElement | ts.TypeElement): boolean {
  if (member.name !== undefined && ts.isPrivateIdentifier(member.name)) return false;
  const modifiers = ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []) : [];
  return !modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
}

/** Name and type of a member, as they stand in a table. */
function memberOf(member: ts.ClassElement | ts.TypeElement): readonly [name: string, type: string] {
  const source = member.getSourceFile();
  const named = (optional: boolean): string =>
    `\`${member.name?.getText() ?? ''}\`${optional ? ' (optional)' : ''}`;
  if (ts.isPropertySignature(member) || ts.isPropertyDeclaration(member)) {
    const type = member.type?.getText() ?? (member as ts.PropertyDeclaration).initializer?.getText() ?? '';
    return [named(member.questionToken !== undefined), plain(type, source)];
  }
  const body =
    ts.isMethodDeclaration(member) || ts.isConstructorDeclaration(member) || ts.isGetAccessor(member)
      ? member.body
      : undefined;
  const text = source.text
    .slice(member.getStart(), body?.getStart() ?? member.end)
    .trim()
    .replace(/;$/, '');
  if (member.name === undefined) {
    const call = ts.isConstructorDeclaration(member)
      ? '`new`'
      : ts.isCallSignatureDeclaration(member)
        ? 'call'
        : '`[name]`';
    return [call, plain(text.replace(/^(?:constructor|readonly) ?/, '').replaceAll('readonly ', ''), source)];
  }
  const after = source.text.slice(member.name.end, member.getStart() + text.length);
  return [named(false), plain(after.replace(/^: /, ''), source)];
}
