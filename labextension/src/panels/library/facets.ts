import type { IDisposable } from '@lumino/disposable';
import type { IApi, ITagCount } from '../../api';
import { asPromptHubError } from '../../api';

/** What the library can be filtered by: tags in use and environments. Loaded when somebody looks. */
export class Facets implements IDisposable {
  constructor(
    private readonly _api: IApi,
    private readonly _changed: () => void
  ) {}

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get tags(): readonly ITagCount[] {
    return this._tags;
  }

  get environments(): readonly string[] {
    return this._environments;
  }

  /** Load, and keep fresh from now on. */
  load(): void {
    this._wanted = true;
    void this.refresh();
  }

  /** Load again, when somebody has looked. */
  async refresh(): Promise<void> {
    if (!this._wanted || this._isDisposed) {
      return;
    }
    try {
      const [tags, environments] = await Promise.all([
        this._api.prompts.tags(),
        this._api.deployments.environments()
      ]);
      this._tags = tags.items;
      this._environments = environments.items.map(each => each.name);
    } catch (thrown) {
      // the list tells of a server that does not answer
      console.warn(`PromptHub: no tags: ${asPromptHubError(thrown).message}`);
    }
    if (!this._isDisposed) {
      this._changed();
    }
  }

  dispose(): void {
    this._isDisposed = true;
  }

  private _tags: readonly ITagCount[] = [];
  private _environments: readonly string[] = [];
  private _wanted = false;
  private _isDisposed = false;
}
