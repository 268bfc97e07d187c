import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { meantAt, message, type Place, quoted } from './message.js';

/** Diagnostics of test blocks: L40x. */

export const testUnknownLoss = (p: Place, name: string, close: readonly string[]): Diagnostic =>
  message('testUnknownLoss', p, `there is no loss "${name}" in this file to test`, meantAt(p, close));
/** What a test compares, by the words that other tests have for it. */
const COMPARED: ReadonlyMap<string, string> = new Map([
  ...['value', 'loss', 'output', 'expected', 'expect', 'result', 'y'].map((word) => [word, 'value'] as const),
  ...['gradient', 'grad', 'gradients'].map((word) => [word, 'gradient'] as const),
]);
export const testUnknownName = (p: Place, name: string, known: readonly string[]): Diagnostic => {
  const compared = COMPARED.get(name);
  return compared === undefined
    ? message('testUnknownName', p, `the loss has no input or parameter "${name}"`, `it has ${quoted(known)}`)
    : message(
        'testUnknownName',
        p,
        `\`=\` sets an input or a parameter, and the loss has none called "${name}"`,
        `to compare, write \`${compared} ~ …\``,
      );
};
export const testSubject = (p: Place, subject: string): Diagnostic =>
  message('testSubject', p, `"${subject}" cannot be compared`, 'write `value ~ …` or `gradient NAME ~ …`');
export const testMissing = (p: Place, name: string): Diagnostic =>
  message('testMissing', p, `the test sets no value for the input "${name}"`);
export const testNothing = (p: Place): Diagnostic =>
  message('testNothing', p, 'the test compares nothing', 'add `value ~ …`');
export const testAmbiguous = (p: Place, known: readonly string[]): Diagnostic =>
  message(
    'testAmbiguous',
    p,
    'which gradient? The loss has several predictions',
    `write gradient NAME, with one of ${quoted(known)}`,
  );
export const testSetTwice = (p: Place, name: string): Diagnostic =>
  message('testSetTwice', p, `"${name}" is given twice`);
export const testMissingParameter = (p: Place, name: string): Diagnostic =>
  message(
    'testMissingParameter',
    p,
    `the test sets no value for the parameter "${name}", which has no default`,
  );
export const testNoGradient = (p: Place, name: string, known: readonly string[]): Diagnostic =>
  message(
    'testNoGradient',
    p,
    `there is no gradient with respect to "${name}"`,
    `there is one with respect to ${quoted(known)}`,
  );
export const testMisfit = (p: Place, reason: string): Diagnostic => message('testMisfit', p, reason);
export const testOutside = (p: Place, name: string, value: number): Diagnostic =>
  message('testOutside', p, `${value} is outside the domain of "${name}"`);
/** `problem` names the input, its domain, and the row. */
export const testUneven = (p: Place, problem: string): Diagnostic =>
  message('testUneven', p, problem, 'divide the row by its sum');
export const testFailed = (p: Place, problem: string, form: string): Diagnostic =>
  message('testFailed', p, form === 'as written' ? problem : `${form}: ${problem}`);
