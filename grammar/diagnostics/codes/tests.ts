import type { CodeRow } from './row.js';

/** L4xx: tests and sketches. */
export const TEST_CODES = {
  testUnknownLoss: { code: 'L401' },
  testUnknownName: { code: 'L402' },
  testSetTwice: { code: 'L420' },
  testSubject: { code: 'L403' },
  testMissing: { code: 'L404' },
  testMissingParameter: { code: 'L421' },
  testNothing: { code: 'L405' },
  testNoGradient: { code: 'L406' },
  testAmbiguous: { code: 'L422' },
  testMisfit: { code: 'L407' },
  testOutside: { code: 'L408', severity: 'warning' },
  testUneven: { code: 'L423', severity: 'warning' },
  testFailed: { code: 'L409' },
  sketchWithoutHole: { code: 'L411' },
  sketchOperator: { code: 'L412' },
  sketchLeaf: { code: 'L413' },
  leafBounds: { code: 'L414' },
} as const satisfies Readonly<Record<string, CodeRow>>;
