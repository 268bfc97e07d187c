/** Every way in which a run or a command ends early. `exit-code.ts` says them; mistakes in the language are `LossError`s. */

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

/** What the operating system refuses, in words. */
const SYSTEM_PROBLEMS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBUSY: 'it is in use',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'it already exists',
  EFBIG: 'the file would be too large',
  EIO: 'the disk reports an error',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links form a loop',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'too many files are open',
  ENOENT: 'there is no such file',
  ENOMEM: 'there is not enough memory',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ENOTEMPTY: 'the folder is not empty',
  EPERM: 'it is not allowed',
  EROFS: 'the file system is read-only',
};

/** A refusal of the operating system in words, and the file that it is about; undefined for any other error. */
export function systemProblem(
  thrown: unknown,
): { readonly problem: string; readonly path: string | undefined } | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown) || typeof thrown.code !== 'string') return undefined;
  const problem = SYSTEM_PROBLEMS[thrown.code];
  if (problem === undefined) return undefined;
  return { problem, path: 'path' in thrown && typeof thrown.path === 'string' ? thrown.path : undefined };
}

/** The message of anything thrown, on one line. */
export function messageOf(thrown: unknown): string {
  const system = systemProblem(thrown);
  if (system !== undefined)
    return system.path === undefined ? system.problem : `${system.path}: ${system.problem}`;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.split('\n')[0]!.trim();
}

/** Why a file that the message names already could not be read or written. */
export function readProblem(thrown: unknown): string {
  return systemProblem(thrown)?.problem ?? messageOf(thrown);
}

/** A mistake in how a command was called: exit code 2. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** Ends the command with this exit code after its own output. */
export class Exit extends Error {
  constructor(readonly code: 0 | 1 | 2 | 130) {
    super(`exit ${code}`);
  }
}
