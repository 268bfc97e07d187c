/** The type checker, kept warm: a mutant that does not compile needs no test. */
import { join } from 'node:path';
import { DiagnosticCategory, Project, type SourceFile } from 'ts-morph';

export class Types {
  readonly #root: string;
  readonly #project: Project;

  constructor(root: string) {
    this.#root = root;
    this.#project = new Project({
      tsConfigFilePath: join(root, 'tsconfig.json'),
      skipAddingFilesFromTsConfig: true,
      // What is not used any more is no mistake of the program.
      compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
    });
    for (const folder of ['grammar', 'compiler', 'src'])
      this.#project.addSourceFilesAtPaths(join(root, folder, '**/*.ts'));
  }

  /** The first error of a file with another text that it does not have as it is, or nothing. */
  error(file: string, text: string): string | undefined {
    const source = this.#project.getSourceFileOrThrow(join(this.#root, file));
    const original = source.getFullText();
    source.replaceWithText(text);
    const found = this.#errors(source);
    source.replaceWithText(original);
    if (found.length === 0) return undefined;
    const known = new Set(this.#errors(source));
    return found.find((message) => !known.has(message));
  }

  #errors(source: SourceFile): readonly string[] {
    const program = this.#project.getProgram();
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      .filter((diagnostic) => diagnostic.getCategory() === DiagnosticCategory.Error)
      .map((diagnostic) => {
        const message = diagnostic.getMessageText();
        return typeof message === 'string' ? message : message.getMessageText();
      });
  }
}
