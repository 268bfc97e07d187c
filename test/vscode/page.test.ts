import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pageOf } from '../../src/vscode/page.js';

const pages = suite('pages of side panels');

const NONCE = 'bm9uY2U=';
const HOSTILE = '</pre><script>alert("x")</script><img src=x onerror=alert(1)>\'&';

/** Elements that a page may have. */
const ELEMENTS = /^(?:!DOCTYPE|html|head|meta|title|style|body|h1|p|pre|img|details|summary)$/;
const elementsIn = (page: string): readonly string[] =>
  [...page.matchAll(/<\/?([A-Za-z!][\w-]*)/g)].map((match) => match[1]!);

pages('what is in a file is text, wherever it is shown', () => {
  const page = pageOf(
    { heading: HOSTILE, place: HOSTILE, answer: { text: HOSTILE, full: HOSTILE, failed: true } },
    NONCE,
  );
  assert.not.match(page, HOSTILE);
  for (const element of elementsIn(page)) assert.match(element, ELEMENTS);
  assert.match(page, '&#60;script&#62;alert(&#34;x&#34;)');
  assert.is(page.match(/<pre\b/g)!.length, 2);
  assert.match(page, '<h1 class="failed">');
});

pages('a picture is data, and what stands in it stays in it', () => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg"><text>é ${HOSTILE}</text></svg>`;
  const page = pageOf({ heading: 'Plot', place: 'a.loss', answer: { text: svg, isPicture: true } }, NONCE);
  assert.not.match(page, '<svg');
  for (const element of elementsIn(page)) assert.match(element, ELEMENTS);
  const data = /src="data:image\/svg\+xml;base64,([\w+/=]+)"/.exec(page)![1]!;
  assert.is(Buffer.from(data, 'base64').toString('utf8'), svg);
});

pages('nothing runs and nothing is loaded', () => {
  const page = pageOf({ heading: 'Explanation', place: 'a.loss', answer: { text: 'a' } }, NONCE);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)![1]!;
  assert.equal(policy.split('; '), ["default-src 'none'", `style-src 'nonce-${NONCE}'`, 'img-src data:']);
  assert.not.match(page, /https?:|\son\w+=|\bstyle="/);
  assert.match(page, `<style nonce="${NONCE}">`);
});

pages.run();
