import { RemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { fullAwsAccess } from '../evaluate/evaluate.ts';
import { createReplay } from '../replay/create-replay.ts';
import { replayText } from './text.ts';

const replay = () =>
  createReplay({
    policies: {
      serviceControlPolicies: [
        {
          target: 'root',
          policies: [
            fullAwsAccess,
            {
              name: 'own',
              document: {
                Version: '2012-10-17',
                Statement: [
                  { Sid: 'NoRun', Effect: 'Deny', Action: 'ec2:Run*', Resource: '*' },
                  {
                    Effect: 'Deny',
                    Action: 'ec2:Stop*',
                    Resource: '*',
                    Condition: { StringEquals: { 'aws:PrincipalTag/team': 'x' } },
                  },
                ],
              },
            },
          ],
        },
      ],
    },
  });

const event = (eventName: string, role: string, more: object = {}) => ({
  eventTime: '2026-11-24T10:00:00Z',
  eventSource: 'ec2.amazonaws.com',
  eventName,
  recipientAccountId: '111122223333',
  userIdentity: {
    type: 'AssumedRole',
    accountId: '111122223333',
    sessionContext: { sessionIssuer: { arn: `arn:aws:iam::111122223333:role/${role}` } },
  },
  ...more,
});

describe('replayText', () => {
  it('gives the answer first, then who, what and why', () => {
    const found = replay();
    found.file('a', 'read');
    for (let index = 0; index < 12; index += 1) found.add(event('RunInstances', `role-${index}`));
    found.add(event('StopInstances', 'role-1'));
    found.add(event('DoNew', 'role-1'));
    found.add(event('ConsoleLogin', 'role-1', { eventType: 'AwsConsoleSignIn' }));
    found.skip(new RemediationError({ code: 'CLOUDTRAIL_UNREADABLE', message: 'b.json.gz: no' }));
    const text = replayText(found.report());
    const lines = text.split('\n');
    expect(lines.slice(0, 4)).toEqual([
      '15 events in 1 file, from 2026-11-24 10:00 to 2026-11-24 10:00 UTC',
      '12 events of 14 would have been denied, of 12 principals',
      '2 events: unknown, since they do not show what it depends on',
      '1 file could not be read to the end.',
    ]);
    expect(text).toContain('CLOUDTRAIL_UNREADABLE b.json.gz: no');
    expect(text).toMatch(/^ {2}12 {2}NoRun \(own at root\)/m);
    expect(text).toMatch(/^ {2}1 {2}ec2:RunInstances {2}arn:aws:iam::111122223333:role\/role-0 +NoRun$/m);
    expect(text).toContain('  and 2 more');
    expect(text).toMatch(/^ {2}1 {2}ec2:StopInstances +aws:principaltag\/team +statement 2$/m);
    expect(text).toMatch(/^ {2}1 {2}ec2:\? +the action, aws:principaltag\/team +NoRun, statement 2$/m);
    expect(text).toMatch(/^ {2}1 {2}ec2\.amazonaws\.com {2}DoNew$/m);
    expect(text).toMatch(/^ {2}1 {2}sign-ins, insights and events of services$/m);
  });
  it('shows nothing but printable characters', () => {
    const found = replay();
    found.add(event('RunInstances', '\u001b[31m\u202e\u0007é', { eventID: '\u001b' }));
    found.add(event('\u001b[2J', 'x'));
    found.skip(new RemediationError({ code: 'CLOUDTRAIL_UNREADABLE', message: '\u001b[31m: no' }));
    expect(replayText(found.report())).toMatch(/^[\x20-\x7e\n]*$/);
  });
  it('says when nothing would have been denied', () => {
    const found = replay();
    found.add(event('DescribeInstances', 'x'));
    const text = replayText(found.report());
    expect(text).toContain('0 events of 1 would have been denied\n');
    expect(text).not.toContain('Statements that would have denied');
  });
});
