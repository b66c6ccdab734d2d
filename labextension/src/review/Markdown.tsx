import * as React from 'react';
import { useReviewPage } from './context';

const MIME = 'text/markdown';

/** What somebody wrote, as JupyterLab renders what is not trusted. */
export const Markdown = React.memo(function Markdown(props: { source: string }): JSX.Element {
  const { rendermime } = useReviewPage();
  const { source } = props;
  const host = React.useRef<HTMLDivElement>(null);
  React.useLayoutEffect(() => {
    const renderer = rendermime.createRenderer(MIME);
    const model = rendermime.createModel({ data: { [MIME]: source }, trusted: false });
    let isGone = false;
    void renderer.renderModel(model).then(() => {
      if (!isGone) {
        host.current?.replaceChildren(renderer.node);
      }
    });
    return () => {
      isGone = true;
      renderer.dispose();
    };
  }, [rendermime, source]);
  return (
    <div ref={host} className="jp-PromptHub-markdown">
      {/* until it is rendered */}
      <p>{source}</p>
    </div>
  );
});
