import * as React from 'react';
import type { IProblem } from '../api';
import { warningIcon } from '../icons';
import type { PromptModel } from './model';

/** What is wrong in the text, with places; a click goes there. */
export function Problems(props: {
  model: PromptModel;
  onGo: (problem: IProblem) => void;
}): JSX.Element | null {
  const { model, onGo } = props;
  const { trans } = model.hub;
  const problems = model.textProblems;
  if (problems.length === 0) {
    return null;
  }
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return (
    <section className="jp-PromptHub-problems" aria-label={trans.__('Problems')}>
      <header role="status">
        {errors > 0
          ? trans._n(
              '%1 error. The draft is kept as typed; it cannot become a version yet.',
              '%1 errors. The draft is kept as typed; it cannot become a version yet.',
              errors
            )
          : trans._n('%1 note', '%1 notes', problems.length)}
      </header>
      <ul>
        {problems.map((problem, index) => (
          <li key={index}>
            <button
              type="button"
              className={`jp-PromptHub-problem jp-mod-${problem.severity}`}
              onClick={() => onGo(problem)}
            >
              <warningIcon.react tag="span" className="jp-PromptHub-icon" />
              <span className="jp-PromptHub-problem-place">
                {trans.__('line %1, column %2', problem.line, problem.column)}
              </span>
              <span>{problem.message}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
