import { TARGETS } from '../../../compiler/emit/targets.js';
import type { Asks, Kind } from '../messages.js';
import { call } from './answers/call.js';
import { code } from './answers/code.js';
import { complete } from './answers/complete.js';
import { curves } from './answers/curves.js';
import { definition } from './answers/definition.js';
import { explain } from './answers/explain.js';
import { facts } from './answers/facts.js';
import { format } from './answers/format.js';
import { formulas } from './answers/formulas.js';
import { hover } from './answers/hover.js';
import { read } from './answers/read.js';
import { rename, renameable } from './answers/rename.js';
import { thumbnail } from './answers/thumbnail.js';
import { uses } from './answers/uses.js';

type Answer<K extends Kind> = (
  ask: Asks[K]['ask'],
  version: string,
) => Asks[K]['answer'] | Promise<Asks[K]['answer']>;

/** One answer for each thing that can be asked. */
const ANSWERS: { readonly [K in Kind]: Answer<K> } = {
  read,
  hover,
  definition,
  uses,
  renameable,
  rename,
  call,
  complete,
  format,
  formulas,
  explain,
  curves,
  facts,
  thumbnail,
  targets: () => TARGETS,
  code,
};

/** Throws an error whose message says why there is no answer. */
export async function answer<K extends Kind>(
  kind: K,
  ask: Asks[K]['ask'],
  version: string,
): Promise<Asks[K]['answer']> {
  return ANSWERS[kind](ask, version);
}
