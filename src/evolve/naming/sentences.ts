import { type LossName, NEAR, type Near } from './name-loss.js';

/** What a loss is called, in sentences that begin with its name. */
export function nameSentences(
  name: string,
  { is, why, nearest: [nearest], mixture, isNew }: LossName,
): string[] {
  if (is !== undefined) return [`${name} is ${is.name}${is.exact ? '' : ' up to a positive factor'}`];
  if (nearest === undefined) return [`${name} could not be compared with the standard losses: ${why}`];
  if (isNew)
    return [
      nearest.distance > OPPOSITE
        ? `${name} is new: no standard loss has a similar gradient`
        : `${name} is new: the nearest is ${lossText(nearest)}, ${percentOff(nearest.distance)} off`,
    ];
  return [
    ...(nearest.distance > NEAR
      ? []
      : [`${name} is within ${percentWithin(nearest.distance)} of ${lossText(nearest)}`]),
    ...(mixture === undefined
      ? []
      : [
          `${name} is within ${percentWithin(mixture.distance)} of the mixture ${mixture.parts
            .map(({ loss, weight }) => `${weight.toFixed(2)} * ${loss}`)
            .join(' + ')}`,
        ]),
  ];
}

/** Beyond it hardly anything of the gradient is in common. */
const OPPOSITE = 0.99;

/** `std/gce at q = 0.64`. */
export function lossText({ loss, parameters }: Near): string {
  const values = Object.entries(parameters).map(([name, value]) => `${name} = ${short(value as number)}`);
  return values.length === 0 ? loss : `${loss} at ${values.join(', ')}`;
}

const short = (x: number): string => String(Number(x.toPrecision(3)));

/** Rounded up, so that it is true. */
export function percentWithin(distance: number): string {
  const digits = distance < 0.01 ? 2 : distance < 0.1 ? 1 : 0;
  const unit = [1, 10, 100][digits]!;
  return `${(Math.max(1, Math.ceil(100 * unit * distance)) / unit).toFixed(digits)} %`;
}

const percentOff = (distance: number): string => `${Math.round(100 * distance)} %`;
