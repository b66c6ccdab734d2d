import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IEstimate } from '../api';
import { dollars } from './format';

const NANO = 1e9;

/** A number of tokens: `26 tokens`, or `≈ 26 tokens` where the model's own tokenizer did not count. */
export function sayTokens(count: number, exact: boolean, trans: TranslationBundle): string {
  const said = trans._n('%1 token', '%1 tokens', count);
  return exact ? said : `≈ ${said}`;
}

/** What runs would send and cost together, in one line; empty where nothing can be said. */
export function sayEstimate(estimates: readonly IEstimate[], trans: TranslationBundle): string {
  const told = estimates.filter(({ input_tokens }) => input_tokens !== null);
  if (told.length === 0) {
    return '';
  }
  const sum = (of: (each: IEstimate) => number | null): number =>
    told.reduce((total, each) => total + (of(each) ?? 0), 0);
  const every = (of: (each: IEstimate) => number | null): boolean =>
    told.every(each => of(each) !== null);
  const said = [
    sayTokens(
      sum(each => each.input_tokens),
      told.every(({ exact }) => exact),
      trans
    )
  ];
  const priced = told.filter(each => each.input_cost_nano_usd !== null);
  const asked = sum(each => each.input_cost_nano_usd) / NANO;
  const most = asked + sum(each => each.max_output_cost_nano_usd) / NANO;
  if (priced.length === 0) {
    said.push(trans.__('cost not known'));
  } else if (priced.length < told.length) {
    const unknown = told.length - priced.length;
    said.push(
      asked === 0
        ? trans.__('%1 of unknown cost, the rest free', unknown)
        : trans.__('about %1 and %2 of unknown cost', dollars(asked), unknown)
    );
  } else if (!every(each => each.max_output_cost_nano_usd)) {
    said.push(trans.__('about %1 and the answer', dollars(asked)));
  } else if (most === 0) {
    said.push(trans.__('free'));
  } else {
    said.push(trans.__('about %1, at most %2', dollars(asked), dollars(most)));
  }
  if (every(each => each.max_output_tokens)) {
    const bound = sum(each => each.max_output_tokens);
    said.push(trans._n('answer up to %1 token', 'answer up to %1 tokens', bound));
  }
  return said.join(' · ');
}

/** What the numbers rest on. */
export function sayBasis(estimates: readonly IEstimate[], trans: TranslationBundle): string {
  const told = estimates.filter(({ input_tokens }) => input_tokens !== null);
  const counted = told.every(({ exact }) => exact)
    ? trans.__('Counted by the model’s own tokenizer.')
    : trans.__(
        'Tokens by a rule of thumb: a provider may count a fifth more or less, media not at all.'
      );
  const prices = [...new Set(told.map(({ price }) => price).filter(Boolean))];
  return [counted, ...prices].join('\n');
}

/** The line beside Run. */
export function EstimateLine(props: {
  estimates: readonly IEstimate[];
  trans: TranslationBundle;
}): JSX.Element | null {
  const { estimates, trans } = props;
  const said = sayEstimate(estimates, trans);
  return said ? (
    <span
      className="jp-PromptHub-quiet jp-PromptHub-estimate"
      title={sayBasis(estimates, trans)}
      aria-label={trans.__('Before running: %1', said)}
    >
      {said}
    </span>
  ) : null;
}
