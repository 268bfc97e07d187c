/** Mutants that no test can kill, since the program does what it did before, each with the reason. */
interface Explained {
  readonly file: string;
  /** The lines in which it is, as a survivor's diff shows them. */
  readonly before: string;
  readonly after: string;
  readonly reason: string;
}

export const EXPLAINED: readonly Explained[] = [
  {
    file: 'src/evolve/screening/fingerprint.ts',
    before:
      "key: hash32(text, 1).toString(16).padStart(8, '0') + hash32(text, 2).toString(16).padStart(8, '0'),",
    after:
      "key: hash32(text, 1).toString(16).padStart(8, '0') + hash32(text, 2).toString(16).padStart(8, ''),",
    reason:
      'The first half has eight digits, so that keys are as different as before without zeros in the second.',
  },
];
