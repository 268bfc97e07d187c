import { basename, join } from 'node:path';
import { Option } from 'commander';
import { type CompiledLoss, compileLoss, type PassName } from '../../compiler/compile.js';
import { formulaOf } from '../../compiler/emit/formula.js';
import { emitTarget, TARGETS, type Target } from '../../compiler/emit/targets.js';
import type { Node } from '../../compiler/graph/graph.js';
import type { GuardPolicy } from '../../compiler/guard.js';
import { lossesOf, type Program } from '../../compiler/lower/program.js';
import type { LossDecl } from '../../grammar/ast.js';
import { printExpr } from '../../grammar/print.js';
import { print, printError, printJson } from '../terminal.js';
import { packageVersion } from '../version.js';
import { writeFilesSafely } from '../write-file.js';
import { type Define, UsageError } from './command.js';
import { chooseLoss, openChecked } from './load.js';

interface CompileCommandOptions {
  readonly out: string;
  readonly loss?: string;
  readonly fromLogits?: boolean;
  readonly guards: GuardPolicy;
  readonly target: Target;
  readonly js?: boolean;
  readonly printPasses?: boolean;
  readonly json?: boolean;
}

/** `lossc compile FILE…`: every loss, or the one named, to a module. */
export const define: Define = (command) => {
  command
    .argument('<file...>', '.loss files, std/NAME for a standard loss')
    .option('--out <dir>', 'folder for the modules', '.')
    .option('--loss <name>', 'only this loss')
    .option('--from-logits', 'take predictions before softmax or sigmoid')
    .addOption(
      new Option('--guards <policy>', 'what is done where legal inputs can leave a domain')
        .choices(['protected', 'clamp', 'none'])
        .default('protected'),
    )
    .addOption(new Option('--target <target>', 'what to write').choices([...TARGETS]).default('ts'))
    .option('--js', 'the same as --target js: JavaScript with a .d.ts')
    .option('--print-passes', 'print the loss after each pass of the compiler')
    .option('--json', 'print what was written as JSON')
    .action(async (files: string[], options: CompileCommandOptions) => {
      const made: Made[] = [];
      for (const file of files) made.push(...(await compileFile(file, options)));
      refuseDoubles(made);
      // Nothing is written before all of it is there.
      writeFilesSafely(made.map(({ file, text }) => [file, text]));
      const written = made.map(({ loss, file }) => ({ loss, file }));
      if (options.json) printJson({ written });
      else for (const { loss, file } of written) print(`${loss} -> ${file}`);
    });
};

/** A file to be written. */
interface Made {
  readonly loss: string;
  readonly file: string;
  readonly text: string;
}

/** Two losses of one name would be one file. */
function refuseDoubles(made: readonly Made[]): void {
  const double = made.find(({ file }, i) => made.findIndex((other) => other.file === file) < i);
  if (double === undefined) return;
  throw new UsageError(`two losses are called "${double.loss}", and both would be ${double.file}`);
}

async function compileFile(file: string, options: CompileCommandOptions): Promise<Made[]> {
  const program = openChecked(file);
  const chosen = options.loss === undefined ? lossesOf(program) : [chooseLoss(program, options.loss)];
  if (chosen.length === 0) throw new UsageError(`${file} has no loss to compile`);
  const made: Made[] = [];
  for (const decl of chosen) made.push(...(await compileOne(program, decl, options)));
  return made;
}

async function compileOne(program: Program, decl: LossDecl, options: CompileCommandOptions): Promise<Made[]> {
  const compiled = compileShowing(program, decl, options);
  if (options.fromLogits && compiled.logits.length === 0) {
    printError(`${compiled.name} has no prediction on probability or unit: --from-logits changes nothing`);
  }
  const target = options.js ? 'js' : options.target;
  const header = { version: packageVersion(), file: basename(program.module.source.name) };
  const files = await emitTarget(target, compiled, header);
  return files.map(({ fileName, text }) => ({
    loss: compiled.name,
    file: join(options.out, fileName),
    text,
  }));
}

/** Compiles, and shows what each pass made when asked to. */
function compileShowing(program: Program, decl: LossDecl, options: CompileCommandOptions): CompiledLoss {
  const seen: { readonly pass: PassName; readonly roots: readonly Node[] }[] = [];
  const compiled = compileLoss(program, decl, {
    fromLogits: options.fromLogits ?? false,
    guards: options.guards,
    onPass: (pass, roots) => seen.push({ pass, roots }),
  });
  if (options.printPasses) for (const { pass, roots } of seen) printPass(compiled, pass, roots);
  return compiled;
}

/** The value after a pass, and the gradients once there are any. On stderr, so that --json stays clean. */
function printPass(compiled: CompiledLoss, pass: PassName, roots: readonly Node[]): void {
  const withValue = pass !== 'differentiate';
  const names = [
    ...(withValue ? ['value'] : []),
    ...[...compiled.gradients.keys()].map((name) => `d/d${name}`),
  ];
  printError(`== ${pass}`);
  for (const [i, root] of roots.entries()) {
    const body = formulaOf(compiled.lowered.graph, root);
    printError(`${names[i]}:`);
    for (const definition of body.lets)
      printError(`  let ${definition.name.name} = ${printExpr(definition.value)}`);
    printError(`  ${printExpr(body.result)}`);
  }
}
