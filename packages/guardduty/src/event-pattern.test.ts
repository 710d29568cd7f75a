import { describe, expect, it } from 'vitest';
import { type EventPatternOptions, eventPattern } from './event-pattern.ts';
import { matchesPattern } from './event-pattern-reference.ts';
import { findingTypes } from './finding-types.ts';

const retiredTypes = findingTypes.flatMap(({ type, state }) => (state === 'retired' ? [type] : []));
const matters = findingTypes.flatMap(({ type, verdict, escalate }) => (verdict === 'block' || escalate ? [type] : []));
const isRetired = (type: string): boolean => retiredTypes.includes(type);

const eventOf = (type: string, severity = 5) => ({
  source: 'aws.guardduty',
  'detail-type': 'GuardDuty Finding',
  account: '111122223333',
  detail: { type, severity, accountId: '111122223333' },
});

/** The types of the catalogue that a pattern lets through. */
const matchedBy = (options?: EventPatternOptions): string[] => {
  const pattern = eventPattern(options);
  return findingTypes.map(({ type }) => type).filter((type) => matchesPattern(pattern, eventOf(type)));
};

describe('eventPattern', () => {
  it('matches exactly the types on which something is done', () => {
    expect(matchedBy()).toEqual(matters.filter((type) => !isRetired(type)));
    expect(matchedBy()).toEqual(
      expect.arrayContaining([
        'UnauthorizedAccess:EC2/SSHBruteForce',
        'Trojan:EC2/DropPoint',
        'Trojan:EC2/DropPoint!DNS',
      ]),
    );
    expect(matchedBy()).not.toContain('Policy:S3/BucketBlockPublicAccessDisabled');
  });

  it('matches GuardDuty findings alone', () => {
    const event = eventOf('UnauthorizedAccess:EC2/SSHBruteForce');
    expect(matchesPattern(eventPattern(), event)).toBe(true);
    expect(matchesPattern(eventPattern(), { ...event, source: 'aws.health' })).toBe(false);
    expect(
      matchesPattern(eventPattern(), { ...event, 'detail-type': 'GuardDuty Malware Protection Object Scan' }),
    ).toBe(false);
  });

  it('G19: leaves retired types out unless asked for them', () => {
    expect(retiredTypes).toHaveLength(21);
    expect(matchedBy().filter(isRetired)).toEqual([]);
    expect(matchedBy({ includeRetired: true })).toEqual(matters);
    expect(() => eventPattern({ types: ['Backdoor:EC2/XORDDOS'] })).toThrow(
      expect.objectContaining({ code: 'EVENT_PATTERN_RETIRED' }),
    );
    expect(() => eventPattern({ types: ['ResourceConsumption:'] })).toThrow(
      expect.objectContaining({ code: 'EVENT_PATTERN_RETIRED' }),
    );
    expect(matchedBy({ types: ['Backdoor:EC2/'] })).not.toContain('Backdoor:EC2/XORDDOS');
    expect(eventPattern({ types: ['Backdoor:EC2/XORDDOS'], includeRetired: true }).detail.type).toEqual([
      'Backdoor:EC2/XORDDOS',
    ]);
  });

  it('takes a name as it is, each once, also one that the catalogue does not know', () => {
    const [known, unknown] = ['Trojan:EC2/DropPoint', 'Trojan:EC2/NewKind'];
    expect(eventPattern({ types: [known, unknown, known] }).detail.type).toEqual([known, unknown]);
    expect(matchedBy({ types: [known] })).toEqual([known]);
  });

  it('takes a beginning for the types below it on which something is done', () => {
    expect(eventPattern({ types: ['Trojan:EC2/', 'Trojan:EC2/'] }).detail.type).toEqual([{ prefix: 'Trojan:EC2/' }]);
    expect(matchedBy({ types: ['Policy:S3/'] })).toEqual([
      'Policy:S3/BucketAnonymousAccessGranted',
      'Policy:S3/BucketPublicAccessGranted',
    ]);
    expect(matchedBy({ types: ['UnauthorizedAccess:EC2/', 'Recon:EC2/'] })).toEqual(
      matters.filter((type) => /^(UnauthorizedAccess|Recon):EC2\//.test(type) && !isRetired(type)),
    );
    expect(eventPattern({ types: ['NewPurpose:'] }).detail.type).toEqual([{ prefix: 'NewPurpose:' }]);
  });

  it('lets severities through from the given one on', () => {
    const pattern = eventPattern({ minimumSeverity: 4 });
    const type = 'UnauthorizedAccess:EC2/SSHBruteForce';
    expect([3.9, 4, 8].map((severity) => matchesPattern(pattern, eventOf(type, severity)))).toEqual([
      false,
      true,
      true,
    ]);
    expect(matchesPattern(eventPattern(), eventOf(type, 0))).toBe(true);
  });

  it.each([-1, 10.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses a severity that no finding has: %s',
    (severity) => {
      expect(() => eventPattern({ minimumSeverity: severity })).toThrow(
        expect.objectContaining({ code: 'EVENT_PATTERN_SEVERITY_INVALID' }),
      );
    },
  );

  it('refuses a pattern that matches nothing', () => {
    expect(() => eventPattern({ types: [] })).toThrow(expect.objectContaining({ code: 'EVENT_PATTERN_EMPTY' }));
  });

  it.each([
    '',
    'SSHBruteForce',
    'Trojan',
    'EC2/',
    'trojan:ec2/droppoint',
    'Trojan:EC2/Drop/',
    'Trojan:EC2/Drop*',
    ' Trojan:',
  ])('refuses what can be the name or the beginning of no type: %j', (type) => {
    expect(() => eventPattern({ types: ['Trojan:EC2/DropPoint', type] })).toThrow(
      expect.objectContaining({
        code: 'EVENT_PATTERN_TYPE_INVALID',
        message: expect.stringContaining(JSON.stringify(type)),
      }),
    );
  });

  it('never exceeds 2,048 characters', () => {
    for (const includeRetired of [false, true]) {
      const { length } = JSON.stringify(eventPattern({ includeRetired, minimumSeverity: 4.5 }));
      expect(length).toBeLessThanOrEqual(2048);
    }
    const shortest = 'T:E/D';
    const rest = JSON.stringify(eventPattern({ types: [shortest] })).length - shortest.length;
    const longest = shortest.padEnd(2048 - rest, 'd');
    expect(JSON.stringify(eventPattern({ types: [longest] }))).toHaveLength(2048);
    expect(() => eventPattern({ types: [`${longest}d`] })).toThrow(
      expect.objectContaining({ code: 'EVENT_PATTERN_TOO_LONG' }),
    );
  });

  it('is the same each time', () => {
    expect(JSON.stringify(eventPattern())).toBe(JSON.stringify(eventPattern()));
  });
});
