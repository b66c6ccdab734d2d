import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';
import { promptHubIcon } from '../../icons';
import { Library } from './Library';
import type { IDropHandlers } from './drop';
import { DropTarget } from './drop';
import type { LibraryModel } from './model';
import type { Preferences } from './preferences';

export type { ICellJSON } from './cells';
export { CELL_MIME, referenceOf, WRITTEN_MIME } from './cells';
export { PROMPTS_MIME } from './drag';
export type { IFilter, ISavedFilter } from './filter';
export { LibraryModel } from './model';
export type { ILibraryState } from './filter';
export { Preferences } from './preferences';
export { idsBelow } from './select';

/** The library in the left sidebar. */
export class LibraryPanel extends ReactWidget {
  constructor(
    readonly model: LibraryModel,
    private readonly _preferences: Preferences,
    drops: IDropHandlers
  ) {
    super();
    this.id = 'prompthub-library';
    this.title.icon = promptHubIcon;
    this.title.caption = model.hub.trans.__('PromptHub library');
    this.addClass('jp-PromptHub-library');
    this._drops = new DropTarget(this.node, model, drops);
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', model.hub.trans.__('PromptHub library'));
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._drops.dispose();
      this.model.dispose();
      this._preferences.dispose();
      super.dispose();
    }
  }

  protected override onActivateRequest(_: Message): void {
    this.node.querySelector<HTMLElement>('input')?.focus();
  }

  protected override render(): JSX.Element {
    return React.createElement(Library, { model: this.model, preferences: this._preferences });
  }

  private readonly _drops: DropTarget;
}
