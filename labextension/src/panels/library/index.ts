import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';
import { promptHubIcon } from '../../icons';
import { Library } from './Library';
import type { LibraryModel } from './model';

export { LibraryModel } from './model';
export type { ILibraryState } from './model';

/** The library in the left sidebar. */
export class LibraryPanel extends ReactWidget {
  constructor(readonly model: LibraryModel) {
    super();
    this.id = 'prompthub-library';
    this.title.icon = promptHubIcon;
    this.title.caption = model.hub.trans.__('PromptHub library');
    this.addClass('jp-PromptHub-library');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', model.hub.trans.__('PromptHub library'));
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }

  protected override onActivateRequest(_: Message): void {
    this.node.querySelector<HTMLElement>('input')?.focus();
  }

  protected override render(): JSX.Element {
    return React.createElement(Library, { model: this.model });
  }
}
