import type { Knob, LossRef } from '../messages.js';

/** The loss that the panels are about. */
export interface Subject {
  readonly text: string;
  readonly name: string;
  readonly knobs: readonly Knob[];
  /** Numbers of the sliders that were moved. */
  readonly values: Readonly<Record<string, number>>;
}

/** A part of the page that tells something of a loss. */
export interface Panel {
  readonly id: string;
  readonly title: string;
  readonly element: HTMLElement;
  /** The loss is another one, or reads otherwise than before. Only a panel that is seen is told. */
  show(subject: Subject): void;
  /** The text has no loss. A panel without this has nothing to show then. */
  showNothing?(): void;
}

/** The loss as the worker is asked about it: as it is written, or with the numbers of the sliders. */
export const refOf = ({ text, name }: Subject, values: LossRef['values'] = {}): LossRef => ({
  source: { text },
  name,
  values,
});

/** What the cursor is in, or else the last one before it; the first if there is none. */
export const at = <T extends { readonly from: number }>(all: readonly T[], cursor: number): T | undefined =>
  all.findLast(({ from }) => from <= cursor) ?? all[0];
