import { MainAreaWidget } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { connectionIcon } from '../../icons';
import { Connections } from './Connections';
import type { ConnectionsModel } from './model';

export { ConnectionsModel } from './model';

class ConnectionsContent extends ReactWidget {
  constructor(readonly model: ConnectionsModel) {
    super();
    this.addClass('jp-PromptHub-connections');
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }

  protected override render(): JSX.Element {
    return React.createElement(Connections, { model: this.model });
  }
}

/** The connections, in the main area. */
export class ConnectionsWidget extends MainAreaWidget<ConnectionsContent> {
  constructor(model: ConnectionsModel) {
    super({ content: new ConnectionsContent(model) });
    this.id = ConnectionsWidget.ID;
    this.toolbar.hide();
    this.title.icon = connectionIcon;
    this.title.label = model.hub.trans.__('Connections');
    this.title.closable = true;
  }

  static readonly ID = 'prompthub-connections';
}
