import { addTo, hours } from '@remedykit/core';
import { samplePolicy } from '../nacl/sample-policy.ts';
import { capacityOf } from './options.ts';
import type { LaneSettings, Sighting } from './simulate-lane.ts';

// For tests alone.

/** When the first sighting of a test takes place. */
export const sampleStart: number = Date.parse('2026-09-01T10:00:00.000Z');

/** One wanted deny, `after` ms after the start of the test. */
export const sampleSighting = (
  cidr: string,
  after: number,
  request: Partial<Sighting['request']> & { readonly holds?: number } = {},
): Sighting => {
  const { holds = hours(24), ...changes } = request;
  const at = new Date(sampleStart + after);
  return {
    at: at.getTime(),
    request: {
      denyId: 'd1',
      findingId: 'f1',
      findingType: 'UnauthorizedAccess:EC2/SSHBruteForce',
      severity: 2,
      lastSeen: at.toISOString(),
      cidr,
      protocol: '6',
      runs: [{ from: 22, to: 22 }],
      expiresAt: addTo(at, holds),
      spoofable: false,
      confirmed: true,
      sightings: 1,
      ...changes,
    },
  };
};

/** A network ACL that is taken to have room for `capacity` denies per family. */
export const sampleLane = (capacity: number, ownRules = 1): LaneSettings => {
  const policy = samplePolicy({ quota: capacity + ownRules + 3, headroom: 2 });
  return { policy, ownRules, capacity: capacityOf({ policy, ownRules }) };
};
