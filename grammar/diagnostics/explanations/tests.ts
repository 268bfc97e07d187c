import type { TEST_CODES } from '../codes/tests.js';
import type { Explanation } from './explanation.js';

export const TEST_EXPLANATIONS: { readonly [K in keyof typeof TEST_CODES]: Explanation } = {
  testUnknownLoss: { title: 'a test of a loss that does not exist', help: 'correct its name', see: 'tests' },
  testUnknownName: {
    title: 'a name that the loss does not have',
    help: 'set only its inputs and parameters; to compare, write `value ~ …`',
    see: 'tests',
  },
  testSetTwice: {
    title: 'an input or a parameter that a test sets twice',
    help: 'leave one of them out',
    see: 'tests',
  },
  testSubject: {
    title: 'something that is neither `value` nor `gradient`',
    help: 'write `value ~ …` or `gradient NAME ~ …`',
    see: 'tests',
  },
  testMissing: { title: 'an input that the test does not set', help: 'set each input', see: 'tests' },
  testMissingParameter: {
    title: 'a parameter without a default that the test does not set',
    help: 'set it, or give it a default',
    see: 'tests',
  },
  testNothing: { title: 'a test that compares nothing', help: 'add `value ~ …`', see: 'tests' },
  testNoGradient: {
    title: 'a gradient with respect to something that has none',
    help: 'name a prediction',
    see: 'tests',
  },
  testAmbiguous: {
    title: 'a gradient without a name, where there are several predictions',
    help: 'write `gradient NAME`',
    see: 'tests',
  },
  testMisfit: {
    title: 'values whose shapes do not match',
    help: 'write lists as long as the axes, and as many items in each input',
    see: 'tests',
  },
  testOutside: {
    title: 'a value outside its domain',
    help: 'write one inside, or declare a wider domain',
    see: 'domains',
  },
  testUneven: { title: 'a row that does not sum to 1', help: 'divide the row by its sum', see: 'domains' },
  testFailed: { title: 'a test that fails', help: 'fix the loss, or the expected value', see: 'tests' },
  sketchWithoutHole: {
    title: 'a sketch without a hole',
    help: 'write `?` where an expression is to be searched for',
    see: 'sketches',
  },
  sketchOperator: {
    title: 'an operator that a sketch cannot have',
    help: 'use `+ - * / ^`, an element-by-element function or an `fn`',
    see: 'sketches',
  },
  sketchLeaf: {
    title: 'a leaf that a sketch cannot have',
    help: 'name an input, a parameter, a number or a domain of constants',
    see: 'sketches',
  },
  leafBounds: {
    title: 'bounds that a leaf needs or does not take',
    help: 'only `between` takes bounds: `between(-1, 1)`',
    see: 'sketches',
  },
};
