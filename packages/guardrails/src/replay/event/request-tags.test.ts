import { describe, expect, it } from 'vitest';
import { requestTags } from './request-tags.ts';

const read = (parameters: unknown) => {
  const tags = requestTags(parameters);
  return tags && Object.fromEntries(tags);
};

describe('requestTags', () => {
  it.each([
    [
      'a list',
      {
        tags: [
          { key: 'a', value: '1' },
          { Key: 'b', Value: '' },
        ],
      },
      { a: '1', b: '' },
    ],
    ['names of its own', { tags: [{ tagKey: 'a', tagValue: '1' }] }, { a: '1' }],
    ['a set', { tagSet: { items: [{ key: 'a', value: '1' }] } }, { a: '1' }],
    ['an object', { input: { Tags: { a: '1', b: '2' } } }, { a: '1', b: '2' }],
    ['keys', { resourcesSet: { items: [{ resourceId: 'i-1' }] }, tagKeys: ['a', 'b'] }, { a: undefined, b: undefined }],
    ['none', { name: 'x', storage: { stage: 'y' }, imageTag: 'latest' }, {}],
    ['an empty list', { tags: [] }, {}],
    ['keys without values', { tagSet: { items: [{ key: 'a' }] } }, { a: undefined }],
  ])('%s', (_, parameters, expected) => expect(read(parameters)).toEqual(expected));
  it.each([
    ['no parameters', null],
    ['empty parameters', {}],
    ['text', { tagging: 'a=b' }],
    ['numbers', { tags: [1] }],
    ['a value that is none', { tags: [{ key: 'a', value: { b: 1 } }] }],
    ['objects in objects', { tags: { a: { b: {} } } }],
    ['more than is looked at', { tags: Array.from({ length: 600 }, (_, index) => ({ key: `${index}`, value: '' })) }],
  ])('says nothing of %s', (_, parameters) => expect(read(parameters)).toBeUndefined());
});
