import type { CodeFile } from '../../messages.js';
import { type Client, latest } from '../client.js';
import { copying } from '../copy.js';
import { button, element, fill } from '../dom.js';
import { type Panel, refOf, type Subject } from '../subject.js';
import { guarded } from './guarded.js';

/** What each target is for. */
const TITLES: Readonly<Record<string, string>> = {
  ts: 'TensorFlow.js (TypeScript)',
  js: 'TensorFlow.js (JavaScript)',
  pytorch: 'PyTorch',
  jax: 'JAX',
  keras: 'Keras',
  onnx: 'ONNX',
  latex: 'LaTeX',
};

/** The code that the loss compiles to, for one target after the other. */
export function codePanel(client: Client): Panel {
  const bar = element('div', { class: 'choices', role: 'group', 'aria-label': 'Target' });
  const files = element('div', {});
  let target = 'pytorch';
  let subject: Subject | undefined;
  const load = latest(
    guarded(files, async (wanted: Subject) => {
      if (bar.childElementCount === 0) choices(await client.ask('targets', {}));
      fill(files, ...(await client.ask('code', { loss: refOf(wanted, wanted.values), target })).map(fileOf));
    }),
  );
  const choices = (targets: readonly string[]): void =>
    fill(
      bar,
      ...targets.map((name) =>
        button(TITLES[name] ?? name, { 'aria-pressed': String(name === target), 'data-target': name }, () => {
          target = name;
          for (const one of bar.querySelectorAll<HTMLElement>('[data-target]'))
            one.setAttribute('aria-pressed', String(one.dataset['target'] === target));
          if (subject !== undefined) load(subject);
        }),
      ),
    );
  return {
    id: 'code',
    title: 'Code',
    element: element('div', {}, bar, files),
    show: (shown) => {
      subject = shown;
      load(shown);
    },
  };
}

function fileOf({ name, content }: CodeFile): HTMLElement {
  const isText = typeof content === 'string';
  return element(
    'section',
    { class: 'card file' },
    element(
      'div',
      { class: 'bar' },
      element('h3', {}, name),
      isText ? copying('Copy', () => content) : undefined,
      button('Download', { class: 'quiet' }, () => download(name, content)),
    ),
    isText
      ? element('pre', { tabindex: '0', 'aria-label': name }, element('code', {}, content))
      : element('p', { class: 'note' }, `A model of ${content.length} bytes.`),
  );
}

function download(name: string, content: string | Uint8Array<ArrayBuffer>): void {
  const address = URL.createObjectURL(new Blob([content]));
  element('a', { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}
