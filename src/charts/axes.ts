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
    gradient: 'Gradient by the label\u2019s logit',
  },
  margin: {
    heading: 'Binary, margin and score losses',
    x: 'margin of the label, in logits or scores',
    gradient: 'Gradient by the margin',
  },
  error: {
    heading: 'Regression',
    x: 'prediction \u2212 target',
    gradient: 'Gradient by the prediction',
  },
  sum: {
    heading: 'Losses of one sum of their inputs',
    x: '',
    gradient: 'Gradient by the sum',
  },
  input: {
    heading: 'Losses of single numbers, other inputs held',
    x: '',
    gradient: 'Gradient by the input',
  },
  overlap: {
    heading: 'Masks, one half of the pixels is inside',
    x: 'agreement with the mask: 0 none, 1 exact',
    gradient: 'Gradient by the agreement',
  },
  label: {
    heading: 'Classes and their labels',
    x: '',
    gradient: 'Gradient along x',
  },
  box: {
    heading: 'Boxes, predicted over true, which is 4 by 4',
    x: 'how far the box, or its side, is moved',
    gradient: 'Gradient by the move',
  },
  center: {
    heading: 'Embeddings and centers of classes',
    x: 'place between its own center (0) and another one (1)',
    gradient: 'Gradient by the place',
  },
  score: {
    heading: 'Ranking and several labels, the other scores in order',
    x: 'score of the item or label',
    gradient: 'Gradient by the score',
  },
  cosine: {
    heading: 'Embeddings, by angle',
    x: 'cosine similarity of the embeddings',
    gradient: 'Gradient by the cosine',
  },
  distance: {
    heading: 'Embeddings, by distance',
    x: 'distance of the embedding from the others',
    gradient: 'Gradient by the distance',
  },
  kinds: {
    heading: 'Embeddings with labels, by angle',
    x: 'cosine similarity with its own kind',
    gradient: 'Gradient by the cosine',
  },
  'kind-distance': {
    heading: 'Embeddings with labels, by distance',
    x: 'place: its own kind is at 0, the other kind at 2',
    gradient: 'Gradient by the place',
  },
  batches: {
    heading: 'Two batches that should be alike',
    x: 'how far one batch is moved, or stretched beyond its size',
    gradient: 'Gradient by the move or stretch',
  },
  fit: {
    heading: 'Fits of a whole batch, targets 1, 2, 3, 4',
    x: 'prediction \u2212 target',
    gradient: 'Gradient by the error',
  },
  number: {
    heading: 'Losses of several numbers',
    x: '',
    gradient: 'Gradient along x',
  },
};
