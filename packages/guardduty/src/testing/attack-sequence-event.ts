import { type CommonFindingOptions, findingEventOf, type TypeOption } from './documents.ts';
import type { FindingEvent } from './event-bridge-event.ts';

/** What an attack sequence lets a test say. */
export interface AttackSequenceOptions extends CommonFindingOptions, TypeOption {
  /** The hosts of the attack; IPv4 or IPv6. */
  readonly addresses?: readonly string[];
}

/**
 * `AttackSequence:IAM/CompromisedCredentials`: several signals that GuardDuty puts together. There is neither action nor
 * role; the hosts are among the sequence's endpoints.
 */
export const attackSequenceEvent = (options: AttackSequenceOptions = {}): FindingEvent => {
  const addresses = options.addresses ?? ['198.51.100.33', '198.51.100.34'];
  const seen = (options.at ?? new Date()).toISOString();
  const endpointIds = addresses.map((_, index) => `endpoint-${index + 1}`);
  return findingEventOf(
    {
      type: options.type ?? 'AttackSequence:IAM/CompromisedCredentials',
      severity: 9,
      evidence: [addresses],
      resource: () => ({ resourceType: 'AttackSequence' }),
      service: ({ accountId }) => ({
        featureName: 'Correlation',
        detection: {
          sequence: {
            uid: 'example-sequence-1',
            description: 'The access key of alice was used to look around and to open a bucket.',
            actors: [
              {
                id: 'actor-1',
                user: { name: 'alice', uid: 'AIDAEXAMPLE0000000001', type: 'IAMUser', account: { uid: accountId } },
                session: { uid: 'AKIAEXAMPLE000000001', mfaStatus: 'DISABLED', createdTime: seen },
              },
            ],
            resources: [
              { uid: 'AKIAEXAMPLE000000001', name: 'AKIAEXAMPLE000000001', resourceType: 'ACCESS_KEY', accountId },
            ],
            endpoints: addresses.map((ip, index) => ({
              id: endpointIds[index],
              ip,
              connection: { direction: 'INBOUND' },
              location: { city: 'Akureyri', country: 'Iceland', lat: 65.68, lon: -18.1 },
              autonomousSystem: { name: 'Example Hosting', number: 64_496 },
            })),
            signals: [
              {
                uid: 'example-signal-1',
                type: 'CLOUD_TRAIL',
                name: 'iam:ListUsers',
                severity: 5,
                count: 3,
                createdAt: seen,
                updatedAt: seen,
                firstSeenAt: seen,
                lastSeenAt: seen,
                actorIds: ['actor-1'],
                endpointIds,
              },
            ],
            sequenceIndicators: [{ key: 'ATTACK_TACTIC', values: ['Discovery'], title: 'Attack tactic' }],
          },
        },
      }),
      title: 'The access key of alice may be in the wrong hands.',
      description: 'Several actions with the access key of alice look like one attack.',
    },
    options,
  );
};
