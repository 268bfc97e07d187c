import { compileLoss } from '../../compiler/compile.js';
import { explainLoss } from '../../compiler/explain/explain.js';
import { printGradient } from '../../compiler/explain/text/gradient.js';
import { printExplanation } from '../../compiler/explain/text/print.js';
import { printSummary } from '../../compiler/explain/text/summary.js';
import { lossesOf, type Program, testsOf } from '../../compiler/resolve/program.js';
import { runTests } from '../../compiler/test-blocks/run-tests.js';
import { formatDiagnostic } from '../../grammar/diagnostics/diagnostic.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import { PlotError, plotLosses } from '../charts/plot.js';
import type { OpenDocument } from './documents.js';

export const COMMANDS = ['lossc.test', 'lossc.explain', 'lossc.plot', 'lossc.gradient'] as const;
export type CommandName = (typeof COMMANDS)[number];

/** What a command has to say: a text, or a picture in SVG. */
export interface Answer {
  readonly text: string;
  /** All that there is to say, where the text is a summary. */
  readonly full?: string;
  readonly isPicture?: boolean;
  readonly failed?: boolean;
}

/** The answer to a command about a loss of a document, or about its tests, or one of them. */
const ANSWERS: {
  readonly [K in CommandName]: (
    program: Program,
    name: string | undefined,
    index: number | undefined,
  ) => Answer;
} = {
  'lossc.test': testAnswer,
  'lossc.explain': (program, name) =>
    withLoss(program, name, (decl) => {
      const explanation = explainLoss(program, decl);
      return { text: printSummary(explanation), full: printExplanation(explanation) };
    }),
  'lossc.plot': (program, name) => withLoss(program, name, (decl) => plotAnswer(program, decl)),
  'lossc.gradient': (program, name) =>
    withLoss(program, name, (decl) => ({ text: printGradient(compileLoss(program, decl)) })),
};

/** Runs a command of the server; undefined where it is none, or not about an open document. */
export function execute(
  command: string,
  [, name, index]: readonly unknown[],
  document: OpenDocument,
): Answer | undefined {
  const known = COMMANDS.find((one) => one === command);
  if (known === undefined) return undefined;
  const { program, source, errors } = document.reading;
  if (errors.length > 0)
    return { text: errors.map((one) => formatDiagnostic(one, source)).join('\n\n'), failed: true };
  return ANSWERS[known](
    program,
    typeof name === 'string' ? name : undefined,
    typeof index === 'number' ? index : undefined,
  );
}

function withLoss(program: Program, name: string | undefined, answer: (decl: LossDecl) => Answer): Answer {
  const losses = lossesOf(program);
  const decl = name === undefined ? losses[0] : losses.find((one) => one.name.name === name);
  const asked = name === undefined ? 'no loss' : `no loss "${name}"`;
  return decl === undefined
    ? { text: `there is ${asked} in ${program.module.source.name}`, failed: true }
    : answer(decl);
}

function plotAnswer(program: Program, decl: LossDecl): Answer {
  try {
    return { text: plotLosses([{ program, decl }]), isPicture: true };
  } catch (error) {
    if (error instanceof PlotError) return { text: error.message, failed: true };
    throw error;
  }
}

function testAnswer(program: Program, name: string | undefined, index: number | undefined): Answer {
  const { module } = program;
  const tests = testsOf(program).filter(
    (test, i) => (name === undefined || test.name.name === name) && (index === undefined || i === index),
  );
  const outcomes = runTests({ ...program, module: { ...module, file: { declarations: tests } } });
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  const failed = outcomes.filter((outcome) => outcome.failures.length > 0).length;
  const texts = failures.map((one) => formatDiagnostic(one, module.source));
  return {
    text: [...texts, `${outcomes.length - failed} passed, ${failed} failed`].join('\n\n'),
    failed: failed > 0,
  };
}
