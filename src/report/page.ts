/** A report as one HTML page that needs nothing else: no network, no fonts, no images. */
import { createHash } from 'node:crypto';
import { type Content, type Html, html, joined, trusted } from './html.js';
import { SCRIPT } from './script.js';
import { STYLE } from './style.js';

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Allows the style and script of the page itself, by their hashes, and nothing else from anywhere. */
const POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(STYLE)}`,
  `script-src ${hashOf(SCRIPT)}`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export function page(title: string, sections: readonly Content[]): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(STYLE)}</style>
</head>
<body>
<header><h1>${title}</h1><button type="button" id="theme">Light or dark</button></header>
<main>
${joined(sections, '\n')}
</main>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`;
}
