import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readSources } from '../../src/commands/sources.js';
import { taskOfLosses } from '../../src/evolve/losses/subject.js';
import type { NamedSources } from '../../src/evolve/model/sources.js';

/** What the losses of a run are, by their text. */
const losses = suite('losses of a run');

const standard = (name: string): NamedSources => ({ sources: readSources(`std/${name}`), name });

const TASKS = [
  ['', 'classification'],
  ['cross_entropy brier', 'classification'],
  ['sparse_cross_entropy', 'classification'],
  ['bce binary_focal', 'multi-label'],
  ['mse huber', 'regression'],
  ['gaussian_nll crps_gaussian', 'mean-and-variance'],
  ['gaussian_nll_packed', 'mean-and-variance'],
  ['mse bce', 'multi-label'],
  ['triplet', 'classification'],
] as const;
for (const [names, task] of TASKS)
  losses(`a script that is begun with ${names || 'nothing'} gets the operators of ${task}`, () => {
    assert.is(taskOfLosses(names.split(' ').filter(Boolean).map(standard)), task);
  });

losses.run();
