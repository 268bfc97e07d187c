import { COLOURS } from '../charts/colours.js';
import { DASHES } from '../charts/style.js';

/** The style of the page: colours for light and dark, one column on narrow screens, two on wide ones. */
const variables = (mode: 'light' | 'dark'): string =>
  COLOURS.map((colour, i) => `--c${i}:${colour[mode]};`).join('');
const LIGHT = `--page:#fbfbf9;--card:#fff;--ink:#1c1c1a;--soft:#63635e;--line:#e3e3de;--track:#efefeb;--link:#1f5fa8;
${variables('light')}`;
const DARK = `--page:#151617;--card:#1d1f21;--ink:#e9e9e6;--soft:#a2a29c;--line:#33363a;--track:#2a2d30;--link:#7db4f0;
${variables('dark')}`;

const CLASSES = COLOURS.map(
  (_, i) => `.line-${i}{stroke:var(--c${i})}.fill-${i}{fill:var(--c${i})}.key-${i}{background:var(--c${i})}`,
).join('\n');

const DASHED = DASHES.map((dash, i) => {
  if (dash === '') return '';
  const [stroke, gap] = dash.split(' ');
  const key = `repeating-linear-gradient(90deg,#000 0 ${stroke}px,transparent ${stroke}px ${Number(stroke) + Number(gap)}px)`;
  return `.line-dash-${i}{stroke-dasharray:${dash}}.key-dash-${i}{-webkit-mask:${key};mask:${key}}`;
}).join('\n');

export const STYLE = `
:root{color-scheme:light;${LIGHT}}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${DARK}}}
:root[data-theme=dark]{color-scheme:dark;${DARK}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
header,main{max-width:1160px;margin:0 auto;padding:0 20px}
header{display:flex;gap:16px;align-items:center;justify-content:space-between;padding-top:24px}
h1{font-size:22px;margin:0;overflow-wrap:anywhere}
h2{font-size:16px;margin:0 0 12px}
#live{margin-left:auto;color:var(--soft);font-size:13px}#live::before{content:'';display:inline-block;width:8px;height:8px;border-radius:50%;background:var(--c2);margin-right:6px}
#live:not([data-state=running])::before{background:var(--soft)}
main{display:grid;grid-template-columns:minmax(0,1fr);gap:16px;padding-top:16px;padding-bottom:40px}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:18px;min-width:0}
@media (min-width:900px){main{grid-template-columns:repeat(2,minmax(0,1fr))}
#overview,#winner,#comparison,#candidates,#reproduce{grid-column:1/-1}}
p{margin:0 0 12px}
.note{color:var(--soft);font-size:13px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(120px,1fr));gap:12px;margin:0}
.tile{border-left:3px solid var(--line);padding-left:10px}
.tile dt{color:var(--soft);font-size:12px}
.tile dd{margin:0;font-size:19px;font-variant-numeric:tabular-nums}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:2px 14px;margin:0 0 12px}
.facts dt{color:var(--soft)}.facts dd{margin:0;overflow-wrap:anywhere}
code,pre{font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
td:last-child code,li code{overflow-wrap:anywhere}
td code{white-space:nowrap}td:last-child code{white-space:normal}
pre{background:var(--page);border:1px solid var(--line);border-radius:6px;padding:10px 12px;overflow:auto;margin:0 0 12px;max-height:420px}
.scroll{overflow:auto;margin:0 0 12px}.tall{max-height:420px}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th,td{text-align:left;padding:5px 10px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--soft);font-weight:500;white-space:nowrap}.tall th{position:sticky;top:0;background:var(--card)}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td:last-child{min-width:180px}
.pick,.chip{border:1px solid var(--line);border-radius:999px;padding:0 8px;font-size:12px;font-weight:500}
figure{margin:0 0 12px}svg{display:block;width:100%;height:auto;max-width:640px;margin:0 auto}
svg text{font:12px system-ui,sans-serif;fill:var(--ink)}svg .tick{fill:var(--soft)}
.grid{stroke:var(--line)}.mark{stroke:var(--soft);stroke-dasharray:3 3}
polyline{fill:none;stroke-width:2;stroke-linejoin:round}polyline.faint{stroke-width:1;opacity:.3}circle.faint{opacity:.28}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;justify-content:center;color:var(--soft);font-size:13px}
.legend i{display:inline-block;width:24px;height:3px;margin-right:6px;vertical-align:middle;border-radius:2px}
.bars{margin:0 0 14px}
.bar{display:grid;grid-template-columns:minmax(90px,38%) 1fr max-content;gap:10px;align-items:center;font-size:13px;padding:3px 0}
svg.bar-track{background:var(--track);width:100%;max-width:none;height:12px;border-radius:3px;overflow:hidden}
.bar-value{color:var(--soft);font-variant-numeric:tabular-nums}
.switch,.filter{display:flex;flex-wrap:wrap;gap:6px 10px;margin:0 0 10px;align-items:center}
button,input,select{font:inherit;font-size:13px;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:6px;padding:4px 10px}
button{cursor:pointer}button[aria-pressed=true]{border-color:var(--c0);color:var(--c0)}
:focus-visible{outline:2px solid var(--link);outline-offset:1px}
.lineage{margin:0;padding:0;list-style:none;max-height:480px;overflow:auto}
.lineage li{border-left:2px solid var(--line);padding:0 0 12px 14px;margin-left:4px}
.lineage mark{background:none;color:inherit;font-weight:700;border-bottom:2px solid var(--c0)}.gone{opacity:.6}
.step{display:flex;flex-wrap:wrap;gap:4px 10px;align-items:baseline}
summary{cursor:pointer;margin-bottom:8px}
${CLASSES}
${DASHED}
@media (max-width:600px){body{font-size:14px}header,main{padding-left:12px;padding-right:12px}section{padding:14px}svg text{font-size:17px}svg .axis{font-size:16px}}
@media print{button,.filter{display:none}section{break-inside:avoid}}
`;
