/** One message of an event stream (`text/event-stream`). */
export interface IServerSentEvent {
  event: string;
  data: string;
}

/**
 * The messages of an event stream, as they come.
 *
 * Follows the parsing rules of the HTML standard: messages end with an empty line, `data` lines are joined
 * by a newline, comments and unknown fields are dropped, an unfinished last message is dropped.
 */
export async function* serverSentEvents(
  stream: ReadableStream<Uint8Array>
): AsyncGenerator<IServerSentEvent, void, undefined> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let buffer = '';
  let event = '';
  let data: string[] = [];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) {
        return;
      }
      buffer += decoder.decode(value, { stream: true });
      // a carriage return at the end may be half of a line end
      const lines = buffer.split(/\r\n|\n|\r(?!$)/);
      buffer = lines.pop() ?? '';
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) {
            yield { event: event || 'message', data: data.join('\n') };
          }
          event = '';
          data = [];
          continue;
        }
        const colon = line.indexOf(':');
        const field = colon < 0 ? line : line.slice(0, colon);
        const text = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (field === 'event') {
          event = text;
        } else if (field === 'data') {
          data.push(text);
        }
      }
    }
  } finally {
    // also reached when the reader of these messages stops early: the server then cancels the call
    await reader.cancel().catch(() => undefined);
  }
}
