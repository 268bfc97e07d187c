/**
 * A mistake of the user, or of the machine, that a run meets: a missing file, a wrong checksum, a backend that is not
 * there, a model that does not fit the data. The message says what is wrong; the hint says what to do.
 */
export class RunError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RunError';
    this.hint = hint;
  }
}

/** The message of anything thrown, on one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.split('\n')[0]!.trim();
}

/** Why a file that the message names already could not be read. */
export function readProblem(thrown: unknown): string {
  const missing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
  return missing ? 'there is no such file' : messageOf(thrown);
}
