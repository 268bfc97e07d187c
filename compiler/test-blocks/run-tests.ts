import type { Diagnostic, Source } from '../../grammar/diagnostics/diagnostic.js';
import type { TestDecl } from '../../grammar/tree/ast.js';
import { compileLowered } from '../compile.js';
import { type Evaluated, evaluateLoss } from '../evaluate/bind.js';
import type { NumberArray } from '../evaluate/binding.js';
import { lowerLoss } from '../lower/lower.js';
import type { LoweredLoss } from '../lower/lowered.js';
import { placeIn } from '../messages/message.js';
import * as testMessages from '../messages/tests.js';
import { type Program, testsOf } from '../resolve/program.js';
import { suggestions } from '../words/suggest.js';
import { type Comparison, misfitOf, readTestBlock, type TestBlock } from './test-blocks.js';
import { type FormName, formsOf, type TestForm } from './test-forms.js';

/** One test block in one form. */
export interface TestOutcome {
  /** The loss under test. */
  readonly loss: string;
  /** How the values were given: as in the file, from logits, with labels in place of one-hot rows or the reverse. */
  readonly form: FormName;
  /** Empty when everything is as expected. */
  readonly failures: readonly Diagnostic[];
}

/** |a - b| may be this, times |b| where that is larger than 1. */
const TOLERANCE = 1e-6;

/**
 * Runs the test blocks of a program's own file on the reference interpreter, with the guards of emitted code: as written, from
 * logits where the predictions have logits, and with labels where the targets are one-hot.
 */
export function runTests(program: Program): TestOutcome[] {
  return testsOf(program).flatMap((test) => runBlock(program, test));
}

function runBlock(program: Program, test: TestDecl): TestOutcome[] {
  const { module } = program;
  const { name } = test.name;
  const place = placeIn(module.source, test.name);
  const failed = (failures: readonly Diagnostic[]): TestOutcome[] => [
    { loss: name, form: 'as written', failures },
  ];
  const target = module.callables.get(name);
  if (target?.decl.kind !== 'loss') {
    const losses = [...module.callables].filter(([, { decl }]) => decl.kind === 'loss').map(([key]) => key);
    return failed([testMessages.testUnknownLoss(place, name, suggestions(name, losses))]);
  }
  const { loss, diagnostics } = lowerLoss({ ...program, module: target.module }, target.decl);
  if (loss === undefined) return failed(onlyErrors(diagnostics));
  const found: Diagnostic[] = [];
  const block = readTestBlock(module, test, loss, (diagnostic) => found.push(diagnostic));
  if (block === undefined) return failed(onlyErrors(found));
  const misfit = misfitOf(program, loss, block);
  if (misfit !== undefined) return failed([misfit]);
  const failing = new Set<Comparison>();
  return formsOf(loss, block).flatMap((form) => {
    // What has failed is not compared again: the forms mean the same.
    const comparisons = block.comparisons.filter((comparison) => !failing.has(comparison));
    if (comparisons.length === 0) return [];
    const failures = runForm(loss, { ...block, comparisons }, form, module.source, failing);
    return [{ loss: name, form: form.name, failures }];
  });
}

const onlyErrors = (diagnostics: readonly Diagnostic[]): Diagnostic[] =>
  diagnostics.filter(({ severity }) => severity === 'error');

/** Evaluates the loss on the values of one form and compares. What fails is added to `failing`. */
function runForm(
  loss: LoweredLoss,
  block: TestBlock,
  form: TestForm,
  source: Source,
  failing: Set<Comparison>,
): Diagnostic[] {
  const compiled = compileLowered(loss, { fromLogits: form.fromLogits });
  const result = evaluateLoss(compiled, form.inputs, block.parameters, 'mean', { strict: false });
  return block.comparisons.flatMap((comparison) => {
    const problem = difference(comparison, form.expected(comparison), result, block);
    const place = placeIn(source, comparison.entry.value, comparison.entry);
    if (problem === undefined) return [];
    failing.add(comparison);
    return [testMessages.testFailed(place, problem, form.name)];
  });
}

/** What is not as expected, in words; undefined when everything is. */
function difference(
  comparison: Comparison,
  expected: NumberArray,
  result: Evaluated,
  block: TestBlock,
): string | undefined {
  const { gradientOf } = comparison;
  const subject = gradientOf === undefined ? 'value' : `gradient ${gradientOf}`;
  const actual = actualOf(comparison, expected, result);
  const given = gradientOf === undefined ? undefined : block.inputs.get(gradientOf);
  // Axes that are one in the loss (`pixel...`) are several in the test.
  const shape = given === undefined || typeof given === 'number' ? actual.shape : expected.shape;
  if (expected.shape.join() !== shape.join() || expected.data.length !== actual.data.length)
    return `${subject} has the shape [${actual.shape.join(', ')}], expected [${expected.shape.join(', ')}]`;
  const wrong = [...expected.data.keys()].filter((k) => !isClose(actual.data[k]!, expected.data[k]!));
  const [first] = wrong;
  if (first === undefined) return undefined;
  const [is, wanted] = [actual.data[first]!, expected.data[first]!];
  const where = `${subject}${indexText(first, expected.shape)}`;
  const more = wrong.length > 1 ? `, and ${wrong.length - 1} more of ${expected.data.length} differ` : '';
  const off = Number.isFinite(is) ? ` (off by ${rounded(Math.abs(is - wanted), 3)})` : '';
  return `${where} is ${rounded(is, 10)}, expected ${rounded(wanted, 10)}${off}${more}`;
}

function actualOf(comparison: Comparison, expected: NumberArray, result: Evaluated): NumberArray {
  if (comparison.gradientOf !== undefined) return result.gradient.get(comparison.gradientOf)!;
  if (expected.shape.length > 0) return result.items;
  return { shape: [], data: Float64Array.of(result.value as number) };
}

const isClose = (a: number, b: number): boolean =>
  a === b || Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(b));

const rounded = (x: number, digits: number): string => String(Number(x.toPrecision(digits)));

/** `[1][0]` for a position in an array of this shape. */
function indexText(position: number, shape: readonly number[]): string {
  let left = position;
  return shape
    .toReversed()
    .map((size) => {
      const index = left % size;
      left = Math.floor(left / size);
      return `[${index}]`;
    })
    .reverse()
    .join('');
}
