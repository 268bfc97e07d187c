import { filled } from '../../words/fill.js';
import { figure, plural } from '../../words/sentence.js';
import { type Explanation, type Finding, TOPICS, type Topic } from '../explanation.js';

/** Columns of a terminal. */
const WIDTH = 100;
const STATUS_WIDTH = 'measured'.length;
const INDENT = ' '.repeat(2 + STATUS_WIDTH + 2);

const FAMILIES: Readonly<Record<Explanation['family'], string>> = {
  classes: 'classification',
  binary: 'binary classification',
  margin: 'margin loss',
  regression: 'regression',
  other: 'general properties only, since it has no familiar form',
};

/** An explanation as text for a terminal: the formula, then the findings by topic, each with its status and its reason. */
export function printExplanation(explanation: Explanation): string {
  const { gradients, findings } = explanation;
  const topics = (Object.keys(TOPICS) as Topic[]).flatMap((topic) => {
    const own = findings.filter((finding) => finding.topic === topic);
    return own.length === 0 ? [] : ['', TOPICS[topic], ...own.flatMap(findingLines)];
  });
  const lines = [
    ...headLines(explanation),
    ...gradients.flatMap(({ input, text }) => [`derivative with respect to ${input}`, ...indented(text)]),
    ...topics,
  ];
  return `${lines.map(plainText).join('\n')}\n`;
}

/** What the loss is, what was assumed, and its value. */
export function headLines({ loss, family, setting, value }: Explanation): string[] {
  const classes =
    setting.classes === undefined ? '' : `, figures for ${plural(setting.classes, 'class', 'classes')}`;
  const logits = setting.fromLogits ? ', formula from logits' : '';
  const given = Object.entries(setting.given).map(([name, one]) => `${name} = ${valueText(one)}`);
  return [
    `${loss}: ${FAMILIES[family]}${classes}${logits}`,
    ...(given.length === 0 ? [] : wrapped(`with ${given.join(', ')}`, '')),
    '',
    'value',
    ...indented(value),
  ];
}

const findingLines = (finding: Finding): string[] => [
  ...findingStatement(finding),
  ...wrapped(finding.reason, `${INDENT}  `),
];

/** A finding without its reason. */
export const findingStatement = ({ status, statement }: Finding): string[] =>
  wrapped(statement, INDENT, `  ${status.padEnd(STATUS_WIDTH)}  `);

const indented = (text: string): string[] => text.split('\n').map((line) => `  ${line}`);

function valueText(value: number | readonly unknown[]): string {
  return typeof value === 'number'
    ? figure(value)
    : `[${value.map((one) => valueText(one as number)).join(', ')}]`;
}

/** A text in lines that fit; the first begins with `first`, the others with `indent`. */
const wrapped = (text: string, indent: string, first = indent): string[] =>
  filled(text, WIDTH - indent.length, WIDTH - first.length).map(
    (line, i) => `${i === 0 ? first : indent}${line}`,
  );

/** No character of the user's text reaches the terminal as a command. */
export const plainText = (text: string): string => text.replace(/[^\P{C}]/gu, ' ');
