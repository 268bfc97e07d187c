import { explainLoss } from '../../../../compiler/explain/explain.js';
import { TOPICS, type Topic } from '../../../../compiler/explain/explanation.js';
import { headLines } from '../../../../compiler/explain/text/print.js';
import type { Asks } from '../../messages.js';
import { lossOf } from '../losses.js';

/** What the compiler finds out about a loss, by topic. */
export function explain({ loss }: Asks['explain']['ask']): Asks['explain']['answer'] {
  const { program, decl } = lossOf(loss);
  const explanation = explainLoss(program, decl);
  const lines = headLines(explanation);
  const topics = (Object.keys(TOPICS) as Topic[]).map((topic) => ({
    title: TOPICS[topic],
    findings: explanation.findings
      .filter((finding) => finding.topic === topic)
      .map(({ status, statement, reason }) => ({ status, statement, reason })),
  }));
  return {
    doc: explanation.doc,
    // The value comes behind an empty line, and the page shows it as mathematics.
    head: lines.slice(0, lines.indexOf('')),
    topics: topics.filter(({ findings }) => findings.length > 0),
  };
}
