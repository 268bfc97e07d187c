import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.js';
import { ASKED } from '../evolve/executors/ask-executor.js';
import { scoreOf } from '../evolve/model/evaluator-messages.js';
import { writeFileSafely } from '../files.js';
import { print } from '../terminal.js';
import { helloOf, openQuestions } from './asked.js';
import type { Define } from './command.js';

/** `lossc tell RUN KEY VALUE`: the answer to a training that a run asks for. */
export const define: Define = (command) => {
  command
    .argument('<run>', 'folder of a run that was started with --ask')
    .argument('<key>', 'name of the folder under asked/, or its first characters')
    .argument('<value>', 'value of the metric; nan for a training that diverged')
    .action((directory: string, key: string, text: string) => {
      const { metric } = helloOf(directory);
      const found = openQuestions(directory).filter(({ question }) => question.key.startsWith(key));
      if (found.length !== 1)
        throw new UsageError(
          found.length > 1
            ? `${key} begins ${found.length} keys`
            : existsSync(join(directory, ASKED, key, 'metrics.json'))
              ? `${key} has already been answered`
              : `the run in ${directory} is not waiting for ${key}`,
          `lossc ask ${directory} lists the waiting trainings`,
        );
      const [{ question, folder }] = found as [(typeof found)[number]];
      const value = Number(text);
      const diverged = /^nan$/i.test(text);
      if (!diverged && (text.trim() === '' || scoreOf(metric, value) === undefined))
        throw new UsageError(
          `"${text}" is not a value of ${metric.name}`,
          metric.goal === 'higher' ? 'it lies between 0 and 1' : 'it is at least 0',
        );
      const { key: id } = question;
      const answer = diverged
        ? { type: 'error', id, kind: 'diverged', message: 'told so' }
        : { type: 'result', id, metrics: { [metric.name]: value } };
      writeFileSafely(join(folder, 'metrics.json'), `${JSON.stringify(answer)}\n`);
      print(`${id}: ${diverged ? 'diverged' : `${metric.name} ${value}`}`);
    });
};
