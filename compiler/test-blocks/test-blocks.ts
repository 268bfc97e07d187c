import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import type { Entry, TestDecl, Value } from '../../grammar/tree/ast.js';
import type { Located } from '../../grammar/tree/span.js';
import { arrayOf, shapeOf } from '../evaluate/bind.js';
import { BindError, Binding, type NumberArray } from '../evaluate/binding.js';
import { illegalInputs } from '../evaluate/legal.js';
import { demandWholeNumbers } from '../evaluate/whole-numbers.js';
import { Graph } from '../graph/graph.js';
import { LowerExpression } from '../lower/expression.js';
import { ignoresItems } from '../lower/labels.js';
import type { LoweredInput, LoweredLoss, LoweredParameter, ParameterValue } from '../lower/lowered.js';
import { flat } from '../lower/parameter-value.js';
import { Scope } from '../lower/scope.js';
import { SignatureReader } from '../lower/signature.js';
import { type Place, placeIn } from '../messages/message.js';
import * as testMessages from '../messages/tests.js';
import type { Module, Program } from '../resolve/program.js';

type Expectation = Extract<Entry, { kind: 'expect' }>;

/** What a test block compares. */
export interface Comparison {
  readonly entry: Expectation;
  /** Undefined: the value. Otherwise the prediction or parameter whose gradient it is. */
  readonly gradientOf: string | undefined;
  readonly expected: ParameterValue;
}

/** A test block with its constants worked out. */
export interface TestBlock {
  readonly decl: TestDecl;
  readonly inputs: ReadonlyMap<string, ParameterValue>;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  readonly comparisons: readonly Comparison[];
}

/** Reads a test block of a loss: its names, its constants, what it compares. Undefined when there are errors. */
export function readTestBlock(
  module: Module,
  decl: TestDecl,
  loss: LoweredLoss,
  report: (diagnostic: Diagnostic) => void,
): TestBlock | undefined {
  let failed = false;
  const fail = (diagnostic: Diagnostic): void => {
    failed = true;
    report(diagnostic);
  };
  const place = (node: Located): Place => placeIn(module.source, node);
  const read = constantReader(module, loss, fail);
  const inputs = new Map<string, ParameterValue>();
  const parameters = new Map<string, ParameterValue>();
  const comparisons: Comparison[] = [];
  const known = [...loss.inputs, ...loss.parameters].map((item) => item.name);
  for (const entry of decl.entries) {
    if (entry.kind === 'expect') {
      const gradientOf = subjectOf(entry, loss, place, fail);
      const expected = read(entry.value);
      if (expected !== undefined && shapeOf(expected) === undefined)
        fail(testMessages.testMisfit(place(entry.value), 'the expected value has rows of different lengths'));
      else if (gradientOf !== null && expected !== undefined)
        comparisons.push({ entry, gradientOf, expected });
      continue;
    }
    const { name } = entry.name;
    const values = loss.inputs.some((input) => input.name === name) ? inputs : parameters;
    if (!known.includes(name)) fail(testMessages.testUnknownName(place(entry.name), name, known));
    else if (values.has(name)) fail(testMessages.testSetTwice(place(entry.name), name));
    const value = read(entry.value);
    // A value that cannot be read has been reported: it is given all the same.
    values.set(name, value ?? 0);
    const item = [...loss.inputs, ...loss.parameters].find((candidate) => candidate.name === name);
    const outside = value === undefined || item === undefined ? undefined : outsideDomain(value, item);
    if (outside !== undefined) report(testMessages.testOutside(place(entry.value), name, outside));
  }
  for (const input of loss.inputs)
    if (!inputs.has(input.name)) fail(testMessages.testMissing(place(decl.name), input.name));
  for (const parameter of loss.parameters)
    if (parameter.default === undefined && !parameters.has(parameter.name))
      fail(testMessages.testMissingParameter(place(decl.name), parameter.name));
  if (comparisons.length === 0 && !failed) fail(testMessages.testNothing(place(decl.name)));
  return failed ? undefined : { decl, inputs, parameters, comparisons };
}

