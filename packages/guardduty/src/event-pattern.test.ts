import { describe, expect, it } from 'vitest';
import { eventPattern } from './event-pattern.ts';
import { findingTypes } from './finding-types.ts';

const retiredTypes = ['Backdoor:EC2/XORDDOS', 'UnauthorizedAccess:EC2/TorIPCaller'];

describe('eventPattern', () => {
  it('matches GuardDuty findings of every active type of the table', () => {
    expect(eventPattern()).toEqual({
      source: ['aws.guardduty'],
      'detail-type': ['GuardDuty Finding'],
      detail: {
        type: [
          'UnauthorizedAccess:EC2/SSHBruteForce',
          'UnauthorizedAccess:EC2/RDPBruteForce',
          'Recon:EC2/PortProbeUnprotectedPort',
          'Trojan:EC2/BlackholeTraffic',
          'Trojan:EC2/DropPoint',
        ],
      },
    });
  });

  it('G19: leaves retired types out unless asked for them', () => {
    expect(eventPattern().detail.type).not.toEqual(expect.arrayContaining(retiredTypes));
    expect(eventPattern({ includeRetired: true }).detail.type).toEqual(expect.arrayContaining(retiredTypes));
    expect(() => eventPattern({ types: ['Backdoor:EC2/XORDDOS'] })).toThrow(
      expect.objectContaining({ code: 'EVENT_PATTERN_RETIRED' }),
    );
    expect(eventPattern({ types: ['Backdoor:EC2/XORDDOS'], includeRetired: true }).detail.type).toEqual([
      'Backdoor:EC2/XORDDOS',
    ]);
  });

  it('takes other types by name, each once', () => {
    const type = 'Impact:EC2/WinRMBruteForce';
    expect(eventPattern({ types: [type, type] }).detail.type).toEqual([type]);
  });

  it('refuses a pattern that matches nothing', () => {
    expect(() => eventPattern({ types: [] })).toThrow(expect.objectContaining({ code: 'EVENT_PATTERN_EMPTY' }));
  });

  it('never exceeds 2,048 characters', () => {
    expect(JSON.stringify(eventPattern({ includeRetired: true })).length).toBeLessThanOrEqual(2048);
    const empty = JSON.stringify(eventPattern({ types: ['T'] })).length - 1;
    const longest = 'T'.repeat(2048 - empty);
    expect(JSON.stringify(eventPattern({ types: [longest] }))).toHaveLength(2048);
    expect(() => eventPattern({ types: [`${longest}T`] })).toThrow(
      expect.objectContaining({ code: 'EVENT_PATTERN_TOO_LONG' }),
    );
  });
});

describe('findingTypes', () => {
  it('G19: marks the retired types with the day of their retirement', () => {
    expect(findingTypes.flatMap((each) => (each.retiredOn ? [[each.type, each.state, each.retiredOn]] : []))).toEqual([
      ['Backdoor:EC2/XORDDOS', 'retired', '2019-06-12'],
      ['UnauthorizedAccess:EC2/TorIPCaller', 'retired', '2020-10-01'],
    ]);
    expect(findingTypes.filter(({ state }) => state === 'retired')).toHaveLength(2);
  });
});
