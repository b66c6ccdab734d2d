import { Time } from '@jupyterlab/coreutils';
import * as React from 'react';

/** How often relative times are written anew. */
const REFRESH_MS = 30_000;

/** A time as “3 minutes ago”, the exact one as the tooltip. */
export function TimeAgo(props: { time: string }): JSX.Element {
  const [, update] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    const timer = setInterval(update, REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <time
      className="jp-PromptHub-time"
      dateTime={props.time}
      title={new Date(props.time).toLocaleString()}
    >
      {Time.formatHuman(props.time)}
    </time>
  );
}
