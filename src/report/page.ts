/** A report as one HTML page that needs nothing else: no network, no fonts, no images. */
import { createHash } from 'node:crypto';
import { type Content, type Html, html, joined, trusted } from './html.js';
import { LIVE_SCRIPT } from './live/live-script.js';
import { SCRIPT } from './script.js';
import { STYLE } from './style.js';

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Allows the style and script of the page itself, by their hashes, and nothing else from anywhere. */
const policyOf = (script: string, ...more: readonly string[]): string =>
  [
    "default-src 'none'",
    `style-src ${hashOf(STYLE)}`,
    `script-src ${hashOf(script)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    ...more,
  ].join('; ');

/** A page that a server keeps up to date knows which version it is. */
export interface Live {
  readonly version: string;
}

export function page(title: string, sections: readonly Content[], live?: Live): Html {
  const script = live === undefined ? SCRIPT : SCRIPT + LIVE_SCRIPT;
  const policy = live === undefined ? policyOf(script) : policyOf(script, "connect-src 'self'");
  const version = live === undefined ? undefined : html` data-version="${live.version}"`;
  const status = live === undefined ? undefined : html`<span id="live" role="status">live</span>`;
  return html`<!doctype html>
<html lang="en"${version}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(STYLE)}</style>
</head>
<body>
<header><h1>${title}</h1>${status}<button type="button" id="theme">Light or dark</button></header>
<main>
${joined(sections, '\n')}
</main>
<script>${trusted(script)}</script>
</body>
</html>
`;
}
