import { describe, expect, it } from 'vitest';
import { loadActionData } from '../../actions.ts';
import { evaluateDocument } from '../../evaluate/document.ts';
import type { Baseline } from '../baseline.ts';
import { baselineCatalog } from '../catalog.ts';
import { foundationBaseline } from '../foundation.ts';
import { alternateContacts, monthlyBudget, passwordPolicy, s3BlockPublicAccess } from './account.ts';
import { toAccountCloudFormation, toAccountTerraform } from './outputs.ts';
import { configRecorder } from './region.ts';

const security = { name: 'Security', title: 'On call', email: 'security@example.com', phone: '+49 30 000000' };
const all = [
  ...foundationBaseline({
    allowedRegions: ['eu-west-1'],
    contacts: { security },
    configBucket: 'example-config-logs',
  }).settings,
  monthlyBudget({ monthlyUsd: 50, notify: ['cloud@example.com'] }),
];

describe('account settings', () => {
  it('the foundation makes these, and leaves out what somebody else does', () => {
    expect(all.map(({ id, per }) => `${id} ${per}`)).toEqual([
      's3BlockPublicAccess account',
      'passwordPolicy account',
      'ebsEncryptionByDefault region',
      'accessAnalyzer region',
      'guardDutyDetector region',
      'configRecorder region',
      'alternateContacts account',
      'monthlyBudget account',
    ]);
    const few = foundationBaseline({ allowedRegions: ['eu-west-1'], guardDuty: false, accessAnalyzer: false });
    expect(few.settings.map(({ id }) => id)).toEqual([
      's3BlockPublicAccess',
      'passwordPolicy',
      'ebsEncryptionByDefault',
    ]);
  });
  it('each names permissions that exist', () => {
    const data = loadActionData();
    for (const { action } of all.flatMap(({ calls }) => calls)) expect(data.actionsLike(action)).toHaveLength(1);
  });
  it('what CloudFormation cannot make is named with the calls that do, and not left out', () => {
    const { resources, setElsewhere } = toAccountCloudFormation(all);
    expect(Object.values(resources).map(({ type }) => type)).toEqual([
      'AWS::AccessAnalyzer::Analyzer',
      'AWS::GuardDuty::Detector',
      'AWS::Config::ConfigurationRecorder',
      'AWS::Config::DeliveryChannel',
      'AWS::Budgets::Budget',
    ]);
    expect(setElsewhere.map(({ id, calls }) => [id, ...calls.map(({ operation }) => operation)])).toEqual([
      ['s3BlockPublicAccess', 'S3Control.PutPublicAccessBlock'],
      ['passwordPolicy', 'IAM.UpdateAccountPasswordPolicy'],
      ['ebsEncryptionByDefault', 'EC2.EnableEbsEncryptionByDefault'],
      ['alternateContacts', 'Account.PutAlternateContact'],
    ]);
  });
  it('Terraform makes all of them', () => {
    const { resource, data } = toAccountTerraform(all);
    expect(Object.keys(resource)).toHaveLength(10);
    expect(resource.aws_account_alternate_contact?.contact_security).toMatchObject({
      alternate_contact_type: 'SECURITY',
      email_address: 'security@example.com',
    });
    expect(Object.keys(data ?? {})).toEqual(['aws_caller_identity', 'aws_partition']);
    expect(toAccountTerraform([s3BlockPublicAccess()]).data).toBeUndefined();
  });
  it('the sets keep some settings as they are: who makes those must be exempt, and the README names them', () => {
    const denies = ({ guardrails }: Baseline, action: string): boolean =>
      guardrails.some(
        ({ document, type }) =>
          evaluateDocument(
            document,
            {
              action,
              resource: '*',
              principal: { arn: 'arn:aws:iam::111122223333:role/Vending', accountId: '111122223333' },
              context: {
                'aws:RequestedRegion': 'eu-west-1',
                'aws:PrincipalOrgID': 'o-a1b2c3d4e5',
                'aws:SecureTransport': 'true',
              },
            },
            type,
          ).effect === 'denied',
      );
    const found = baselineCatalog
      .filter(({ name }) => name !== 'suspended')
      .map(({ name, example }) => [
        name,
        ...all.filter((one) => one.calls.some(({ action }) => denies(example(), action))).map(({ id }) => id),
      ]);
    expect(found).toEqual([
      ['foundation', 'configRecorder'],
      ['workload', 's3BlockPublicAccess'],
      ['sandbox', 'passwordPolicy', 'alternateContacts'],
    ]);
  });
  it('one setting twice is refused', () => {
    for (const write of [toAccountCloudFormation, toAccountTerraform])
      expect(() => write([s3BlockPublicAccess(), s3BlockPublicAccess()])).toThrow(
        expect.objectContaining({ code: 'GUARDRAIL_PARAMETER_INVALID' }),
      );
  });
  it.each([
    ['a short password', () => passwordPolicy({ minimumLength: 5 })],
    ['no memory', () => passwordPolicy({ remembered: 0 })],
    ['no contact', () => alternateContacts({})],
    ['a contact without a name', () => alternateContacts({ security: { ...security, name: ' ' } })],
    ['a contact without an address', () => alternateContacts({ security: { ...security, email: 'security' } })],
    ['a budget of nothing', () => monthlyBudget({ monthlyUsd: 0, notify: ['cloud@example.com'] })],
    ['a budget of no number', () => monthlyBudget({ monthlyUsd: Number.NaN, notify: ['cloud@example.com'] })],
    ['a budget of which nobody is told', () => monthlyBudget({ monthlyUsd: 1, notify: [] })],
    ['a budget told to eleven', () => monthlyBudget({ monthlyUsd: 1, notify: Array(11).fill('a@example.com') })],
    ['a bucket that is none', () => configRecorder('Logs')],
  ])('%s is refused', (_, build) =>
    expect(build).toThrow(expect.objectContaining({ code: 'GUARDRAIL_PARAMETER_INVALID' })),
  );
  it('a placeholder is refused', () => {
    expect(() => alternateContacts({ security: { ...security, name: '<name>' } })).toThrow(
      expect.objectContaining({ code: 'GUARDRAIL_PLACEHOLDER' }),
    );
  });
});
