import { isMessage } from '../../grammar/diagnostics/codes.js';
import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { atMostShown } from '../../grammar/diagnostics/shown.js';
import type { LossDecl, SketchDecl, TestDecl } from '../../grammar/tree/ast.js';
import { lowerLoss } from '../lower/lower.js';
import type { LoweredLoss } from '../lower/lowered.js';
import { placeIn } from '../messages/message.js';
import * as nameMessages from '../messages/names.js';
import * as testMessages from '../messages/tests.js';
import { Bindings } from '../resolve/bindings.js';
import { lossesOf, type Program, sketchesOf, testsOf } from '../resolve/program.js';
import { misfitOf, readTestBlock, unevenRowsOf } from '../test-blocks/test-blocks.js';
import { suggestions } from '../words/suggest.js';
import { findCycles } from './cycles.js';
import { checkEffects } from './effects.js';
import { checkFn } from './fn.js';
import { withoutFollowUps } from './follow-ups.js';
import { checkGuards } from './guarded.js';
import type { Memory } from './memory.js';
import { checkSimplexAxes } from './simplex-axis.js';
import { checkSketch } from './sketch.js';

/**
 * Everything that is wrong with a program, and what is worth saying: reading and importing, every `fn` (also those that nothing
 * calls), every loss, sketch and test block. Each mistake once, in the order of the text. Who checks a text after each change gives a memory.
 */
export function checkProgram(program: Program, memory?: Memory): Diagnostic[] {
  const found = withoutFollowUps(deduplicated(findAll(program, memory)), program);
  return atMostShown(inOrder(found, program));
}

function findAll(program: Program, memory: Memory | undefined): Diagnostic[] {
  // Lists are joined without spreading them into arguments: there may be more mistakes than arguments fit on the stack.
  const found: Diagnostic[] = [...program.diagnostics];
  const add = (diagnostics: readonly Diagnostic[]): void => {
    for (const diagnostic of diagnostics) found.push(diagnostic);
  };
  const { module } = program;
  if (module.file.declarations.length === 0 && found.length === 0)
    add([nameMessages.nothingDeclared(placeIn(module.source))]);
  const cycles = findCycles(program);
  add(cycles);
  for (const decl of module.file.declarations) {
    if (decl.kind === 'fn') add(checkFn(decl, module));
  }
  const lowered = new Map<string, LoweredLoss>();
  for (const decl of [...lossesOf(program), ...sketchesOf(program)]) {
    const { loss, diagnostics } = lowerLoss(program, decl);
    // A circle has been reported, where it closes.
    add(diagnostics.filter((one) => !isMessage(one, 'recursion') || cycles.length === 0));
    if (loss !== undefined) {
      // A guard on the logarithm of logits has been told.
      const isSound = isFine(diagnostics) && !diagnostics.some((one) => isMessage(one, 'logarithmOfLogits'));
      const judge = (): Diagnostic[] => judged(program, decl, loss, isSound);
      add(memory === undefined ? judge() : memory.recall(module, decl, judge));
    }
    if (decl.kind === 'sketch') add(checkSketch(program, decl));
    else if (loss !== undefined && !lowered.has(decl.name.name)) lowered.set(decl.name.name, loss);
  }
  for (const test of testsOf(program)) add(checkTest(program, test, lowered));
  add(unusedImports(program));
  return found;
}

/** What is said of a loss as a whole; everything in it has a place in its declaration. */
function judged(
  program: Program,
  decl: LossDecl | SketchDecl,
  loss: LoweredLoss,
  isSound: boolean,
): Diagnostic[] {
  const axes = checkSimplexAxes(program, decl, loss);
  if (decl.kind === 'sketch') return axes;
  const effects = checkEffects(program, decl, loss);
  const guards = isSound && isFine(effects) ? checkGuards(program, decl, loss) : [];
  return [...effects, ...axes, ...guards];
}

/** Whether a loss can be compiled. */
const isFine = (diagnostics: readonly Diagnostic[]): boolean =>
  !diagnostics.some(({ severity }) => severity === 'error');

function checkTest(
  program: Program,
  test: TestDecl,
  lowered: ReadonlyMap<string, LoweredLoss>,
): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const { name } = test.name;
  const { module } = program;
  const place = placeIn(module.source, test.name);
  const target = module.callables.get(name);
  if (target === undefined && module.missing.has(name)) return [];
  if (target?.decl.kind !== 'loss') {
    const losses = [...module.callables].filter(([, { decl }]) => decl.kind === 'loss').map(([key]) => key);
    return [testMessages.testUnknownLoss(place, name, suggestions(name, losses))];
  }
  const loss = lowered.get(name) ?? lowerLoss({ ...program, module: target.module }, target.decl).loss;
  // A loss with errors has been reported.
  if (loss === undefined) return [];
  const block = readTestBlock(module, test, loss, (diagnostic) => diagnostics.push(diagnostic));
  if (block === undefined) return diagnostics;
  const misfit = misfitOf(program, loss, block);
  return [...diagnostics, ...(misfit === undefined ? unevenRowsOf(program, loss, block) : [misfit])];
}

function unusedImports({ module }: Program): Diagnostic[] {
  const { source, file, missing } = module;
  const imported = file.declarations.flatMap((decl) => (decl.kind === 'import' ? decl.names : []));
  if (imported.length === 0) return [];
  const bindings = new Bindings(module);
  const own = new Set<unknown>(imported);
  return imported
    .filter((ident) => !missing.has(ident.name) && bindings.usesOf(ident).every((use) => own.has(use)))
    .map((ident) => nameMessages.unused(placeIn(source, ident), 'the import', ident.name));
}

/** One diagnostic for each code and place: a mistake in an `fn` is found again at every call. */
function deduplicated(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ code, span, source }) => {
    const key = `${code} ${span.start} ${span.end} ${source?.name ?? ''}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The file itself first, then what it imports; in each by place. */
function inOrder(diagnostics: readonly Diagnostic[], program: Program): Diagnostic[] {
  const own = program.module.source.name;
  const files = [own, ...new Set(diagnostics.map(({ source }) => source?.name ?? own))];
  const file = (diagnostic: Diagnostic): number => files.indexOf(diagnostic.source?.name ?? own);
  return [...diagnostics].sort((a, b) => file(a) - file(b) || a.span.start - b.span.start);
}
