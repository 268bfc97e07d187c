import type { CommonSettings } from '../../evolve/model/run-settings.js';
import { code, type Html, html, section } from '../html.js';

/** The exact command, versions and settings. */
export function reproduce({ settings }: { readonly settings: CommonSettings }): Html {
  const { environment, machine, command } = settings;
  const facts: readonly (readonly [string, string])[] = [
    ['lossc', environment.lossc],
    ['Node', environment.node],
    ['TensorFlow.js', environment.tensorflow],
    ['backend', `${environment.backend} (${machine.device})`],
    ...(environment.evaluator === undefined ? [] : [['evaluator', environment.evaluator] as const]),
    ['processor', `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB`],
    ['platform', machine.platform],
    ['seed', settings.seed],
  ];
  const list = facts.map(([name, value]) => html`<dt>${name}</dt><dd>${code(value)}</dd>`);
  const { environment: _, machine: __, ...rest } = settings;
  return section(
    'reproduce',
    'How to reproduce it',
    html`<pre><code>${command}</code></pre>`,
    html`<dl class="facts">${list}</dl>`,
    html`<details><summary>All settings</summary><pre><code>${JSON.stringify(rest, null, 2)}</code></pre></details>`,
  );
}
