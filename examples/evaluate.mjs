// The compiler as a library: a loss from text to value, gradient and formula, without TensorFlow.js.
//
//   npm run build && node examples/evaluate.mjs
import { arrayOf, compileLoss, evaluateLoss, loadProgram, lossesOf, nested, printExpr, raise } from 'lossc';

const program = loadProgram({
  name: 'mine.loss',
  text: `
    loss mine(target: onehot[class], prediction: probability[class]; q: between(0.01, 1) = 0.7) =
      let own = sum(target * prediction, class)
      (1 - own^q) / q
  `,
});
// Throws a LossError with every mistake, drawn with its place, if there are any.
const loss = compileLoss(program, lossesOf(program)[0], { fromLogits: true });

const gradient = raise(loss.lowered.graph, loss.formula.gradients.get('prediction'));
console.log(`d mine / d logits = ${printExpr(gradient.result)}`);

const { value, gradient: slopes } = evaluateLoss(
  loss,
  new Map([
    ['target', arrayOf([0, 2])],
    [
      'prediction',
      arrayOf([
        [2, 1, 0.1],
        [0, 0, 0],
      ]),
    ],
  ]),
  new Map([['q', 0.5]]),
);
console.log(`value ${value.toFixed(6)}`);
console.log(`gradient ${JSON.stringify(nested(slopes.get('prediction')))}`);
