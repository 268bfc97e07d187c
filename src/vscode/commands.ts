import type { CommandName } from '../language-server/commands.js';

/** The commands that the server answers, and what each is asked about where it is called without a loss. */
export const ASKED: { readonly [K in CommandName]: 'loss at cursor' | 'document' } = {
  'lossc.explain': 'loss at cursor',
  'lossc.plot': 'loss at cursor',
  'lossc.gradient': 'loss at cursor',
  'lossc.test': 'document',
};

/** Starts the server anew. */
export const RESTART = 'lossc.restart';
