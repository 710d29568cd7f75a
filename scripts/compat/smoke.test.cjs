// The same packages from CommonJS, as many Lambda functions still are.
const assert = require('node:assert/strict');
const { test } = require('node:test');
const entries = require('./entries.json');

for (const entry of entries) {
  test(`require ${entry}`, async () => {
    assert.deepEqual(Object.keys(require(entry)).sort(), Object.keys(await import(entry)).sort());
  });
}

test('require gives working functions', () => {
  const { hours } = require('@remedykit/core');
  assert.equal(hours(24), 86_400_000);
});
