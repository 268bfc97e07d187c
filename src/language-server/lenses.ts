import type { CodeLens } from 'vscode-languageserver';
import { testsOf } from '../../compiler/resolve/program.js';
import { spanOf } from '../../grammar/tree/span.js';
import type { CommandName } from './commands.js';
import type { OpenDocument } from './documents.js';
import { rangeIn } from './view.js';

/** What can be done with the losses and tests of a document, above each of them. */
export function lensesOf({ uri, text, reading: { file, program } }: OpenDocument): CodeLens[] {
  const lens = (
    decl: { readonly name: object },
    title: string,
    command: CommandName,
    ...rest: unknown[]
  ) => ({
    range: rangeIn(text, spanOf(decl.name)),
    command: { title, command, arguments: [uri, ...rest] },
  });
  const tests = testsOf(program);
  return file.declarations.flatMap((decl): CodeLens[] => {
    const { kind } = decl;
    if (kind === 'test') return [lens(decl, 'run test', 'lossc.test', decl.name.name, tests.indexOf(decl))];
    if (kind !== 'loss') return [];
    const { name } = decl.name;
    const count = tests.filter((test) => test.name.name === name).length;
    return [
      ...(count === 0
        ? []
        : [lens(decl, count === 1 ? 'run test' : `run ${count} tests`, 'lossc.test', name)]),
      lens(decl, 'explain', 'lossc.explain', name),
      lens(decl, 'plot', 'lossc.plot', name),
    ];
  });
}
