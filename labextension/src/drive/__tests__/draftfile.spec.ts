import { DocumentModel } from '@jupyterlab/docregistry';
import { describe, expect, it } from 'vitest';
import { DraftFile } from '../draftfile';

describe('the document of a draft', () => {
  it('is not dirty because it was edited', () => {
    const file = new DraftFile();
    const model = new DocumentModel({ sharedModel: file, collaborationEnabled: true });
    file.setSource('Hello {{name}}');
    expect(model.dirty).toBe(false);
    expect(file.ystate.get('dirty')).toBeUndefined();
  });

  it('is dirty, and says so, while edits are only here', () => {
    const file = new DraftFile();
    const model = new DocumentModel({ sharedModel: file, collaborationEnabled: true });
    const told: boolean[] = [];
    model.stateChanged.connect((_, { name }) => name === 'dirty' && told.push(model.dirty));
    file.setAtRisk(true);
    file.setAtRisk(true);
    file.setAtRisk(false);
    expect(told).toEqual([true, false]);
  });
});
