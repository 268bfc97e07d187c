import { defaultSketch } from '../../../evolve/run/default-sketch.js';
import type { BackendChoice, SketchRef, TrainingNews } from '../../training/messages.js';
import type { Client } from '../client.js';
import { button, element, fill } from '../dom.js';
import type { Panel } from '../subject.js';
import { Trainer } from '../trainer.js';
import type { Compared } from './compare.js';
import { EvolveChart, percent } from './evolve-chart.js';
import { BACKENDS, backendChoice, numberField } from './fields.js';
import { FrontList } from './front-list.js';

interface EvolveEvents {
  /** Takes the text of a loss or of a sketch into the editor. */
  readonly onTake: (text: string) => void;
  readonly onCompare: (loss: Compared) => void;
}

export interface EvolvePanel extends Panel {
  /** The sketch of the text in the editor, if there is one. */
  offer(sketch: SketchRef | undefined): void;
}

const DEFAULT: SketchRef = {
  text: `${defaultSketch('default').source.text}\n`,
  name: 'loss_of_a_class',
};

const ENDED = 'Such short trainings prove little: use lossc evolve for a real search.';

/** A small search for losses, whose front grows while one watches. */
export function evolvePanel(client: Client, { onTake, onCompare }: EvolveEvents): EvolvePanel {
  const trainer = new Trainer();
  const chart = new EvolveChart();
  const list = new FrontList(client, { onTake, onCompare });
  const about = element('div', { class: 'note' });
  const status = element('p', { class: 'note', role: 'status' });
  const counts = element('p', { class: 'note counts' });
  const generations = numberField('Generations', { value: 12, min: 1, max: 200, step: 1 });
  const steps = numberField('Steps per training', { value: 100, min: 10, max: 1000, step: 10 });
  const seed = numberField('Seed', { value: 1, min: 0, max: 1_000_000, step: 1 });
  const backend = backendChoice();
  let sketch: SketchRef | undefined;
  let device = '';
  let [generation, screened, trained] = [0, 0, 0];

  const count = (): void => {
    counts.textContent = `${screened} formulas screened, ${trained} trainings`;
  };
  const sayGeneration = (): void => {
    const best = list.best === undefined ? '' : `, best accuracy ${percent(list.best.accuracy)}`;
    status.textContent = `Generation ${generation} of ${generations.value()} on ${device}${best}`;
  };
  /** A step of the search that the page shows, by what is told of it. */
  const told = (news: TrainingNews): void => {
    switch (news.kind) {
      case 'started':
        device = BACKENDS[news.backend];
        status.textContent = `Generating the first formulas and training them on ${device} \u2026`;
        break;
      case 'reference':
        chart.showReference(news.accuracy);
        break;
      case 'screened':
        screened = news.candidates;
        count();
        break;
      case 'tried':
        trained += 1;
        count();
        chart.addTried(news);
        break;
      case 'generation':
        generation = news.generation;
        chart.showFront(news.front);
        list.show(news.front);
        sayGeneration();
        break;
      case 'ended':
        ended(`${status.textContent}. ${ENDED}`);
        break;
      case 'refused':
        ended(news.message);
    }
  };
  const ended = (sentence: string): void => {
    status.textContent = sentence;
    start.textContent = 'Evolve';
  };
  const start = button('Evolve', { class: 'main' }, () => {
    if (trainer.isRunning) {
      trainer.stop();
      ended(generation === 0 ? 'Stopped.' : `Stopped after generation ${generation}. ${ENDED}`);
      return;
    }
    start.textContent = 'Stop';
    status.textContent = 'Loading TensorFlow.js \u2026';
    counts.textContent = '';
    [generation, screened, trained] = [0, 0, 0];
    chart.clear();
    list.show([]);
    trainer.start(
      {
        kind: 'evolve',
        backend: backend.value as BackendChoice,
        sketch: sketch ?? DEFAULT,
        settings: {
          generations: generations.value(),
          steps: steps.value(),
          seed: String(seed.value()),
        },
      },
      told,
    );
  });
  const offer = (given: SketchRef | undefined): void => {
    if (about.hasChildNodes() && sketch?.name === given?.name) {
      sketch = given;
      return;
    }
    sketch = given;
    fill(about, ...(given === undefined ? defaultOffer(onTake) : ownOffer(given)));
  };
  offer(undefined);
  return {
    id: 'evolve',
    title: 'Evolve',
    element: element(
      'div',
      {},
      element(
        'section',
        { class: 'card training' },
        element(
          'p',
          { class: 'note' },
          'The search generates, mutates and crosses formulas. Those that pass a few quick tests train a small network on generated digits, and the better ones survive.',
        ),
        about,
        element(
          'div',
          { class: 'fields' },
          generations.element,
          steps.element,
          seed.element,
          backend.element,
          start,
        ),
        status,
        counts,
        chart.element,
      ),
      list.element,
    ),
    show() {},
    showNothing() {},
    offer,
  };
}

const ownOffer = ({ name }: SketchRef): HTMLElement[] => [
  element('p', {}, 'The search fills the sketch ', element('code', {}, name), ' in the editor.'),
];

const defaultOffer = (onTake: EvolveEvents['onTake']): HTMLElement[] => [
  element(
    'details',
    {},
    element(
      'summary',
      {},
      'The text in the editor has no sketch (a loss with a hole ',
      element('code', {}, '?'),
      '), so the search fills a default sketch.',
    ),
    element('pre', {}, element('code', {}, DEFAULT.text.trim())),
    button('Open it in the editor', { class: 'quiet' }, () => onTake(DEFAULT.text)),
  ),
];
