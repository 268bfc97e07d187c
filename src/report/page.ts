/** The report as one HTML page that needs nothing else: no network, no fonts, no images. */
import type { ReportData } from './data.js';
import { escapeHtml } from './html.js';
import { SCRIPT } from './script.js';
import { candidates } from './sections/candidates.js';
import { comparison } from './sections/comparison.js';
import { front } from './sections/front.js';
import { learning } from './sections/learning.js';
import { lineage } from './sections/lineage.js';
import { overview } from './sections/overview.js';
import { progress } from './sections/progress.js';
import { rejected } from './sections/rejected.js';
import { reproduce } from './sections/reproduce.js';
import { time } from './sections/time.js';
import { winner } from './sections/winner.js';
import { STYLE } from './style.js';

const SECTIONS = [
  overview,
  winner,
  comparison,
  progress,
  front,
  learning,
  rejected,
  time,
  lineage,
  candidates,
  reproduce,
] as const;

/** Allows the style and script of the page itself and nothing from anywhere. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

export function reportPage(data: ReportData): string {
  const title = `lossc: ${data.winner?.name ?? 'a search'}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<header><h1>${escapeHtml(title)}</h1><button type="button" id="theme">Light or dark</button></header>
<main>
${SECTIONS.map((section) => section(data)).join('\n')}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}
