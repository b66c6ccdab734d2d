import { Notification } from '@jupyterlab/apputils';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { IEvent, IReview } from '../../api';
import { CommandIDs } from '../../commands/ids';
import type { IPromptHub } from '../../tokens';
import type { Share } from './share';

export type About =
  'asked' | 'mentioned' | 'approved' | 'changes_requested' | 'merged' | 'dismissed';

/** Windows out of sight let those in sight go first. */
const HIDDEN_MS = 400;
/** So many notices within so long; the others are one. */
const MOST = 5;
const FLOOD_MS = 60_000;

/** What an event of a review is to somebody; null when it does not concern them, or is their own doing. */
export function about(event: IEvent, me: string): About | null {
  const { by, author, asked, mentioned, approved, decision } = event.ids;
  const among = (ids: string | undefined) => ids?.split(' ').includes(me) ?? false;
  if (!event.kind.startsWith('review.') || by === me) {
    return null;
  }
  if (among(mentioned)) {
    return 'mentioned';
  }
  if (among(asked)) {
    return 'asked';
  }
  if (event.kind === 'review.dismissed' && among(approved)) {
    return 'dismissed';
  }
  if (author !== me) {
    return null;
  }
  if (event.kind === 'review.merged') {
    return 'merged';
  }
  if (event.kind === 'review.decided' && decision === 'approve') {
    return 'approved';
  }
  return event.kind === 'review.decided' && decision === 'request_changes'
    ? 'changes_requested'
    : null;
}

/** Tells people in JupyterLab what concerns them of reviews. */
export class Notices implements IDisposable {
  constructor(
    private readonly _hub: IPromptHub,
    private readonly _options: {
      isOn: () => boolean;
      share: (actor: string) => Share;
      run: (command: string, args: { prompt?: string; number?: number }) => void;
      hiddenMs?: number;
    }
  ) {
    _hub.event.connect(this._onEvent, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.disconnectReceiver(this);
  }

  private _onEvent(_: IPromptHub, event: IEvent): void {
    const me = this._hub.me?.actor.id;
    if (!me) {
      return;
    }
    const what = about(event, me);
    if (what && this._options.isOn()) {
      void this._tell(event, what, me);
    }
  }

  private async _tell(event: IEvent, what: About, me: string): Promise<void> {
    const { hiddenMs = HIDDEN_MS, share, run } = this._options;
    if (document.visibilityState === 'hidden') {
      await new Promise(resolve => setTimeout(resolve, hiddenMs));
    }
    if (this._isDisposed || !(await share(me).take(event.seq))) {
      return;
    }
    if (this._isTooMuch()) {
      this._summarize();
      return;
    }
    const key = { promptId: event.ids['prompt'] ?? '', number: Number(event.ids['number']) };
    let review: IReview;
    try {
      review = await this._hub.api.reviews.get(key);
    } catch {
      return; // gone since, or not for this person any more: there is nothing to open
    }
    const message = this._words(what, review, this._name(event.ids['by'] ?? '', review));
    const callback = (): void =>
      run(CommandIDs.openReview, { prompt: key.promptId, number: key.number });
    const options = {
      autoClose: what === 'approved' || what === 'merged' ? (8000 as const) : (false as const),
      actions: [{ label: this._hub.trans.__('Open review'), callback }]
    };
    if (what === 'changes_requested' || what === 'dismissed') {
      Notification.warning(message, options);
    } else {
      Notification.info(message, options);
    }
  }

  /** Whether so much was told just now that more would only be in the way. */
  private _isTooMuch(): boolean {
    const now = Date.now();
    this._told = this._told.filter(at => now - at < FLOOD_MS);
    if (this._told.length >= MOST) {
      return true;
    }
    this._told.push(now);
    return false;
  }

  /** One notice for all the others. */
  private _summarize(): void {
    const { trans } = this._hub;
    const isThere = Notification.manager.has(this._rest);
    this._more = isThere ? this._more + 1 : 1;
    const message = trans._n(
      'One more thing about reviews concerns you',
      '%1 more things about reviews concern you',
      this._more
    );
    if (isThere) {
      Notification.update({ id: this._rest, message });
      return;
    }
    const callback = (): void => this._options.run(CommandIDs.openInbox, {});
    this._rest = Notification.info(message, {
      autoClose: false,
      actions: [{ label: trans.__('Show the reviews'), callback }]
    });
  }

  /** How somebody is called who did something of a review. */
  private _name(id: string, review: IReview): string {
    const people = [
      review.author,
      ...review.reviewers,
      ...review.authors,
      ...review.decisions.map(({ by }) => by),
      ...(review.ended_by ? [review.ended_by] : []),
      ...(review.last_pusher ? [review.last_pusher] : [])
    ];
    return people.find(each => each.id === id)?.display_name || this._hub.trans.__('Somebody');
  }

  private _words(what: About, review: IReview, who: string): string {
    const { trans } = this._hub;
    const where = `${review.title} (${review.prompt_name}#${review.number})`;
    switch (what) {
      case 'asked':
        return trans.__('%1 asks you to review: %2', who, where);
      case 'mentioned':
        return trans.__('%1 mentions you in: %2', who, where);
      case 'approved':
        return trans.__('%1 approved your review: %2', who, where);
      case 'changes_requested':
        return trans.__('%1 asks for changes in your review: %2', who, where);
      case 'merged':
        return trans.__('%1 merged your review: %2', who, where);
      case 'dismissed':
        return trans.__(
          'There is a new version by %1, so your approval does not count any more: %2',
          who,
          where
        );
    }
  }

  private _isDisposed = false;
  /** When something was told, lately. */
  private _told: number[] = [];
  private _more = 0;
  private _rest = '';
}
