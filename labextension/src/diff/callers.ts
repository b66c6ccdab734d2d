import type { ICallerList, ICompatibility } from '../api';
import { isAbort } from '../api';
import type { IVersionsApi } from '../api/versions';

/** Variables whose callers are asked for. */
const MOST = 8;

/** Who is known to give the variables that break; empty where that cannot be asked. */
export async function callersOf(
  versions: IVersionsApi,
  promptId: string,
  { breaks }: ICompatibility,
  signal: AbortSignal
): Promise<ReadonlyMap<string, ICallerList>> {
  const broken = breaks.filter(each => each.unit === 'variable').map(each => each.name);
  const names = [...new Set(broken)].slice(0, MOST);
  try {
    const lists = await Promise.all(names.map(name => versions.callers(promptId, name, signal)));
    return new Map(names.map((name, at) => [name, lists[at] as ICallerList]));
  } catch (thrown) {
    if (!isAbort(thrown)) {
      // they stand beside the comparison, which is whole without them
      console.warn('The known callers could not be asked for', thrown);
    }
    return new Map();
  }
}
