import type { CodeRow } from './row.js';

/** L4xx: tests and sketches. */
export const TEST_CODES = {
  testUnknownLoss: {
    code: 'L401',
    title: 'a test of a loss that does not exist',
    help: 'correct its name',
    see: 'tests',
  },
  testUnknownName: {
    code: 'L402',
    title: 'a name that the loss does not have',
    help: 'give its inputs and parameters alone; to compare write `value ~ …`',
    see: 'tests',
  },
  testSetTwice: {
    code: 'L420',
    title: 'an input or a parameter that a test gives twice',
    help: 'leave one of them out',
    see: 'tests',
  },
  testSubject: {
    code: 'L403',
    title: 'something that is neither `value` nor `gradient`',
    help: 'write `value ~ …` or `gradient NAME ~ …`',
    see: 'tests',
  },
  testMissing: {
    code: 'L404',
    title: 'an input that the test does not give',
    help: 'give each input',
    see: 'tests',
  },
  testMissingParameter: {
    code: 'L421',
    title: 'a parameter without a default that the test does not give',
    help: 'give it, or give it a default',
    see: 'tests',
  },
  testNothing: { code: 'L405', title: 'a test that compares nothing', help: 'add `value ~ …`', see: 'tests' },
  testNoGradient: {
    code: 'L406',
    title: 'a gradient of something that has none',
    help: 'name a prediction',
    see: 'tests',
  },
  testAmbiguous: {
    code: 'L422',
    title: 'a gradient of which of several',
    help: 'write `gradient NAME`',
    see: 'tests',
  },
  testMisfit: {
    code: 'L407',
    title: 'values that do not fit each other or the loss',
    help: 'write lists as long as the axes, and as many items in each input',
    see: 'tests',
  },
  testOutside: {
    code: 'L408',
    severity: 'warning',
    title: 'a value outside its domain',
    help: 'write one inside, or declare a wider domain',
    see: 'domains',
  },
  testUneven: {
    code: 'L423',
    severity: 'warning',
    title: 'a row that does not add up to 1',
    help: 'divide the row by its sum',
    see: 'domains',
  },
  testFailed: {
    code: 'L409',
    title: 'a test that fails',
    help: 'mend the loss, or the value that was expected',
    see: 'tests',
  },
  sketchWithoutHole: {
    code: 'L411',
    title: 'a sketch without a hole',
    help: 'write `?` where an expression is to be found',
    see: 'sketches',
  },
  sketchOperator: {
    code: 'L412',
    title: 'an operator that a sketch cannot have',
    help: 'use `+ - * / ^`, an element-by-element function or an `fn`',
    see: 'sketches',
  },
  sketchLeaf: {
    code: 'L413',
    title: 'a leaf that a sketch cannot have',
    help: 'name an input, a parameter, a number or a domain of constants',
    see: 'sketches',
  },
  leafBounds: {
    code: 'L414',
    title: 'bounds that a leaf lacks or does not take',
    help: 'only `between` takes bounds: `between(-1, 1)`',
    see: 'sketches',
  },
} as const satisfies Readonly<Record<string, CodeRow>>;
