import type { CommandRow } from './command.js';

/** The subcommands. Each is loaded only when it is called, so `lossc check` does not wait for TensorFlow.js. */
export const COMMANDS: readonly CommandRow[] = [
  { name: 'new', summary: 'write a first .loss file', load: () => import('./new.js') },
  {
    name: 'import',
    summary: 'convert a formula from Python, mathjs or LaTeX to a .loss file',
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
  { name: 'explain', summary: 'explain how a loss behaves, and why', load: () => import('./explain.js') },
  {
    name: 'audit',
    summary: 'measure how accurate a loss is in float32',
    load: () => import('./audit.js'),
  },
  {
    name: 'diff',
    summary: 'compare two losses, or one with the standard library',
    load: () => import('./diff.js'),
  },
  { name: 'plot', summary: 'plot losses and their gradients', load: () => import('./plot.js') },
  { name: 'compile', summary: 'compile losses to code', load: () => import('./compile.js') },
  { name: 'train', summary: 'train a network with a loss', load: () => import('./train.js') },
  {
    name: 'compare',
    summary: 'compare losses fairly over several seeds',
    load: () => import('./compare.js'),
  },
  {
    name: 'data-curve',
    summary: 'compare losses at several training-set sizes',
    load: () => import('./data-curve.js'),
  },
  {
    name: 'study',
    summary: 'study speed, small data, transfer or wrong labels',
    load: () => import('./study.js'),
  },
  { name: 'evolve', summary: 'search for better losses', load: () => import('./evolve.js') },
  {
    name: 'distil',
    summary: 'find a formula for samples of a loss',
    load: () => import('./distil.js'),
  },
  { name: 'tune', summary: 'tune the parameters of a loss with CMA-ES', load: () => import('./tune.js') },
  {
    name: 'worker',
    summary: 'run trainings for searches and tunings on other machines',
    load: () => import('./worker.js'),
  },
  { name: 'ask', summary: 'list the trainings that a run is waiting for', load: () => import('./ask.js') },
  {
    name: 'tell',
    summary: 'report the result of a training that a run is waiting for',
    load: () => import('./tell.js'),
  },
  { name: 'report', summary: 'write an HTML report of a run', load: () => import('./report.js') },
  { name: 'pareto', summary: 'list the best loss of each size in a run', load: () => import('./pareto.js') },
  { name: 'lineage', summary: 'show how a loss in a run evolved', load: () => import('./lineage.js') },
  { name: 'show', summary: 'show everything about a loss in a run', load: () => import('./show.js') },
  {
    name: 'init',
    summary: 'write starter files for a training script, or for your own data and model',
    load: () => import('./init.js'),
  },
  { name: 'data', summary: 'download data sets', load: () => import('./data.js') },
  {
    name: 'playground',
    summary: 'open an editor for losses in the browser, with curves and training',
    load: () => import('./playground.js'),
  },
  { name: 'lsp', summary: 'run the language server for editors', load: () => import('./lsp.js') },
  {
    name: 'completion',
    summary: 'print a completion script for a shell',
    load: async () => ({ define: (await import('./completion.js')).completionOf(COMMANDS) }),
  },
  { name: 'doctor', summary: 'show backends, data sets and versions', load: () => import('./doctor.js') },
];
