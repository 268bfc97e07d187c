/** Programs, as the public API gives them. */
import { checkProgram as check } from '../../compiler/check/check.js';
import * as programs from '../../compiler/resolve/program.js';
import { runTests as run, type TestOutcome } from '../../compiler/test-blocks/run-tests.js';
import type { Diagnostic, Source } from '../../grammar/diagnostics/diagnostic.js';
import type { LossDecl, SketchDecl } from '../../grammar/tree/ast.js';
import { demand, optional } from './demand.js';
import { PROGRAM, RESOLVER, SOURCE } from './kinds.js';

/**
 * Parses a file and, through the resolver, everything it imports; without one there are no imports. Never throws for what the
 * text says.
 */
export function loadProgram(source: Source, resolve?: programs.ImportResolver): programs.Program {
  demand('loadProgram', [
    ['source', source, SOURCE],
    ['resolve', resolve, optional(RESOLVER)],
  ]);
  return programs.loadProgram(source, resolve);
}

/** The losses that the file of a program declares, in their order; not those that it imports. */
export function lossesOf(program: programs.Program): LossDecl[] {
  demand('lossesOf', [['program', program, PROGRAM]]);
  return programs.lossesOf(program);
}

/** The sketches that the file of a program declares, in their order; not those that it imports. */
export function sketchesOf(program: programs.Program): SketchDecl[] {
  demand('sketchesOf', [['program', program, PROGRAM]]);
  return programs.sketchesOf(program);
}

/** All mistakes of a program, in their order. */
export function checkProgram(program: programs.Program): Diagnostic[] {
  demand('checkProgram', [['program', program, PROGRAM]]);
  return check(program);
}

/** Runs the test blocks of a program. */
export function runTests(program: programs.Program): TestOutcome[] {
  demand('runTests', [['program', program, PROGRAM]]);
  return run(program);
}
