import { MainAreaWidget } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';
import { compareIcon } from '../icons';
import type { SideBySide } from './model';
import { SideBySideView } from './SideBySide';

export { SideBySide } from './model';

class Content extends ReactWidget {
  constructor(
    readonly model: SideBySide,
    private readonly _keys: string
  ) {
    super();
    this.addClass('jp-PromptHub-sideBySide');
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }

  protected override onActivateRequest(_: Message): void {
    this.node.querySelector<HTMLElement>('.jp-PromptHub-button')?.focus();
  }

  protected override render(): JSX.Element {
    return React.createElement(SideBySideView, { model: this.model, keys: this._keys });
  }
}

/** Runs of one open prompt beside each other, in the main area; it goes when the prompt's editor goes. */
export class SideBySideWidget extends MainAreaWidget<Content> {
  constructor(model: SideBySide, keys: string) {
    super({ content: new Content(model, keys) });
    const { trans } = model.hub;
    this.path = model.prompt.context.path;
    this.id = SideBySideWidget.idOf(this.path);
    this.toolbar.hide();
    this.title.icon = compareIcon;
    this.title.closable = true;
    const name = () => {
      const known = model.prompt.draft?.prompt?.name;
      this.title.label = known ? trans.__('Side by side: %1', known) : trans.__('Side by side');
      this.title.caption = trans.__('Runs on several models or versions beside each other');
    };
    model.changed.connect(name);
    name();
  }

  readonly path: string;

  static idOf(path: string): string {
    return `prompthub-side-by-side-${path}`;
  }
}
