/** Mutants that no test can kill, since the program does what it did before, each with the reason. */
interface Explained {
  readonly file: string;
  /** The lines in which it is, as a survivor's diff shows them. */
  readonly before: string;
  readonly after: string;
  readonly reason: string;
}

export const EXPLAINED: readonly Explained[] = [];
