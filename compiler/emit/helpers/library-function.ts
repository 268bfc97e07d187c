import type { EmittedParameter } from './emitted-function.js';

/** What is a loss's own in the functions of the library; library/loss.ts says what each is. */
export type OwnWord = 'LOSS' | 'KNOWN_OPTIONS' | 'COLUMN' | 'COLUMN_SHAPE';

/** Text, or the place of what is a loss's own. */
export type Piece = string | { readonly own: OwnWord };

/** A function of compiler/emit/library as text. `Options` among its types stands for the options of the loss. */
export interface LibraryFunction {
  readonly doc: string;
  readonly parameters: readonly EmittedParameter[];
  readonly returns: string;
  readonly body: readonly Piece[];
  /** The body as TypeScript, where it has types. */
  readonly typed?: readonly Piece[];
  /** Others that the body calls, by name. */
  readonly uses: readonly string[];
}
