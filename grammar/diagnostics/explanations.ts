import type { MessageName } from './codes.js';
import { AXIS_EXPLANATIONS } from './explanations/axes.js';
import { CHARACTER_EXPLANATIONS } from './explanations/characters.js';
import type { Explanation } from './explanations/explanation.js';
import { IMPORT_EXPLANATIONS } from './explanations/imports.js';
import { NAME_EXPLANATIONS } from './explanations/names.js';
import { SYNTAX_EXPLANATIONS } from './explanations/syntax.js';
import { TEST_EXPLANATIONS } from './explanations/tests.js';

/**
 * What `lossc explain L302`, SARIF and the language reference say of each message. It is no part of what compiles a loss, so that
 * a page in a browser need not load it.
 */
export const EXPLANATIONS: { readonly [K in MessageName]: Explanation } = {
  ...CHARACTER_EXPLANATIONS,
  ...SYNTAX_EXPLANATIONS,
  ...NAME_EXPLANATIONS,
  ...AXIS_EXPLANATIONS,
  ...TEST_EXPLANATIONS,
  ...IMPORT_EXPLANATIONS,
};
