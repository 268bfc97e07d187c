import type { CodeRow } from './row.js';

/** L0xx: characters, words, brackets. */
export const CHARACTER_CODES = {
  unknownCharacter: { code: 'L001' },
  primeInName: { code: 'L012' },
  numberTooLarge: { code: 'L002' },
  numberTooSmall: { code: 'L013' },
  numberTooLong: { code: 'L014' },
  malformedNumber: { code: 'L003' },
  missingTimes: { code: 'L015' },
  unclosedString: { code: 'L004' },
  singleQuotes: { code: 'L016' },
  backslashInString: { code: 'L017' },
  hashComment: { code: 'L005' },
  blockComment: { code: 'L018' },
  foreignOperator: { code: 'L006' },
  barsAround: { code: 'L019' },
  factorial: { code: 'L020' },
  reservedWord: { code: 'L007' },
  bracketNotClosed: { code: 'L008' },
  bracketClosesNothing: { code: 'L021' },
  bracketMismatch: { code: 'L022' },
  fileTooLarge: { code: 'L009' },
  nestedTooDeep: { code: 'L010' },
  commentAsDivisor: { code: 'L011' },
} as const satisfies Readonly<Record<string, CodeRow>>;
