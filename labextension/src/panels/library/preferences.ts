import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IFilter, ISavedFilter } from './filter';
import { only } from './filter';
import type { Density } from './Tree';

/** A person's settings of the library: how dense it is, and filters under names. They are JupyterLab's settings. */
export class Preferences implements IDisposable {
  /** Take up the settings; without them, the defaults hold and nothing is kept. */
  use(settings: ISettingRegistry.ISettings): void {
    this._settings = settings;
    settings.changed.connect(this._read, this);
    this._read();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get density(): Density {
    return this._density;
  }

  get saved(): readonly ISavedFilter[] {
    return this._saved;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Keep a filter under a name, instead of one that has it. */
  async save(name: string, filter: IFilter): Promise<void> {
    const others = this._saved.filter(each => each.name !== name);
    await this.replace([...others, { ...only(filter), name }]);
  }

  async rename(name: string, to: string): Promise<void> {
    const others = this._saved.filter(each => each.name !== to || each.name === name);
    await this.replace(others.map(each => (each.name === name ? { ...each, name: to } : each)));
  }

  async remove(name: string): Promise<void> {
    await this.replace(this._saved.filter(each => each.name !== name));
  }

  /** Exactly these. */
  async replace(saved: readonly ISavedFilter[]): Promise<void> {
    await this._settings?.set(
      'libraryFilters',
      saved.map(each => ({ ...each, tags: [...each.tags] }))
    );
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.disconnectReceiver(this);
    Signal.clearData(this);
  }

  private _read(): void {
    const { libraryDensity, libraryFilters } = this._settings?.composite ?? {};
    this._density = libraryDensity === 'comfortable' ? 'comfortable' : 'compact';
    const saved = Array.isArray(libraryFilters) ? (libraryFilters as Partial<ISavedFilter>[]) : [];
    this._saved = saved.map(each => ({ ...only(each), name: each.name ?? '' }));
    this._changed.emit();
  }

  private _settings: ISettingRegistry.ISettings | null = null;
  private _density: Density = 'compact';
  private _saved: readonly ISavedFilter[] = [];
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
