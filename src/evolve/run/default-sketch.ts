/** The sketches that a search works on when it is given none. */
import type { PresetName } from '../model/settings.js';
import type { Sources } from '../model/sources.js';

const SIGNATURE = 'target: onehot[class], prediction: probability[class]';

const TEXTS: Readonly<Record<PresetName, string>> = {
  // GLO's operators and leaves, as we understand the paper; sign and mean are those of its formula.
  glo: `sketch loss_of_a_class(${SIGNATURE}) =
  -mean(?, class)
  with operators + - * / log square sqrt
       leaves target, prediction, 1, -1`,
  // GLO's, with any constant as a leaf and the functions that losses of the field are made of.
  default: `sketch loss_of_a_class(${SIGNATURE}) =
  -mean(?, class)
  with operators + - * / ^ log exp square sqrt tanh
       leaves target, prediction, 1, -1, real`,
};

/** The sketch of a preset as sources for a run. */
export function defaultSketch(preset: PresetName): Sources {
  return { source: { name: `${preset} sketch`, text: TEXTS[preset] }, imports: [] };
}
