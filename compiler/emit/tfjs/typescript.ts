import {
  type FunctionDeclarationStructure,
  IndentationText,
  type InterfaceDeclarationStructure,
  Project,
  QuoteKind,
  type SourceFile,
  type StatementStructures,
  StructureKind,
} from 'ts-morph';
import { filled } from '../../words/fill.js';
import type { EmittedFunction } from '../helpers/emitted-function.js';
import { wrapped } from '../print/layout.js';
import { type ModuleTypes, moduleTypes } from './declarations.js';
import { commentText, docComment } from './javascript.js';
import type { EmittedModule } from './module.js';

let project: Project | undefined;

/** One project serves all modules: starting TypeScript is what takes time. A file is made in one go, since every edit parses it anew. */
function sourceFile(statements: StatementStructures[]): SourceFile {
  project ??= new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces, quoteKind: QuoteKind.Single },
  });
  return project.createSourceFile('module.ts', { statements }, { overwrite: true });
}

/** A doc for ts-morph, which puts the comment's frame around it: text that cannot end the comment. */
const docs = (text: string): string[] => [
  commentText(text)
    .flatMap((line) => filled(line, 96))
    .join('\n'),
];

/** The module as TypeScript for `@tensorflow/tfjs-core`: strict, self-contained, the same text for the same loss. */
export function typescriptModule(module: EmittedModule, header: string): string {
  const file = sourceFile([
    {
      kind: StructureKind.ImportDeclaration,
      namespaceImport: 'tf',
      moduleSpecifier: '@tensorflow/tfjs-core',
    },
    ...moduleTypes(module).map(interfaceStructure),
    {
      kind: StructureKind.TypeAlias,
      name: 'Read',
      type: 'ReturnType<typeof readInputs>',
      docs: docs('What the loss computes with: inputs, parameters and the lengths of the axes.'),
    },
    ...module.functions.map(functionStructure),
  ]);
  const lines = file
    .getFullText()
    .trimEnd()
    .split('\n')
    .flatMap((line) => (/^(export )?function /.test(line) ? wrapped(line) : [line]));
  return `${docComment(commentText(header))}\n\n${lines.join('\n')}\n`;
}

function interfaceStructure({ name, doc, properties }: ModuleTypes): InterfaceDeclarationStructure {
  return {
    kind: StructureKind.Interface,
    name,
    isExported: true,
    docs: docs(doc),
    properties: properties.map((property) => ({
      name: property.name.replace(/^readonly /, ''),
      isReadonly: property.name.startsWith('readonly '),
      type: property.type,
      hasQuestionToken: property.optional,
      docs: docs(property.doc),
    })),
  };
}

/** A function; where it has several forms, readers see the doc at the first. */
function functionStructure(entry: EmittedFunction): FunctionDeclarationStructure {
  const { overloads } = entry;
  const options = entry.parameters.at(-1);
  const plain = entry.parameters.slice(0, -1).map(({ name, type }) => ({ name, type }));
  return {
    kind: StructureKind.Function,
    name: entry.name,
    isExported: entry.exported,
    ...(overloads === undefined && { docs: docs(entry.doc) }),
    parameters: entry.parameters.map(({ name, type, initializer }) => ({
      name: name.replace(/^\.\.\./, ''),
      isRestParameter: name.startsWith('...'),
      type,
      ...(initializer !== undefined && { initializer }),
    })),
    ...(entry.returns !== '' && { returnType: entry.returns }),
    statements: entry.typedBody ?? entry.body,
    ...(overloads !== undefined && {
      overloads: overloads.map((form, i) => ({
        isExported: entry.exported,
        ...(i === 0 && { docs: docs(entry.doc) }),
        parameters: [
          ...plain,
          { name: options!.name, type: form.options, hasQuestionToken: options!.initializer !== undefined },
        ],
        returnType: form.returns,
      })),
    }),
  };
}
