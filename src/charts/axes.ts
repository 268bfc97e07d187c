import type { Along } from '../../compiler/explain/plot/line.js';

interface Axes {
  readonly heading: string;
  /** Empty where the loss says it. */
  readonly x: string;
  readonly gradient: string;
}

/** What a user of such losses calls them, x, and the slope. */
export const AXES: Readonly<Record<Along, Axes>> = {
  probability: {
    heading: 'Classification, one-hot target, other classes equal',
    x: 'probability of the label',
    gradient: 'Gradient w.r.t. the label\u2019s logit',
  },
  margin: {
    heading: 'Binary, margin and score losses',
    x: 'margin of the label, in logits or scores',
    gradient: 'Gradient w.r.t. the margin',
  },
  error: {
    heading: 'Regression',
    x: 'prediction \u2212 target',
    gradient: 'Gradient w.r.t. the prediction',
  },
  sum: {
    heading: 'Losses that depend on one sum of their inputs',
    x: '',
    gradient: 'Gradient w.r.t. the sum',
  },
  input: {
    heading: 'Losses of single numbers, other inputs fixed',
    x: '',
    gradient: 'Gradient w.r.t. the input',
  },
  overlap: {
    heading: 'Masks, half of the pixels inside',
    x: 'agreement with the mask: 0 none, 1 exact',
    gradient: 'Gradient w.r.t. the agreement',
  },
  label: {
    heading: 'Classes and their labels',
    x: '',
    gradient: 'Gradient along x',
  },
  box: {
    heading: 'Boxes, predicted over true, which is 4 by 4',
    x: 'how far the box, or its side, is moved',
    gradient: 'Gradient w.r.t. the move',
  },
  center: {
    heading: 'Embeddings and centers of classes',
    x: 'place between its own center (0) and another one (1)',
    gradient: 'Gradient w.r.t. the place',
  },
  score: {
    heading: 'Ranking and several labels, the other scores in order',
    x: 'score of the item or label',
    gradient: 'Gradient w.r.t. the score',
  },
  cosine: {
    heading: 'Embeddings, by angle',
    x: 'cosine similarity of the embeddings',
    gradient: 'Gradient w.r.t. the cosine',
  },
  distance: {
    heading: 'Embeddings, by distance',
    x: 'distance of the embedding from the others',
    gradient: 'Gradient w.r.t. the distance',
  },
  kinds: {
    heading: 'Embeddings with labels, by angle',
    x: 'cosine similarity with its own kind',
    gradient: 'Gradient w.r.t. the cosine',
  },
  'kind-distance': {
    heading: 'Embeddings with labels, by distance',
    x: 'place: its own kind is at 0, the other kind at 2',
    gradient: 'Gradient w.r.t. the place',
  },
  batches: {
    heading: 'Two batches that should match',
    x: 'how far one batch is moved, or stretched beyond its size',
    gradient: 'Gradient w.r.t. the move or stretch',
  },
  fit: {
    heading: 'Fits of a whole batch, targets 1, 2, 3, 4',
    x: 'prediction \u2212 target',
    gradient: 'Gradient w.r.t. the error',
  },
  number: {
    heading: 'Losses of several numbers',
    x: '',
    gradient: 'Gradient along x',
  },
};
