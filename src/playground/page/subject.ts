import type { Knob, LossOutline, LossRef, TextOutline } from '../messages.js';

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
}

/** The loss as the worker is asked about it: as it is written, or with the numbers of the sliders. */
export const refOf = ({ text, name }: Subject, values: LossRef['values'] = {}): LossRef => ({
  source: { text },
  name,
  values,
});

/** The loss that the cursor is in, or else the last one before it; the first if there is none. */
export function lossAt({ losses }: TextOutline, cursor: number): LossOutline | undefined {
  return losses.findLast(({ from }) => from <= cursor) ?? losses[0];
}
