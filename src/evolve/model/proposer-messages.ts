/**
 * What lossc and a proposer say to each other: one JSON object a line in each direction, as with a training script.
 * `src/evaluator/PROTOCOL.md` is the page about it, and a test holds the two together.
 */
import * as v from 'valibot';
import { PROTOCOL } from './evaluator-messages.js';

/** Characters of one body, and bodies of one answer: far more than a search can use. */
const MOST_BODY = 10_000;
const MOST_BODIES = 1000;

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const body = v.pipe(v.string(), v.maxLength(MOST_BODY));
/** An expression for each hole of the sketch. */
const bodies = v.array(v.string());

/** Messages of lossc, by their type. */
export const TO_PROPOSER = {
  hello: v.strictObject({ type: v.literal('hello'), protocol: v.literal(PROTOCOL), lossc: name }),
  /** Expressions are wanted that the search has not met. */
  propose: v.strictObject({
    type: v.literal('propose'),
    id: name,
    generation: count,
    /** As many as the search has room for; more are left out. */
    count,
    /** The sketch in the language, with all that it calls. */
    sketch: v.string(),
    holes: count,
    /** What may stand in a hole. */
    operators: v.array(name),
    leaves: v.array(name),
    limits: v.strictObject({ nodes: count, depth: count }),
    /** The best of each size: expressions, mean score, nodes. */
    front: v.array(v.strictObject({ bodies, score: v.number(), nodes: count })),
    /** The latest that were turned away, with the stage and the reason; first what this proposer proposed. */
    rejected: v.array(v.strictObject({ bodies, stage: name, reason: v.string() })),
  }),
} as const;

/** Messages of a proposer, by their type. Fields that are not listed are left alone. */
export const FROM_PROPOSER = {
  hello: v.object({ type: v.literal('hello'), protocol: v.literal(PROTOCOL) }),
  /** One expression for a sketch with one hole, a list of them for one with several. */
  proposals: v.object({
    type: v.literal('proposals'),
    id: name,
    bodies: v.pipe(
      v.array(v.union([body, v.pipe(v.array(body), v.maxLength(100))])),
      v.maxLength(MOST_BODIES),
    ),
  }),
} as const;

export const fromProposer = v.variant('type', [FROM_PROPOSER.hello, FROM_PROPOSER.proposals]);

export type ProposeMessage = v.InferOutput<typeof TO_PROPOSER.propose>;
export type FromProposer = v.InferOutput<typeof fromProposer>;
