import { describe, expect, it } from 'vitest';
import type { IReview, IThread, IUnitChange } from '../../api';
import { selectedIn } from '../../diff/Inline';
import { marked } from '../../diff/spans';
import { findWords, fromPoints, placesOf, timelineOf, toPoints } from '../places';

const change = (path: string, more: Partial<IUnitChange> = {}): IUnitChange =>
  ({
    op: 'changed',
    unit: 'segment',
    path,
    before: 'Ä',
    after: '😀 one two',
    ...more
  }) as IUnitChange;

const thread = (id: string, more: Partial<IThread>): IThread =>
  ({
    id,
    comments: [],
    outdated: false,
    original: null,
    shown: null,
    anchor: null,
    ...more
  }) as IThread;

const anchor = (path: string, start: number | null = null, end: number | null = null) => ({
  path,
  start,
  end
});

describe('offsets', () => {
  it('are code points at the server and UTF-16 units here', () => {
    const text = 'a😀b';
    expect([0, 1, 3, 4].map(at => toPoints(text, at))).toEqual([0, 1, 2, 3]);
    expect([0, 1, 2, 3, 9].map(at => fromPoints(text, at))).toEqual([0, 1, 3, 4, 4]);
  });
});

describe('conversations', () => {
  const review = {
    target_sha: 't',
    diff: {
      changes: [
        change('segment/1/user'),
        change('segment/0/system', { op: 'removed', before: 'gone words', after: null })
      ]
    }
  } as unknown as IReview;

  it('stand at their words, and the others where they belong', () => {
    const at = (id: string, start: number, end: number) => {
      const place = anchor('segment/1/user', start, end);
      return thread(id, { original: place, anchor: place, shown: place });
    };
    const found = placesOf(review, [
      at('second', 6, 9),
      at('first', 2, 5),
      thread('whole', {
        original: anchor('segment/1/user'),
        shown: anchor('segment/1/user')
      }),
      thread('elsewhere', { original: anchor('model'), shown: anchor('model') }),
      thread('gone', { original: anchor('segment/1/user', 0, 1), outdated: true }),
      thread('removed', {
        original: anchor('segment/0/system', 0, 4),
        version_sha: 't',
        outdated: true
      }),
      thread('talk', {})
    ]);
    expect(found.at.map(each => each.map(({ thread: { id } }) => id))).toEqual([
      ['whole', 'first', 'second'],
      ['removed']
    ]);
    // the smiley is one code point and two units
    expect(found.at[0]![1]!.range).toEqual({ from: 3, to: 6 });
    expect(found.at[1]![0]!.range).toEqual({ from: 0, to: 4 });
    expect(found.elsewhere.map(each => each.id)).toEqual(['elsewhere']);
    expect(found.outdated.map(each => each.id)).toEqual(['gone']);
    expect(found.talk.map(each => each.id)).toEqual(['talk']);
  });

  it('are found again while they are being written, where that is clear', () => {
    expect(findWords('one two', 'two', { from: 4, to: 7 })).toEqual({ from: 4, to: 7 });
    expect(findWords('and one two', 'two', { from: 4, to: 7 })).toEqual({ from: 8, to: 11 });
    expect(findWords('two and two', 'two', { from: 4, to: 7 })).toBeNull();
    expect(findWords('three', 'two', { from: 4, to: 7 })).toBeNull();
  });
});

describe('a timeline', () => {
  it('is in the order of time: opened first, ended last', () => {
    const by = { id: 'a', display_name: 'Ada', kind: 'person' };
    const review = {
      created_at: '2026-01-01T10:00:00Z',
      author: by,
      ended_at: '2026-01-01T12:00:00Z',
      ended_by: by,
      versions: [{ sha: 'v', created_at: '2026-01-01T09:00:00Z' }],
      decisions: [{ by, decision: 'approve', at: '2026-01-01T12:00:00.000Z' }]
    } as unknown as IReview;
    const talk = thread('t', { comments: [{ at: '2026-01-01T11:00:00Z' }] as never });
    expect(timelineOf(review, [talk]).map(each => each.kind)).toEqual([
      'version',
      'opened',
      'talk',
      'decision',
      'ended'
    ]);
  });
});

describe('marked words', () => {
  it('are cut out of the pieces, and count in the newer text', () => {
    const pieces = marked(
      [
        { op: 'equal', text: 'Be ' },
        { op: 'delete', text: 'brief' },
        { op: 'insert', text: 'kind' },
        { op: 'equal', text: ' now' }
      ],
      [{ from: 1, to: 5, isActive: true }]
    );
    expect(
      pieces.map(each => [
        each.op,
        each.text,
        each.op === 'fold' ? 0 : each.at,
        'mark' in each && !!each.mark
      ])
    ).toEqual([
      ['equal', 'B', 0, false],
      ['equal', 'e ', 1, true],
      ['delete', 'brief', 3, false],
      ['insert', 'ki', 3, true],
      ['insert', 'nd', 5, false],
      ['equal', ' now', 7, false]
    ]);
  });

  it('are of the older text where there is no newer one', () => {
    const [first, second] = marked([{ op: 'delete', text: 'gone words' }], [{ from: 0, to: 4 }]);
    expect([first?.text, second?.text]).toEqual(['gone', ' words']);
    expect(first && 'mark' in first && first.mark).toBeTruthy();
  });
});

describe('selected words', () => {
  const root = document.createElement('pre');
  root.innerHTML =
    '<span data-at="0">Be </span><del data-at="3" data-gone="true">brief</del><ins data-at="3">kind</ins><span data-at="7"> now</span>';
  document.body.append(root);
  const select = (from: Node, start: number, to: Node, end: number) => {
    const range = document.createRange();
    range.setStart(from, start);
    range.setEnd(to, end);
    const selection = document.getSelection()!;
    selection.removeAllRanges();
    selection.addRange(range);
    return selectedIn(root, selection);
  };
  const text = (index: number) => root.children[index]!.firstChild!;

  it('count in the newer text, what is deleted takes no room', () => {
    expect(select(text(0), 1, text(2), 2)).toEqual({ from: 1, to: 5 });
    expect(select(text(1), 2, text(2), 4)).toEqual({ from: 3, to: 7 });
    expect(select(root, 2, root, 4)).toEqual({ from: 3, to: 11 });
  });

  it('are none where nothing of the newer text is selected, or something else', () => {
    expect(select(text(1), 0, text(1), 3)).toBeNull();
    expect(select(text(0), 1, text(0), 1)).toBeNull();
    const other = document.createElement('p');
    other.textContent = 'other';
    document.body.append(other);
    expect(select(text(0), 1, other.firstChild!, 2)).toBeNull();
  });
});
