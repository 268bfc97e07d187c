import type { Answer } from '../language-server/commands.js';

/** What a page shows. */
export interface Shown {
  readonly heading: string;
  /** Where the loss is. */
  readonly place: string;
  readonly answer: Answer;
}

const STYLE = `
body { padding: 1rem 1.5rem 2rem; color: var(--vscode-foreground); font: 13px/1.5 var(--vscode-font-family); }
body.vscode-light, body.vscode-high-contrast-light { color-scheme: light; }
body.vscode-dark, body.vscode-high-contrast:not(.vscode-high-contrast-light) { color-scheme: dark; }
h1 { margin: 0; font-size: 1.4em; font-weight: 600; }
h1 + p { margin: 0 0 1.2rem; color: var(--vscode-descriptionForeground); }
h1.failed { color: var(--vscode-errorForeground); }
pre { margin: 0; padding: 0.9rem 1.1rem; overflow-x: auto; white-space: pre-wrap; border-radius: 6px;
  background: var(--vscode-textCodeBlock-background);
  font: var(--vscode-editor-font-size)/1.5 var(--vscode-editor-font-family); }
.frames { white-space: pre; }
img { display: block; max-width: 100%; border-radius: 6px; }
details { margin-top: 1rem; }
summary { cursor: pointer; padding: 0.2rem 0; }
summary:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
`;

/**
 * A page of a side panel. Nothing in it runs or comes from elsewhere: the style is the one with the nonce, a picture is in the page as
 * data, so that what stands in it stays a picture.
 */
export function pageOf({ heading, place, answer }: Shown, nonce: string): string {
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; img-src data:`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(heading)}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<h1${answer.failed === true ? ' class="failed"' : ''}>${escapeHtml(heading)}</h1>
<p>${escapeHtml(place)}</p>
${contentOf(answer, heading)}
</body>
</html>
`;
}

function contentOf({ text, full, isPicture, failed }: Answer, heading: string): string {
  if (isPicture === true) {
    const data = Buffer.from(text, 'utf8').toString('base64');
    return `<img alt="${escapeHtml(heading)}" src="data:image/svg+xml;base64,${data}">`;
  }
  // Marks stand below what they point at.
  const summary = `<pre${failed === true ? ' class="frames"' : ''}>${escapeHtml(text)}</pre>`;
  return full === undefined
    ? summary
    : `${summary}
<details>
<summary>All findings, with their reasons</summary>
<pre>${escapeHtml(full)}</pre>
</details>`;
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
