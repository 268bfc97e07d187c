import { signatureOf } from '../../compiler/evaluate/bind.js';
import { Binding } from '../../compiler/evaluate/binding.js';
import { evaluate } from '../../compiler/evaluate/evaluate.js';
import { inSingle } from '../../compiler/evaluate/single.js';
import type { Guard } from '../../compiler/guard/bounds.js';
import { guardsAtWork, unguarded } from '../../compiler/guard/unguarded.js';
import { joined, type Point } from './point.js';
import type { Place } from './search.js';
import type { Subject } from './subject.js';

/** With and without guards a number that they do not decide is the same within this. */
const SAME = 1e-6;

/** The guards at work at a point, where the number there would be another without guards; none where they do not decide it. */
export function decidingGuards(subject: Subject, point: Point, { of, name, entry }: Place): readonly Guard[] {
  const { compiled, parameters } = subject;
  const { guards, lowered } = compiled;
  const guarded = of === 'value' ? compiled.value : compiled.gradients.get(name)!;
  const free = unguarded(lowered.graph, guards)(guarded);
  if (free === guarded) return [];
  const inputs = joined([point], subject.itemShapes, subject.items);
  const bound = new Binding(signatureOf(compiled), inputs, parameters, false);
  const roots = [guarded, free];
  const bindings = { sizes: bound.sizes, leaf: (node: typeof guarded) => bound.leaf(node, bound.counts) };
  const results = evaluate(lowered.graph, roots, inSingle(roots, bindings));
  const [withThem, without] = roots.map((node) => {
    const values = results.get(node)!;
    const { data } = of === 'value' ? values : bound.shaped(name, values);
    return data[Math.min(entry, data.length - 1)]!;
  });
  const isSame = Object.is(withThem, without) || Math.abs(withThem! - without!) <= SAME * Math.abs(without!);
  return isSame ? [] : guardsAtWork(guards, results);
}
