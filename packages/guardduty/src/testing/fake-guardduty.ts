import type { GetFindingsCommandInput, GuardDutyClient } from '@aws-sdk/client-guardduty';
import { awsError } from './aws-error.ts';
import { createTransport, type FakeControls } from './fake-transport.ts';
import { fakeWorld } from './fake-world.ts';
import { findingIn } from './finding-lists.ts';
import { toSdkShape } from './sdk-shape.ts';

/** What the fake detector holds from the start. */
export interface FakeGuardDutyOptions {
  /** The one detector of the account and Region. */
  readonly detectorId?: string;
  /** EventBridge events or bare findings. */
  readonly findings?: readonly object[];
}

/** A GuardDuty detector in memory, usable where a `GuardDutyClient` is. */
export interface FakeGuardDuty extends FakeControls {
  readonly send: GuardDutyClient['send'];
  readonly detectorId: string;
  /** Holds a finding (an EventBridge event or a bare finding), in place of what it held under that id. */
  hold(document: object): void;
  /** Marks a finding as archived. */
  archive(id: string): void;
  /** Lets a finding be gone, as after 90 days. */
  forget(id: string): void;
}

type Held = Readonly<Record<string, unknown>>;

const idIn = (finding: Held): string => {
  const id = finding.id ?? finding.Id;
  if (typeof id === 'string' && id !== '') return id;
  throw new Error('The fake guardduty holds findings by id, and this document has none.');
};

const badRequest = (why: string) => awsError('BadRequestException', `The request is rejected because ${why}`);

/**
 * A detector that holds findings as GuardDuty does and answers ListDetectors and GetFindings in the SDK's shape. Ids
 * that it does not hold are missing from the answer, as with GuardDuty.
 * @example
 * ```ts
 * import { createFakeGuardDuty, sshBruteForceEvent } from '@remedykit/guardduty/testing';
 * const guardDuty = createFakeGuardDuty({ findings: [sshBruteForceEvent({ from: '198.51.100.7' })] });
 * ```
 */
export const createFakeGuardDuty = (options: FakeGuardDutyOptions = {}): FakeGuardDuty => {
  const { detectorId = fakeWorld.detectorId, findings = [] } = options;
  const held = new Map<string, Held>();
  const hold = (document: object): void => {
    const finding = structuredClone(findingIn(document));
    held.set(idIn(finding), finding);
  };
  for (const document of findings) hold(document);

  const getFindings = ({ DetectorId, FindingIds = [] }: GetFindingsCommandInput): object => {
    if (DetectorId !== detectorId) throw badRequest('the input detectorId is not owned by the current account.');
    if (FindingIds.length > 50) throw badRequest('the parameter findingIds has an invalid value.');
    return {
      Findings: [...new Set(FindingIds)].flatMap((id) => {
        const finding = held.get(id);
        return finding === undefined ? [] : [toSdkShape(finding)];
      }),
    };
  };

  const transport = createTransport({
    service: 'guardduty',
    operations: ['ListDetectors', 'GetFindings'],
    perform: (operation, input) =>
      // The SDK's command has typed its input.
      operation === 'ListDetectors' ? { DetectorIds: [detectorId] } : getFindings(input as never),
  });
  return {
    ...transport,
    // The SDK's `send` is overloaded by command and callback; this one answers each command in its promise form.
    send: transport.send as GuardDutyClient['send'],
    detectorId,
    hold,
    archive(id) {
      const finding = held.get(id);
      if (finding === undefined) throw new Error(`The fake guardduty does not hold the finding ${id}.`);
      const name = 'Service' in finding ? 'Service' : 'service';
      const service = finding[name] as Held | undefined;
      held.set(id, { ...finding, [name]: { ...service, [name === 'Service' ? 'Archived' : 'archived']: true } });
    },
    forget(id) {
      held.delete(id);
    },
  };
};
