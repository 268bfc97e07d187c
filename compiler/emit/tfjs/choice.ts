import type { Node } from '../../graph/graph.js';
import { mayBeInfinite } from '../../graph/infinite.js';
import { ONE } from '../print/infix.js';
import type { ArithmeticCode, Scaled } from './body-code.js';
import type { Call } from './calls.js';
import type { Slots } from './slots.js';

/** What the emitter of a body lends to choices. */
export interface ChoiceCode extends ArithmeticCode {
  readonly slots: Slots;
  /** A call from its parts, which are text and other calls. */
  readonly join: (hint: string, parts: readonly (Call | string)[]) => Call;
}

/** A choice: by JavaScript where a number decides, else entry by entry. The branch not taken is never multiplied by 0. */
export function emitSelect(node: Node, code: ChoiceCode): Scaled {
  const [condition, yes, no] = [node.args[0]!, node.args[1]!, node.args[2]!];
  const isZero = (arg: Node): boolean => arg.op === 'const' && arg.value === 0;
  if (code.isHost(condition)) {
    const branch = (arg: Node): Call | string => {
      if (arg.axes === node.axes && !code.isHost(arg)) return code.get(arg);
      return code.make('whole', 'spread', [code.get(arg), code.slots.shape(node.axes)], ['spread']);
    };
    const parts = ['(', code.host.text(condition), ' ? ', branch(yes), ' : ', branch(no), ')'];
    return { scale: ONE, call: code.join('chosen', parts) };
  }
  const when = code.get(condition);
  if (code.isHost(yes) && isZero(no) && !mayBeInfinite(yes))
    return {
      scale: code.value(yes).scale,
      call: code.make('indicator', 'tf.cast', [when, "'float32'"]),
    };
  const [a, b] = [code.value(yes), code.value(no)];
  const chosen = (...args: (Call | string)[]): Call => {
    const whole = node.args.every((arg) => arg.axes === node.axes);
    return whole ? code.make('chosen', 'tf.where', args) : code.make('chosen', 'choose', args, ['choose']);
  };
  // A factor in front multiplies the 0 too.
  const isOutside = ({ scale, call }: Scaled): boolean =>
    call !== undefined && Number.isFinite(scale.value) && !scale.factors.some(mayBeInfinite);
  if (isZero(no) && isOutside(a)) return { scale: a.scale, call: chosen(when, a.call!, '0') };
  if (isZero(yes) && isOutside(b)) return { scale: b.scale, call: chosen(when, '0', b.call!) };
  return { scale: ONE, call: chosen(when, code.materialise(a), code.materialise(b)) };
}
