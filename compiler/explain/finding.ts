import type { Finding } from './explanation.js';

type Base = Pick<Finding, 'topic' | 'property'>;
/** The figure of the statement, and the point that shows it. */
type Figures = Pick<Finding, 'value' | 'witness'>;

/** The loss has the property: it follows from the formula. */
export const proved = (base: Base, statement: string, reason: string, figures: Figures = {}): Finding => ({
  ...base,
  status: 'proved',
  holds: true,
  statement,
  reason,
  ...figures,
});

/** The loss lacks the property: the witness contradicts it. */
export const refuted = (base: Base, statement: string, reason: string, figures: Figures = {}): Finding => ({
  ...base,
  status: 'refuted',
  holds: false,
  statement,
  reason,
  ...figures,
});

/** The loss has the property, as far as was looked. */
export const measured = (base: Base, statement: string, reason: string, figures: Figures = {}): Finding => ({
  ...base,
  status: 'measured',
  holds: true,
  statement,
  reason,
  ...figures,
});
