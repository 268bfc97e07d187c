/** `.loss` texts as a run keeps them. */
import type { Source } from '../../../grammar/diagnostics/diagnostic.js';

/** A `.loss` text with everything it imports, so that it means the same on every machine and at any time. */
export interface Sources {
  readonly source: Source;
  /** Text of each import, by the name of the importing source and the specifier. */
  readonly imports: readonly { readonly from: string; readonly specifier: string; readonly source: Source }[];
}

/** A declaration of a `.loss` text, with everything that the text imports. */
export interface NamedSources {
  readonly sources: Sources;
  readonly name?: string;
}
