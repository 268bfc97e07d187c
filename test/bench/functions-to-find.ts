export type Point = Readonly<Record<string, number>>;

/** Functions that a search is to find from noisy scores, without training. */
export const WANTED: Readonly<Record<string, (point: Point) => number>> = {
  baikal: ({ target, prediction }) => Math.log(prediction!) - target! / prediction!,
  'squared ratio': ({ target, prediction }) => (target! - prediction!) ** 2 / (prediction! + 1),
  'log of sum': ({ target, prediction }) => Math.log(prediction! + target! * prediction! + 1) * target!,
};
