/** A message in the catalogue of diagnostics. */
export interface CodeRow {
  readonly code: `L${number}`;
  /** `error` unless it is written. */
  readonly severity?: 'warning';
}
