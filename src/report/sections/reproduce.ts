import type { ReportData } from '../data.js';
import { code, escapeHtml, section } from '../html.js';

/** The exact command, versions and settings. */
export function reproduce({ settings }: ReportData): string {
  const { environment, machine, command } = settings;
  const facts: readonly (readonly [string, string])[] = [
    ['lossc', environment.lossc],
    ['Node', environment.node],
    ['TensorFlow.js', environment.tensorflow],
    ['backend', `${environment.backend} (${machine.device})`],
    ['processor', `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB`],
    ['platform', machine.platform],
    ['seed', settings.seed],
  ];
  const list = facts.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${code(value)}</dd>`);
  const { environment: _, machine: __, ...rest } = settings;
  return section(
    'reproduce',
    'How to repeat it',
    `<pre><code>${escapeHtml(command)}</code></pre>`,
    `<dl class="facts">${list.join('')}</dl>`,
    `<details><summary>All settings</summary><pre><code>${escapeHtml(JSON.stringify(rest, null, 2))}</code></pre></details>`,
  );
}
