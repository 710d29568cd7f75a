import { eventNames } from './event/event-names.ts';

/** What no log of CloudTrail shows, and what that means. */
export const replayLimits = (dataAsOf: string): readonly { readonly limit: string; readonly effect: string }[] => [
  {
    limit: 'Actions that a call needs beside its own',
    effect:
      'iam:PassRole, tags on creation and keys of encryption are checked by AWS and not logged: a call that only they fail counts as allowed.',
  },
  {
    limit: 'Calls that the trail does not log',
    effect: 'Without data events, nothing is said of objects in S3, items of DynamoDB, functions that are invoked.',
  },
  {
    limit: 'Tags and organisations',
    effect:
      'aws:PrincipalTag, aws:ResourceTag and aws:PrincipalOrgID are in no event, but for those that CloudTrail was told to add: statements about them come out as unknown.',
  },
  {
    limit: 'Resources that an event names by a name alone',
    effect:
      'They are taken to be in the account and Region of the event; the path of a role or user is open, unless the event has it.',
  },
  {
    limit: 'Names of events',
    effect: `Event names become actions by the action data of ${dataAsOf} and a table of ${eventNames.asOf}; what is in neither is listed as unmapped.`,
  },
  {
    limit: 'Copies',
    effect:
      'An event that lies in two trails counts twice. A call across accounts is counted in the principal’s account for service control policies, in the resource’s for resource control policies.',
  },
];
