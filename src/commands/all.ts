import type { CommandRow } from './command.js';

/** The subcommands. Each is loaded only when it is called, so `lossc check` does not wait for TensorFlow.js. */
export const COMMANDS: readonly CommandRow[] = [
  { name: 'new', summary: 'write a first .loss file', load: () => import('./new.js') },
  {
    name: 'import',
    summary: 'write a formula of Python, mathjs or LaTeX as a .loss file',
    load: () => import('./import.js'),
  },
  { name: 'check', summary: 'find mistakes in .loss files', load: () => import('./check.js') },
  { name: 'fmt', summary: 'format .loss files', load: () => import('./fmt.js') },
  { name: 'test', summary: 'run the test blocks of .loss files', load: () => import('./test.js') },
  { name: 'list', summary: 'list the standard losses, or search them', load: () => import('./list.js') },
  {
    name: 'eval',
    summary: 'evaluate a loss and its gradient on given numbers',
    load: () => import('./eval.js'),
  },
  { name: 'grad', summary: 'show the gradient as mathematics', load: () => import('./grad.js') },
  { name: 'explain', summary: 'tell what a loss does, and why', load: () => import('./explain.js') },
  {
    name: 'audit',
    summary: 'compare a loss in float32 with exact digits',
    load: () => import('./audit.js'),
  },
  {
    name: 'diff',
    summary: 'tell whether two losses are the same, and where not',
    load: () => import('./diff.js'),
  },
  { name: 'plot', summary: 'draw losses and their gradients', load: () => import('./plot.js') },
  { name: 'compile', summary: 'compile losses to code', load: () => import('./compile.js') },
  { name: 'train', summary: 'train a network with a loss', load: () => import('./train.js') },
  {
    name: 'compare',
    summary: 'compare losses fairly over several seeds',
    load: () => import('./compare.js'),
  },
  {
    name: 'data-curve',
    summary: 'compare losses over training-set sizes',
    load: () => import('./data-curve.js'),
  },
  { name: 'evolve', summary: 'search for better losses', load: () => import('./evolve.js') },
  { name: 'tune', summary: 'tune the parameters of a loss with CMA-ES', load: () => import('./tune.js') },
  {
    name: 'worker',
    summary: 'train for searches and tunings on other machines',
    load: () => import('./worker.js'),
  },
  { name: 'ask', summary: 'list the trainings that a run asks for', load: () => import('./ask.js') },
  { name: 'tell', summary: 'answer a training that a run asks for', load: () => import('./tell.js') },
  { name: 'report', summary: 'write an HTML page about a run', load: () => import('./report.js') },
  { name: 'pareto', summary: 'list the best loss of each size of a run', load: () => import('./pareto.js') },
  { name: 'lineage', summary: 'tell where a loss of a run comes from', load: () => import('./lineage.js') },
  { name: 'show', summary: 'tell all about a loss of a run', load: () => import('./show.js') },
  { name: 'init', summary: 'write the first files of a training script', load: () => import('./init.js') },
  { name: 'data', summary: 'download data sets', load: () => import('./data.js') },
  {
    name: 'playground',
    summary: 'serve a page to write, see and train losses in',
    load: () => import('./playground.js'),
  },
  { name: 'lsp', summary: 'serve editors: the language server', load: () => import('./lsp.js') },
  {
    name: 'completion',
    summary: 'write a script that completes calls in a shell',
    load: async () => ({ define: (await import('./completion.js')).completionOf(COMMANDS) }),
  },
  { name: 'doctor', summary: 'show backends, data sets and versions', load: () => import('./doctor.js') },
];
