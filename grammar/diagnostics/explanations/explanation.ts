/** What is said of a message wherever it occurs. */
export interface Explanation {
  /** What is wrong, as a phrase: the row of the message in the language reference. */
  readonly title: string;
  /** What to write instead, in general; the hint of a message knows the names in the text. */
  readonly help: string;
  /** The section of the language reference that tells how it is right. */
  readonly see: Section;
}

/** Anchors of sections of the language reference, `grammar/REFERENCE.md`. */
type Section =
  | 'axes'
  | 'calls'
  | 'derivatives-and-their-conventions-at-kinks'
  | 'guards'
  | 'diagnostics'
  | 'domains'
  | 'expressions'
  | 'files-and-declarations'
  | 'from-logits'
  | 'functions'
  | 'import'
  | 'imports'
  | 'items-the-batch-and-shapes'
  | 'limits'
  | 'lines'
  | 'loss'
  | 'operators'
  | 'reductions'
  | 'roles-and-parameters'
  | 'sketch'
  | 'sketches'
  | 'test'
  | 'tests'
  | 'words-numbers-comments'
  | 'words-of-other-languages';
