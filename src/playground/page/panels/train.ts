import { looksOf } from '../../../charts/colours.js';
import { lineStyle } from '../../../charts/style.js';
import type { LossRef } from '../../messages.js';
import type { BackendChoice, TrainingNews } from '../../training/messages.js';
import { button, element, fill } from '../dom.js';
import { type Panel, refOf, type Subject } from '../subject.js';
import { Trainer } from '../trainer.js';
import { BACKENDS, backendChoice, numberField } from './fields.js';
import { LiveChart } from './live-chart.js';

interface Curve {
  readonly name: string;
  readonly points: { readonly x: number; readonly y: number }[];
  said: string;
}

const REFERENCE: LossRef = { source: { standard: 'cross_entropy' }, name: 'cross_entropy', values: {} };

/** Cross-entropy against the loss: the same network on the same digits, both learning curves live. */
export function trainPanel(): Panel {
  const trainer = new Trainer();
  const chart = new LiveChart('train');
  const legend = element('ul', { class: 'legend' });
  const status = element('p', { class: 'note', role: 'status' });
  const steps = numberField('Steps', { value: 600, min: 10, max: 5000, step: 10 });
  const rate = numberField('Learning rate', { value: 0.2, min: 0.001, max: 10, step: 0.001 });
  const examples = numberField('Digits', { value: 1000, min: 50, max: 5000, step: 50 });
  const backend = backendChoice();
  let subject: Subject | undefined;
  let curves: readonly Curve[] = [];
  let device = '';

  const draw = (): void => {
    const styles = looksOf(curves.map(({ name }) => name)).map(lineStyle);
    chart.show(
      {
        title: 'Accuracy on 500 held-out digits',
        xTitle: 'steps',
        x: { low: 0, high: steps.value() },
        y: { low: 0, high: 1 },
      },
      curves.map(({ points }, i) => ({ style: styles[i]!, points })),
    );
    fill(
      legend,
      ...curves.map(({ name, points, said }, i) => {
        const at = points.at(-1);
        const accuracy = at === undefined ? 'not yet' : `${(100 * at.y).toFixed(1)} % after ${at.x} steps`;
        const key = element('i', { class: `key key${looksOf(curves.map((one) => one.name))[i]!.colour}` });
        return element(
          'li',
          {},
          key,
          ` ${name} `,
          element('output', {}, said === '' ? accuracy : `${accuracy}; ${said}`),
        );
      }),
    );
  };
  const told = (news: TrainingNews): void => {
    if (news.kind === 'started') {
      device = BACKENDS[news.backend];
      status.textContent = `Training on ${device} \u2026`;
    } else if (news.kind === 'look') {
      const { points } = curves[news.loss]!;
      if (points.at(-1)?.x !== news.step) points.push({ x: news.step, y: news.accuracy });
      draw();
    } else if (news.kind === 'trained') {
      curves[news.loss]!.said = news.broke ?? `${Math.round(news.stepsPerSecond)} steps per second`;
      draw();
    } else if (news.kind === 'ended') {
      ended(
        `Trained on ${device}. One run each, at one learning rate: lossc compare repeats this over several seeds and tunes the learning rate of each loss.`,
      );
    } else if (news.kind === 'refused') ended(news.message);
  };
  const ended = (sentence: string): void => {
    status.textContent = sentence;
    start.textContent = 'Train';
  };
  const begin = (): void => {
    if (subject === undefined) return;
    const own = refOf(subject, subject.values);
    curves = [REFERENCE, own].map(({ name }) => ({ name, points: [], said: '' }));
    draw();
    start.textContent = 'Stop';
    status.textContent = 'Loading TensorFlow.js \u2026';
    trainer.start(
      {
        kind: 'race',
        backend: backend.value as BackendChoice,
        losses: [REFERENCE, own],
        settings: { steps: steps.value(), learningRate: rate.value(), examples: examples.value() },
      },
      told,
    );
  };
  const start = button('Train', { class: 'main' }, () => {
    if (!trainer.isRunning) return begin();
    trainer.stop();
    ended('Stopped.');
  });
  const about = element(
    'p',
    { class: 'note' },
    'A network with 784, 32 and 10 units learns generated digits: once with cross-entropy and once with your loss, from the same initial weights and with the same order of examples.',
  );
  return {
    id: 'train',
    title: 'Train',
    element: element(
      'section',
      { class: 'card training' },
      about,
      element(
        'div',
        { class: 'fields' },
        steps.element,
        rate.element,
        examples.element,
        backend.element,
        start,
      ),
      status,
      legend,
      chart.element,
    ),
    show: (shown) => {
      subject = shown;
    },
  };
}
