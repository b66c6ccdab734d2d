import * as React from 'react';
import { classes } from '../components/basics';
import { useSignal } from '../components/hooks';
import { ContractTab } from '../contract/ContractTab';
import type { PromptModel, Tab } from './model';
import { Preview } from './preview';
import { RunTab } from './runtab';
import { SettingsTab } from './settingstab';

/** The tabs beside the source; `Preview` is among them where there is no room for it below the source. */
export function SidePanel(props: {
  model: PromptModel;
  keys: string;
  narrow: boolean;
  onAdd: (() => void) | null;
  onSideBySide: (() => void) | null;
  onOpenSnippet: (name: string) => void;
}): JSX.Element {
  const { model, keys, narrow, onAdd, onSideBySide, onOpenSnippet } = props;
  const { trans } = model.hub;
  useSignal(model.changed);
  const id = React.useId();
  const tabs: { tab: Tab; label: string }[] = [
    { tab: 'run', label: trans.__('Run') },
    { tab: 'contract', label: trans.__('Contract') },
    { tab: 'settings', label: trans.__('Settings') },
    ...(narrow ? [{ tab: 'preview' as const, label: trans.__('Preview') }] : [])
  ];
  const shown = tabs.some(({ tab }) => tab === model.tab) ? model.tab : 'run';

  const onKeyDown = (event: React.KeyboardEvent<HTMLElement>) => {
    const at = tabs.findIndex(({ tab }) => tab === shown);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (next) {
      event.preventDefault();
      model.tab = next.tab;
      event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next.tab}"]`)?.focus();
    }
  };

  return (
    <div className="jp-PromptHub-side">
      <div
        className="jp-PromptHub-tabs"
        role="tablist"
        aria-label={trans.__('About this prompt')}
        onKeyDown={onKeyDown}
      >
        {tabs.map(({ tab, label }) => (
          <button
            key={tab}
            type="button"
            role="tab"
            id={`${id}-${tab}`}
            data-tab={tab}
            aria-selected={tab === shown}
            aria-controls={`${id}-panel`}
            tabIndex={tab === shown ? 0 : -1}
            className={classes('jp-PromptHub-tab', tab === shown && 'jp-mod-current')}
            onClick={() => (model.tab = tab)}
          >
            {label}
          </button>
        ))}
      </div>
      <div
        className="jp-PromptHub-tabpanel"
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${shown}`}
      >
        {shown === 'run' && (
          <RunTab model={model} keys={keys} onAdd={onAdd} onSideBySide={onSideBySide} />
        )}
        {shown === 'contract' && <ContractTab model={model} onOpenSnippet={onOpenSnippet} />}
        {shown === 'settings' && <SettingsTab model={model} />}
        {shown === 'preview' && <Preview model={model} />}
      </div>
    </div>
  );
}
