import { Token } from '@lumino/coreutils';
import type { Room } from './room';

/** The rooms of open drafts. */
export interface IPromptDrive {
  /** The room of an open document, by its path; null when it is not open or not a draft. */
  room(path: string): Room | null;
}

export const IPromptDrive = new Token<IPromptDrive>(
  'jupyterlab-prompthub:IPromptDrive',
  'The drive of prompts: the rooms of the drafts that are open.'
);
