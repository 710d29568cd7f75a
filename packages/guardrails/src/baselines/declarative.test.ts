import { expect, it } from 'vitest';
import { blockPublicAmis, blockPublicSnapshots, imdsDefaults } from '../declarative/ec2.ts';
import { validateEc2Policy } from '../declarative/schema.ts';
import { mergeDeclarative } from './declarative.ts';

it('several guardrails are one policy that says all of them', () => {
  const parts = [blockPublicSnapshots(), blockPublicAmis(), imdsDefaults({ hopLimit: 1 })];
  const [policy, ...others] = mergeDeclarative('all', parts);
  expect(others).toEqual([]);
  expect(policy?.document.ec2_attributes).toEqual(
    Object.assign({}, ...parts.map(({ document }) => document.ec2_attributes)),
  );
  expect(validateEc2Policy(policy?.document)).toEqual([]);
});

it('the same said twice is said once, and nothing is no policy', () => {
  expect(mergeDeclarative('twice', [blockPublicAmis(), blockPublicAmis()])).toEqual([
    { id: 'twice', type: 'DECLARATIVE_POLICY_EC2', document: blockPublicAmis().document },
  ]);
  expect(mergeDeclarative('none', [])).toEqual([]);
});

it('two that say different things about one attribute are refused, with its place', () => {
  const both = [blockPublicSnapshots(), blockPublicSnapshots({ state: 'block_new_sharing' })];
  expect(() => mergeDeclarative('both', both)).toThrow(
    expect.objectContaining({
      code: 'GUARDRAIL_PARAMETER_INVALID',
      message: expect.stringContaining('snapshot_block_public_access.state'),
    }),
  );
});