/** What does not fit of the values of a block: with each other, or with the loss. */
export function misfitOf(program: Program, loss: LoweredLoss, block: TestBlock): Diagnostic | undefined {
  const { source } = program.module;
  const { name, entries } = block.decl;
  const arrays = new Map<string, NumberArray>();
  let reading: string | undefined;
  try {
    for (const [input, value] of block.inputs) {
      reading = input;
      arrays.set(input, arrayOf(value));
    }
    reading = undefined;
    new Binding({ ...loss, ignores: (input) => ignoresItems(loss, input) }, arrays, block.parameters, false);
    demandWholeNumbers({ ...loss, lowered: loss }, arrays, block.parameters);
  } catch (error) {
    if (!(error instanceof BindError)) throw error;
    const subject = error.subject ?? reading;
    const entry = entries.find((candidate) => candidate.kind === 'set' && candidate.name.name === subject);
    const place = placeIn(source, entry?.value, name);
    const reason = reading === undefined ? error.reason : `"${reading}" has ${error.reason}`;
    return testMessages.testMisfit(place, reason);
  }
  return undefined;
}

/** Rows of a block that fits the loss and do not add up to 1, where their domains promise it. */
export function unevenRowsOf(program: Program, loss: LoweredLoss, block: TestBlock): Diagnostic[] {
  const { source } = program.module;
  const arrays = new Map([...block.inputs].map(([name, value]) => [name, arrayOf(value)]));
  const illegal = illegalInputs({ inputs: loss.inputs, lowered: loss, logits: [] }, arrays);
  return illegal.flatMap(({ input, kind, message }) => {
    if (kind !== 'row') return [];
    const entry = block.decl.entries.find(
      (candidate) => candidate.kind === 'set' && candidate.name.name === input,
    );
    return [testMessages.testUneven(placeIn(source, entry?.value, block.decl.name), message)];
  });
}

/** The first number that is outside the domain; labels stand for rows and are not numbers of the domain. */
function outsideDomain(value: ParameterValue, item: LoweredInput | LoweredParameter): number | undefined {
  const { lo, hi, nonzero } = item.node.range;
  if ('labelAxis' in item && item.labelAxis !== undefined && flat(value).every(Number.isInteger))
    return undefined;
  return flat(value).find((x) => x < lo || x > hi || (nonzero && x === 0));
}

/** The name whose gradient is compared, undefined for the value, null after a diagnostic. */
function subjectOf(
  entry: Expectation,
  loss: LoweredLoss,
  place: (node: Located) => Place,
  fail: (diagnostic: Diagnostic) => void,
): string | undefined | null {
  const subject = entry.subject.name;
  const refuse = (diagnostic: Diagnostic): null => {
    fail(diagnostic);
    return null;
  };
  if (subject === 'value' && entry.of === undefined) return undefined;
  if (subject !== 'gradient') return refuse(testMessages.testSubject(place(entry.subject), subject));
  const predictions = loss.inputs.filter((input) => !input.data).map((input) => input.name);
  const names = [...predictions, ...loss.parameters.map((parameter) => parameter.name)];
  if (entry.of === undefined) {
    if (predictions.length === 1) return predictions[0]!;
    return refuse(testMessages.testAmbiguous(place(entry.subject), predictions));
  }
  const { name } = entry.of;
  if (names.includes(name)) return name;
  return refuse(testMessages.testNoGradient(place(entry.of), name, names));
}

/** Reads constants: numbers, constant expressions, nested lists. */
function constantReader(
  module: Module,
  loss: LoweredLoss,
  report: (diagnostic: Diagnostic) => void,
): (value: Value) => ParameterValue | undefined {
  const graph = new Graph();
  const target = module.callables.get(loss.name)!.decl;
  const scope = new Scope(graph, module, target, []);
  const reader = new SignatureReader(graph, scope, new LowerExpression(graph, report, undefined));
  return (value) => reader.value(value);
}
