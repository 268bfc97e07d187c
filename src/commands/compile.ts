import { basename, join } from 'node:path';
import { type CompiledLoss, compileLoss, type PassName } from '../../compiler/compile.js';
import { emitTarget, TARGETS, type Target } from '../../compiler/emit/targets.js';
import type { ModuleKernel } from '../../compiler/emit/tfjs/module-kernel.js';
import type { Node } from '../../compiler/graph/graph.js';
import type { GuardPolicy } from '../../compiler/guard/guard.js';
import { formulaOf } from '../../compiler/raise/formula.js';
import { lossesOf, type Program } from '../../compiler/resolve/program.js';
import { printExpr } from '../../grammar/print/print.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import { UsageError } from '../errors.js';
import { writeFilesSafely } from '../files.js';
import { print, printError, printJson } from '../terminal.js';
import { packageVersion } from '../version.js';
import type { Define } from './command.js';
import { withParameters } from './given-parameters.js';
import { chooseLoss, type LossOfProgram, namedLoss, noneOf, openChecked } from './load.js';
import { addOptions, PARAMETER_ROW, type Rows } from './option-table.js';
import { LOGITS_ROW, requireLogits } from './shape-options.js';

interface CompileCommandOptions {
  readonly out: string;
  readonly loss?: string;
  readonly param: readonly string[];
  readonly fromLogits?: boolean;
  readonly guards: GuardPolicy;
  readonly target: Target;
  readonly js?: boolean;
  readonly kernel?: boolean;
  readonly printPasses?: boolean;
  readonly json?: boolean;
}

const ROWS: Rows<CompileCommandOptions> = {
  out: {
    flags: '--out <dir>',
    says: 'folder for the modules; - prints to standard output if there is only one text file',
    byDefault: '.',
  },
  loss: { flags: '--loss <name>', says: 'only this loss' },
  param: { ...PARAMETER_ROW.param, says: 'default of a parameter in the compiled code (repeat for each)' },
  ...LOGITS_ROW,
  guards: {
    flags: '--guards <policy>',
    says: 'what to do where legal inputs can leave the domain of an operation',
    choices: ['protected', 'clamp', 'none'],
    byDefault: 'protected',
  },
  target: { flags: '--target <target>', says: 'what to generate', choices: TARGETS, byDefault: 'ts' },
  js: {
    flags: '--js',
    says: 'short for --target js: JavaScript with a .d.ts file',
    unusable: ({ given, values }) =>
      given.has('target') && values['target'] !== 'js'
        ? `contradicts --target ${values['target']}`
        : undefined,
  },
  kernel: {
    flags: '--kernel',
    says: 'include a WebAssembly kernel, for training on the wasm backend',
    unusable: ({ given, values }) =>
      given.has('target') && values['target'] !== 'js' && values['target'] !== 'ts'
        ? `is for TensorFlow.js: it does not apply to --target ${values['target']}`
        : undefined,
  },
  printPasses: { flags: '--print-passes', says: 'print the loss after each pass of the compiler' },
  json: { flags: '--json', says: 'print JSON' },
};

/** `lossc compile FILE…`: every loss, or the one named, to a module. */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .argument('<file...>', '.loss files or FILE:NAME, std/NAME for a standard loss')
    .action(async (files: string[], options: CompileCommandOptions) => {
      // Nothing is written before all is compiled: a mistake in the last file leaves no half of the rest.
      const losses = withParameters(
        files.flatMap((file) => chosenLosses(file, options)),
        options.param,
      );
      const compiled = losses.map((loss) => compileOne(loss, options));
      requireLogits(
        compiled.map(({ loss }) => loss),
        options.fromLogits,
      );
      const emitted: Emitted[] = [];
      for (const one of compiled) emitted.push(...(await emit(one, options)));
      refuseDoubles(emitted);
      if (options.out === STDOUT) {
        print(onlyText(emitted, options).trimEnd());
        return;
      }
      writeFilesSafely(emitted.map(({ file, content }) => [file, content]));
      const written = emitted.map(({ loss, file }) => ({ loss, file }));
      if (options.json) printJson({ written });
      else for (const { loss, file } of written) print(`${loss} -> ${file}`);
    });
};

interface Compiled {
  readonly loss: CompiledLoss;
  /** The same for its plain mean, if it is to have a kernel. */
  readonly plain: CompiledLoss | undefined;
  /** Name of the file that it was read from. */
  readonly source: string;
}

interface Emitted {
  readonly loss: string;
  readonly file: string;
  readonly content: string | Uint8Array;
}

/** In the place of a folder. */
const STDOUT = '-';

/** The text of the only file: two texts after each other are no module, and bytes are nothing for a terminal. */
function onlyText(made: readonly Emitted[], { json }: CompileCommandOptions): string {
  if (json) throw new UsageError('--out - prints the module, and --json prints JSON: use one of them');
  const [first] = made;
  if (made.length > 1 || typeof first!.content !== 'string')
    throw new UsageError(
      `--out - prints one text file, and there are ${made.length} files: ${made.map(({ file }) => basename(file)).join(', ')}`,
      'name one loss and a target with a single text file, or give a folder',
    );
  return first!.content;
}

/** Two losses of one name would be one file. */
function refuseDoubles(made: readonly Emitted[]): void {
  const double = made.find(({ file }, i) => made.findIndex((other) => other.file === file) < i);
  if (double === undefined) return;
  throw new UsageError(`two losses are called "${double.loss}", and both would be ${double.file}`);
}

function chosenLosses(entry: string, options: CompileCommandOptions): LossOfProgram[] {
  const { path, name } = namedLoss(entry, options.loss);
  const program = openChecked(path);
  const chosen = name === undefined ? lossesOf(program) : [chooseLoss(program, name)];
  if (chosen.length === 0) throw noneOf('loss', program);
  return chosen.map((decl) => ({ program, decl }));
}

const compileOne = ({ program, decl }: LossOfProgram, options: CompileCommandOptions): Compiled => ({
  loss: compileShowing(program, decl, options),
  plain: options.kernel
    ? compileLoss(program, decl, {
        fromLogits: options.fromLogits ?? false,
        guards: options.guards,
        plainMean: true,
      })
    : undefined,
  source: basename(program.module.source.name),
});

/** Throws for a loss that has none: a module without it would be as slow as before. */
async function kernelOf(plain: CompiledLoss): Promise<ModuleKernel> {
  const { moduleKernel } = await import('../../compiler/emit/simd/module-kernel.js');
  const kernel = moduleKernel(plain);
  if (kernel !== undefined) return kernel;
  throw new UsageError(
    `${plain.name} cannot have a kernel: a kernel needs one target and one prediction, independent items with at most one more axis, and no special functions such as lgamma`,
    'leave out --kernel',
  );
}

async function emit({ loss, plain, source }: Compiled, options: CompileCommandOptions): Promise<Emitted[]> {
  const target = options.js ? 'js' : options.target;
  const kernel = plain === undefined ? undefined : await kernelOf(plain);
  const files = await emitTarget(target, loss, { version: packageVersion(), file: source }, kernel);
  return files.map((file) => ({
    loss: loss.name,
    file: join(options.out, file.fileName),
    content: 'text' in file ? file.text : file.bytes,
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
