import type { MarkedFormula } from '../evolve/gp/difference.js';
import { lineage } from '../evolve/run/inspect.js';
import { type StoryStep, story } from '../evolve/run/story.js';
import { painted, print, printJson } from '../terminal.js';
import { type Define, wholeNumber } from './command.js';
import { addOptions, JSON_ROW } from './option-table.js';

/** `lossc lineage DIR [ID]`: how a candidate came about. */
export const define: Define = (command) => {
  addOptions(command, JSON_ROW)
    .argument('<dir>', 'folder of a run')
    .argument('[id]', 'number of a candidate (default: the winner, or the best so far)', wholeNumber(0))
    .action((directory: string, id: number | undefined, options: { json?: boolean }) => {
      const steps = story(directory, id);
      if (options.json) printJson({ steps, ancestors: lineage(directory, id) });
      else print(storyText(steps));
    });
};

/** Each step with the formula before and after, in which brackets stand around what changed. */
export function storyText(steps: readonly StoryStep[]): string {
  return steps
    .flatMap((step) => [
      `${String(step.id).padStart(6)}  ${whence(step)}${scoresText(step)}`,
      ...step.before.map((formula) => `      - ${shown(formula)}`),
      ...step.after.map((formula) => `      ${step.before.length === 0 ? ' ' : '+'} ${shown(formula)}`),
    ])
    .join('\n');
}

function whence({ operator, seed, generation, parent, donor }: StoryStep): string {
  if (seed !== undefined) return `starts from ${seed}`;
  if (operator === 'tuning') return 'coefficients tuned';
  const from = parent === undefined ? '' : ` of ${parent}`;
  return `generation ${generation + 1}: ${operator}${from}${donor === undefined ? '' : ` and ${donor}`}`;
}

function scoresText({ scoreBefore, score }: StoryStep): string {
  const text = (value: number | undefined): string =>
    value === undefined ? 'not trained' : value.toFixed(4);
  return scoreBefore === undefined ? `  ${text(score)}` : `  ${text(scoreBefore)} -> ${text(score)}`;
}

/** Nothing is marked where all is other: then the whole line says so. */
function shown({ text, from, to }: MarkedFormula): string {
  if (from === to || (from === 0 && to === text.length)) return text;
  return `${text.slice(0, from)}${painted('bold', `[${text.slice(from, to)}]`)}${text.slice(to)}`;
}
