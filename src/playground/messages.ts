/** What the page asks its workers, and what they answer: plain data. */
import type { Rows } from '../charts/rows.js';

/** A loss of the text in the editor, or one of the standard library, with numbers in the place of its defaults. */
export interface LossRef {
  readonly source: { readonly text: string } | { readonly standard: string };
  readonly name: string;
  readonly values: Readonly<Record<string, number>>;
}

/** A replacement, by offsets. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface Mistake {
  readonly from: number;
  readonly to: number;
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  /** Line, counted from 1. */
  readonly line: number;
  readonly fixes: readonly { readonly title: string; readonly edit: Edit }[];
}

/** A parameter with a number as its default, and how far a slider for it reaches. */
export interface Knob {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly step: number;
}

export interface LossOutline {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly knobs: readonly Knob[];
}

export interface SketchOutline {
  readonly name: string;
  readonly from: number;
}

export interface TextOutline {
  readonly mistakes: readonly Mistake[];
  /** Nothing if the text has errors; of sketches neither. */
  readonly losses: readonly LossOutline[];
  readonly sketches: readonly SketchOutline[];
}

export interface Completion {
  readonly label: string;
  readonly kind: 'function' | 'name' | 'axis' | 'domain' | 'keyword' | 'constant' | 'file';
  readonly detail: string;
  readonly doc: string;
  readonly sort: string;
  readonly edits: readonly Edit[];
}

/** A place in the text of the editor, or in a file of the standard library. */
export interface Place {
  /** The name of that file, without `std/` and `.loss`. */
  readonly standard?: string;
  readonly from: number;
  readonly to: number;
  /** Counted from 1. */
  readonly line: number;
  /** What stands in the line. */
  readonly text: string;
}

/** A call that is being written. */
export interface CallHelp {
  /** In the forms that it has, each with the ends of its parts in the text. */
  readonly forms: readonly {
    readonly text: string;
    readonly parts: readonly (readonly [from: number, to: number])[];
  }[];
  readonly doc: string;
  /** The part that is being written. */
  readonly active: number;
}

export interface Formulas {
  /** LaTeX, as are the gradients. */
  readonly value: string;
  readonly gradients: readonly { readonly by: string; readonly latex: string }[];
  /** Sentences about where the compiled loss is not the formula. */
  readonly guards: readonly string[];
}

export interface ExplainedFinding {
  readonly status: 'proved' | 'refuted' | 'measured' | 'unknown';
  readonly statement: string;
  readonly reason: string;
}

export interface Explained {
  readonly doc: string;
  /** What was assumed, a line each. */
  readonly head: readonly string[];
  readonly topics: readonly { readonly title: string; readonly findings: readonly ExplainedFinding[] }[];
}

/** Whether a loss has a property, as far as is known. */
export interface Fact {
  readonly property: string;
  readonly holds: boolean | undefined;
  readonly statement: string;
}

export interface CodeFile {
  readonly name: string;
  /** Bytes are for a download. */
  readonly content: string | Uint8Array<ArrayBuffer>;
}

export interface Asks {
  read: { ask: { text: string }; answer: TextOutline };
  hover: {
    ask: { text: string; offset: number };
    answer: { from: number; to: number; markdown: string } | undefined;
  };
  /** Where the name at an offset is defined. */
  definition: { ask: { text: string; offset: number }; answer: Place | undefined };
  /** Where it is used, its definition among them. */
  uses: { ask: { text: string; offset: number }; answer: readonly Place[] };
  /** The name at an offset, if it can have another one. */
  renameable: { ask: { text: string; offset: number }; answer: string | undefined };
  rename: { ask: { text: string; offset: number; name: string }; answer: readonly Edit[] };
  call: { ask: { text: string; offset: number }; answer: CallHelp | undefined };
  complete: {
    ask: { text: string; offset: number };
    answer: { from: number; completions: readonly Completion[] };
  };
  format: { ask: { text: string }; answer: readonly Edit[] };
  formulas: { ask: { loss: LossRef }; answer: Formulas };
  explain: { ask: { loss: LossRef }; answer: Explained };
  curves: {
    ask: { losses: readonly { readonly loss: LossRef; readonly label: string }[] };
    answer: Rows;
  };
  /** Heights of its curve from 0 to 100, from left to right. */
  thumbnail: { ask: { loss: LossRef }; answer: readonly number[] };
  facts: { ask: { loss: LossRef }; answer: readonly Fact[] };
  targets: { ask: Record<never, never>; answer: readonly string[] };
  code: { ask: { loss: LossRef; target: string }; answer: readonly CodeFile[] };
}
export type Kind = keyof Asks;

export interface Request<K extends Kind = Kind> {
  readonly id: number;
  readonly kind: K;
  readonly ask: Asks[K]['ask'];
}

/** What was asked for, or a sentence that says why it is not to be had. */
export type Reply =
  | { readonly id: number; readonly answer: Asks[Kind]['answer'] }
  | { readonly id: number; readonly refused: string }
  /** Said once, when the worker has started. */
  | { readonly ready: true };

/** What the standard library has, as the build wrote it beside the page. */
export interface LibraryData {
  readonly version: string;
  /** Texts by name, without `std/` and `.loss`. */
  readonly files: Readonly<Record<string, string>>;
  readonly catalogue: readonly LibraryEntry[];
}

/** A file of the standard library. */
export interface LibraryEntry {
  readonly name: string;
  readonly section: string;
  /** What it is for, in a sentence. */
  readonly use: string;
  /** What others call it. */
  readonly elsewhere: readonly string[];
  /** The losses that it declares: none in a file of functions. */
  readonly losses: readonly string[];
}
