/** The style of the charts of the page: lines as in all pictures, colours as the page has them. */
import { COLOURS } from '../charts/colours.js';
import { LINE_STYLE } from '../charts/style.js';

export const CHART_STYLE = `.chart {
text{font-size:12px;font-family:var(--sans)}
${LINE_STYLE}
.label{fill:var(--soft)}.note{fill:var(--soft);stroke:var(--card)}
.title,.heading{fill:var(--ink)}
.grid{stroke:var(--line)}.frame{stroke:none}.zero,.mark{stroke:var(--faint)}
.dot{fill:var(--card)}
${COLOURS.map(({ light, dark }, i) => `.colour${i}{stroke:light-dark(${light},${dark})}.band.colour${i}{fill:light-dark(${light},${dark});stroke:none;opacity:.16}`).join('\n')}
.faint{fill:var(--faint);opacity:.35}
}
${COLOURS.map(({ light, dark }, i) => `.key${i}{background:light-dark(${light},${dark})}`).join('\n')}
`;
