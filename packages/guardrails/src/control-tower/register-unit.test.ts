import { describe, expect, it } from 'vitest';
import { type RegisterUnitParameters, registerUnit } from './register-unit.ts';

const given: RegisterUnitParameters = {
  unit: 'arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-12345678',
  region: 'eu-west-1',
  version: '5.0',
};
const identityCenter = 'arn:aws:controltower:eu-west-1:111122223333:enabledbaseline/XAHCR4CJTSI4W07MZ';

describe('registerUnit', () => {
  it('names the baseline of Control Tower in the home Region, and Identity Center where that is managed', () => {
    expect(registerUnit({ ...given, identityCenterEnabledBaselineArn: identityCenter })).toEqual({
      baselineIdentifier: 'arn:aws:controltower:eu-west-1::baseline/17BSJV3IGJ2QSGA2',
      baselineVersion: '5.0',
      targetIdentifier: given.unit,
      parameters: [{ key: 'IdentityCenterEnabledBaselineArn', value: identityCenter }],
    });
    expect(registerUnit(given)).not.toHaveProperty('parameters');
  });
  it.each([
    ['a unit that is no ARN', { unit: 'ou-ab12-12345678' }],
    ['a unit of another partition', { unit: given.unit.replace('aws', 'aws-cn') }],
    ['a Region that is none', { region: 'here' }],
    ['a version that is none', { version: 'latest' }],
    ['an ARN of another service', { identityCenterEnabledBaselineArn: 'arn:aws:sso:::instance/x' }],
  ])('%s is refused', (_, wrong) =>
    expect(() => registerUnit({ ...given, ...wrong })).toThrow(
      expect.objectContaining({ code: 'GUARDRAIL_PARAMETER_INVALID' }),
    ),
  );
  it('a placeholder is refused', () => {
    expect(() => registerUnit({ ...given, region: '<region>' })).toThrow(
      expect.objectContaining({ code: 'GUARDRAIL_PLACEHOLDER' }),
    );
  });
});
