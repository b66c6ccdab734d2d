import { Notification } from '@jupyterlab/apputils';
import type { IReview } from '../api';
import { PromptHubError } from '../api';
import { askForm } from '../components/form';
import { reportDone, reportError } from '../components/notify';
import { reviewIcon } from '../icons';
import { reviewerField } from '../review/open';
import type { ICommandContext } from './context';
import { addPromptCommand, textArg } from './context';
import { CommandIDs } from './ids';

/** Ask to merge a branch. */
export function addReviewCommands(context: ICommandContext): void {
  const { app, hub, trans } = context;
  const { api } = hub;

  addPromptCommand(context, CommandIDs.newReview, {
    label: trans.__('Open review…'),
    caption: trans.__('Ask others to look at a branch before it is merged'),
    icon: reviewIcon,
    needs: 'review:write',
    execute: async ({ promptId, branch }, args) => {
      const wanted = {
        source: textArg(args, 'source') ?? (branch === 'main' ? null : branch),
        target: textArg(args, 'target')
      };
      try {
        return await ask(promptId, wanted.source, wanted.target);
      } catch (error) {
        reportError(trans, trans.__('The review was not opened'), error);
        return null;
      }
    }
  });

  async function ask(
    promptId: string,
    wantedSource: string | null,
    wantedTarget: string | null
  ): Promise<IReview | null> {
    const [prompt, { items: branches }, { items: reviewers }] = await Promise.all([
      api.prompts.get(promptId),
      api.branches.list(promptId),
      api.reviews.reviewers()
    ]);
    if (prompt.archived) {
      Notification.warning(trans.__('%1 is archived: restore it first.', prompt.name));
      return null;
    }
    if (branches.length < 2) {
      nothing(promptId, trans.__('%1 has one branch: there is nothing to review.', prompt.name));
      return null;
    }
    const names = branches.map(({ name }) => name);
    if (wantedSource !== null && !names.includes(wantedSource)) {
      Notification.warning(trans.__('%1 has no branch %2 (any more).', prompt.name, wantedSource), {
        autoClose: 8000
      });
    }
    const target = names.find(name => name === wantedTarget) ?? pick(names, 'main') ?? names[0]!;
    const source =
      names.find(name => name === wantedSource && name !== target) ??
      branches.find(each => each.name !== target && each.ahead > 0)?.name ??
      names.find(name => name !== target)!;
    const options = branches.map(({ name, ahead, behind }) => ({
      value: name,
      label: ahead || behind ? trans.__('%1 (%2 ahead, %3 behind main)', name, ahead, behind) : name
    }));
    const unsaved = await hasUnsaved(promptId, source);
    let existing: number | null = null;
    const made = await askForm<IReview | null>({
      title: trans.__('Open review: %1', prompt.name),
      text: unsaved
        ? trans.__('The draft of %1 has edits that are not a version: they are not in it.', source)
        : undefined,
      fields: [
        { name: 'source', label: trans.__('Merge'), kind: 'select', value: source, options },
        { name: 'target', label: trans.__('into'), kind: 'select', value: target, options },
        {
          name: 'title',
          label: trans.__('Title'),
          placeholder: trans.__('What the newest version says')
        },
        {
          name: 'description',
          label: trans.__('Description'),
          kind: 'multiline',
          placeholder: trans.__('What it is for, and what to look at (Markdown)')
        },
        reviewerField(reviewers, [], hub),
        {
          name: 'draft',
          label: trans.__('A draft: nobody is asked yet'),
          kind: 'checkbox'
        }
      ],
      accept: trans.__('Open review'),
      submit: async values => {
        try {
          return await api.reviews.open(promptId, {
            source: values['source'] ?? '',
            target: values['target'] ?? '',
            title: values['title']?.trim() || null,
            description: values['description'] ?? '',
            draft: values['draft'] === 'true',
            reviewers: values['reviewers'] ? values['reviewers'].split('\n') : []
          });
        } catch (error) {
          if (error instanceof PromptHubError && error.code === 'already_exists') {
            existing = Number(error.details['number']) || null;
            if (existing !== null) {
              return null;
            }
          }
          throw plain(error);
        }
      },
      trans
    });
    const number = made?.number ?? existing;
    if (number === null) {
      return null;
    }
    if (!made) {
      Notification.info(trans.__('There is a review of these branches already: this one.'), {
        autoClose: 5000
      });
    } else {
      reportDone(trans.__('Review #%1 is open', number));
    }
    await app.commands.execute(CommandIDs.openReview, { prompt: promptId, number });
    return made;
  }

  /** Only versions are reviewed; a draft that cannot be asked about holds nothing up. */
  async function hasUnsaved(promptId: string, branch: string): Promise<boolean> {
    try {
      return (await api.drafts.get(promptId, branch)).dirty;
    } catch {
      return false;
    }
  }

  function nothing(promptId: string, said: string): void {
    Notification.info(said, {
      autoClose: 8000,
      actions: [
        {
          label: trans.__('New branch…'),
          callback: () => void app.commands.execute(CommandIDs.createBranch, { promptId })
        }
      ]
    });
  }
}

function pick(names: readonly string[], name: string): string | null {
  return names.includes(name) ? name : null;
}

/** A conflict here says all that there is to do: without the advice that goes with a conflict elsewhere. */
function plain(error: unknown): unknown {
  return error instanceof PromptHubError && error.code === 'conflict'
    ? new PromptHubError(error.message, 'nothing_to_review', error.status, error.details)
    : error;
}
