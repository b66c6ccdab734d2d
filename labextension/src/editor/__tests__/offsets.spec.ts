import { describe, expect, it } from 'vitest';
import { applyEdits, CodePoints, toUtf16 } from '../offsets';

describe('code points in UTF-16', () => {
  const text = 'a😀b👩‍💻ü';

  it('counts a character outside the basic plane as two units', () => {
    const places = new CodePoints(text);
    const units = [...text].map((_, index) => places.utf16(index));
    expect(units).toEqual([0, 1, 3, 4, 6, 7, 9]);
    expect(places.utf16([...text].length)).toBe(text.length);
  });

  it('gives the end for what lies past it, and starts anew for an earlier place', () => {
    const places = new CodePoints(text);
    expect(places.utf16(1000)).toBe(text.length);
    expect(places.utf16(1)).toBe(1);
    expect(places.utf16(-3)).toBe(0);
  });

  it('agrees with slicing code points for many texts', () => {
    const pieces = ['x', 'é', '😀', '\n', '𝄞', '\u200d', '漢'];
    let seed = 7;
    const next = () => (seed = (seed * 16807) % 2147483647);
    for (let round = 0; round < 200; round++) {
      const points = Array.from({ length: next() % 20 }, () => pieces[next() % pieces.length]!);
      const whole = points.join('');
      const places = new CodePoints(whole);
      const at = [...Array(points.length + 1).keys()].sort(() => (next() % 3) - 1);
      for (const offset of at) {
        expect(places.utf16(offset)).toBe(points.slice(0, offset).join('').length);
      }
    }
  });

  it('applies edits that the server counted in code points', () => {
    const before = 'model: 😀\ntop_p: 1\n';
    const points = [...before];
    const start = points.indexOf('1');
    const edits = [
      { start, end: start + 1, text: '0.5' },
      { start: 7, end: 8, text: 'gpt' }
    ];
    expect(applyEdits(before, toUtf16(before, edits))).toBe('model: gpt\ntop_p: 0.5\n');
  });
});
