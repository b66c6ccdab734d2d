import type { IWidgetTracker } from '@jupyterlab/apputils';
import { TableOfContents, TableOfContentsFactory, TableOfContentsModel } from '@jupyterlab/toc';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IOutlineItem } from '../api';
import type { PromptDocument } from '../editor/document';
import { CodePoints } from '../editor/offsets';

/** One heading of a prompt's outline; `start` counts code points of the text that was checked. */
export interface IPromptHeading extends TableOfContents.IHeading {
  readonly start: number;
}

/** What an item is called. */
export function titleOf({ kind, title }: IOutlineItem, trans: TranslationBundle): string {
  switch (kind) {
    case 'front_matter':
      return trans.__('Front matter');
    case 'history':
      return trans.__('History');
    case 'snippet':
      return `> ${title}`;
    case 'section':
      return trans.__('Section %1', title);
    default:
      return title;
  }
}

class PromptOutline extends TableOfContentsModel<IPromptHeading, PromptDocument> {
  readonly documentType = 'prompthub';

  protected getHeadings(): Promise<IPromptHeading[] | null> {
    const { check, hub } = this.widget.content.model;
    if (!this.isActive || !check) {
      return Promise.resolve(null);
    }
    // the file of a draft is called after its branch
    this.title = this.widget.title.label;
    const depth = this.configuration.maximalDepth;
    return Promise.resolve(
      check.checked.outline
        .filter(({ level }) => level <= depth)
        .map(item => ({ text: titleOf(item, hub.trans), level: item.level, start: item.start }))
    );
  }

  protected override isHeadingEqual(one: IPromptHeading, other: IPromptHeading): boolean {
    return super.isHeadingEqual(one, other) && one.start === other.start;
  }
}

/** Outlines of prompts for JupyterLab's table of contents. */
export class PromptOutlineFactory extends TableOfContentsFactory<PromptDocument, IPromptHeading> {
  constructor(tracker: IWidgetTracker<PromptDocument>) {
    super(tracker);
  }

  override createNew(
    widget: PromptDocument,
    configuration?: TableOfContents.IConfig
  ): TableOfContentsModel<IPromptHeading, PromptDocument> {
    const outline = super.createNew(widget, configuration);
    const { model } = widget.content;
    let shown = model.check;
    const refresh = (): void => {
      if (model.check !== shown) {
        shown = model.check;
        void outline.refresh();
      }
    };
    const go = (_: unknown, heading: IPromptHeading | null): void => {
      if (heading) {
        const text = model.check?.text ?? model.text;
        widget.content.reveal(new CodePoints(text).utf16(heading.start));
      }
    };
    model.changed.connect(refresh);
    outline.activeHeadingChanged.connect(go);
    widget.disposed.connect(() => {
      model.changed.disconnect(refresh);
      outline.activeHeadingChanged.disconnect(go);
    });
    return outline;
  }

  protected _createNew(
    widget: PromptDocument,
    configuration?: TableOfContents.IConfig
  ): TableOfContentsModel<IPromptHeading, PromptDocument> {
    return new PromptOutline(widget, configuration);
  }
}
