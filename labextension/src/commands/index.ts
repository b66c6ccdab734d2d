import type { IDocumentManager } from '@jupyterlab/docmanager';
import { addBranchCommands } from './branches';
import type { ICommandContext } from './context';
import { addDeploymentCommands } from './deployments';
import { addElsewhereCommand } from './elsewhere';
import { addGitCommands } from './git';
import { addKeyboardCommand } from './keyboard';
import { addPickCommands } from './picks';
import { addPromptCommands } from './prompts';
import { addQuickstartCommand } from './quickstart';
import { addReviewCommands } from './reviews';
import { addTransferCommands } from './transfer';
import { addVersionCommands } from './versions';

export type { ICommandContext } from './context';
export { CommandIDs, PROMPT_FACTORY, SETTINGS_ID } from './ids';
export { importSources } from './importing';
export { ofContents, ofTransfer } from './sources';

/** All commands but those that open the panels; these are with the panels. */
export function addCommands(context: ICommandContext, documents: IDocumentManager): void {
  addPromptCommands(context, documents);
  addVersionCommands(context);
  addBranchCommands(context);
  addElsewhereCommand(context);
  addPickCommands(context);
  addReviewCommands(context);
  addDeploymentCommands(context);
  addTransferCommands(context);
  addGitCommands(context);
  addQuickstartCommand(context);
  addKeyboardCommand(context);
}
