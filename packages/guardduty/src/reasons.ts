/**
 * Every reason that the gate and the network ACL blocker give besides those of the threat table (`threatReasons`): the code
 * with its meaning for people. Where reading or storing fails for a reason that is not listed, the reason is the code of the
 * error in lower case with hyphens: `STATE_UNAVAILABLE` becomes `state-unavailable`.
 */
export const blockReasons = {
  // The finding as a whole.
  sample: 'A sample finding; its addresses are made up.',
  archived: 'The finding is archived: somebody decided that it needs no action.',
  'account-not-listed': 'The account of the finding is not in `accounts`.',
  'management-account': 'The account is the management account of the organisation, in which nothing is written.',
  'untrusted-channel': 'The finding came through a channel that `trust` does not list.',
  unverified: 'GuardDuty does not hold the finding, or not this address under it: the event may be forged.',
  superseded: 'GuardDuty holds a newer sighting under this finding, with another address.',
  stale: 'The last sighting is too old, in the future or not known, or a block counted from it would be over.',
  'facts-unavailable': 'Who must never be denied could not be established, so nothing is blocked; a retry may help.',
  malformed: 'The record could not be parsed; it is kept whole in the audit trail and not retried.',

  // The address.
  reserved: 'The address is not routable on the Internet.',
  'allow-listed': 'The allow-list holds an address in the range that would be denied.',
  'vpc-cidr': 'The address belongs to a VPC of the account.',
  'own-address': 'The address is a public address of the account.',
  'behind-proxy': 'The address is a load balancer, NAT gateway or proxy, with others behind it; a person must look.',
  'partner-listed': 'A list of `partnerLists` holds an address in the range that would be denied.',
  'explicitly-trusted':
    'A security group of the host, its network ACL or a customer gateway names the address or a narrow range around it.',
  'aws-service-range': 'The address is of an AWS service that our hosts may need, by the ranges that AWS publishes.',
  suppressed: 'A person unblocked the address, and its suppression still holds.',
  'no-port': 'The evidence could be forged and names no port, so a deny would have to cover all ports.',

  // Where the deny would go.
  'no-instance': 'The finding names no instance, so there is no network ACL to change.',
  'no-live-interface': 'The instance has no network interface any more.',
  'no-place': 'There is no network ACL to put the deny into.',
  'shared-vpc': 'The network ACL belongs to another account, which shares the VPC; only its owner may change it.',
  'network-acl-gone': 'The network ACL does not exist any more; what was known about it is forgotten.',

  // Room and effect.
  'port-runs': 'Two runs of ports per address are denied at most; more were attacked.',
  'no-rule-number': 'Every rule number of the reserved range is taken.',
  quota: 'The network ACL has no room: the quota, less the headroom for people, is used up.',
  flood: 'The network ACL had as many entry writes in the last hour as are allowed.',
  'beyond-list':
    'So many addresses have no place that not all are listed; how many are not is told every 15 minutes at most.',
  'ledger-full': 'The ledger of the network ACL has no room for another deny.',
  contested: 'Somebody takes our denies out of the network ACL, so nothing new is written there for a day.',
  overflow: 'An overflow blocker denies it, for the network ACL has no place for it.',
  'overflow-declined': 'The overflow blocker that covers it does not deny it; a person must look.',
  'overflow-failed': 'The overflow blocker failed, so nobody knows whether it denies the address; it is asked again.',
  'allow-precedes': 'An allow is evaluated before the deny, which would have no effect.',

  // What a deny became.
  outranks: 'There is no room, and it takes the place of an attacker that ranks lower.',
  new: 'A deny under a free rule number.',
  restore: 'The deny was in force and had gone from the network ACL; it is put back.',
  retake: 'A worker that claimed the rule number did not finish; its work is carried out.',
  'seen-again': 'The attacker was seen again, so the deny holds longer.',
  'in-force': 'The address is denied already.',
  applied: 'EC2 took the write.',
  'already-exists': 'EC2 had the deny already.',
  'not-ours': 'The rule number no longer holds our deny; what is there now is left alone.',
  'number-taken': 'Somebody else took the rule number in the meantime; another one is tried.',

  // What ends a deny.
  evicted: 'An attacker that ranks higher took its place; the address is not denied any more.',
  'given-back': 'A worker that was to replace it did not finish, and the deny keeps its place.',
  expired: 'The block has ended.',
  'longest-block': 'The block has ended after the longest time that it may last, although its source was still seen.',
  'now-protected': 'Today the gate would refuse to deny the address, so the deny is released.',
  drained: 'A person had everything of ours taken out.',
  adopted: 'A person had a deny taken over that no ledger knew.',
  orphan: 'The reserved range holds a deny that no ledger knows; it is left alone.',
  'contest-over': 'Nobody took denies out for a day, so they are written again.',
  'unblocked-by-hand': 'A person asked for it.',
  'suppressions-full': 'A ledger, or the control document, has no room for another suppression.',
  'already-gone': 'The entry was gone from the network ACL already.',
  foreign: "The rule number holds somebody else's entry, which is left alone.",
  'let-go':
    'Upkeep that was run again at once says again whom the run before let go of: its worker may not have lived to.',
  settled: 'A worker did not finish, but EC2 has its entry; the ledger says so now.',

  // What became of stored own addresses.
  refreshed: 'The own addresses of the account and Region were read and stored.',
  'newer-stored': 'The store holds a newer reading of the own addresses already.',

  // What could not be done now.
  'in-progress': 'Another worker is writing this rule number; a retry after its lease helps.',
  'ledger-changed': 'The ledger changed while it was read; the event has to be looked at again.',
  'not-visible-yet': 'The entry was written a moment ago and EC2 does not show it yet.',
  throttled: 'AWS throttled a request.',
  'access-denied': 'AWS denied a request: the role lacks a permission.',
  'rejected-by-ec2': 'EC2 rejected a write for another reason; the sentence names its code.',
  'unknown-effect': 'EC2 did not answer clearly; a sweep finds out whether the write took place.',
  'out-of-time': 'Too little time was left for a write within its lease.',
  unsettled: 'EC2 was written and the ledger could not be settled; a sweep will.',
  paused: 'A person paused writes.',
  'control-unreadable': 'Whether writes are paused could not be read, so nothing is written.',
  'dry-run': 'The step was only planned.',
  error: 'A step failed in a way that was not foreseen; see its error.',

  // Errors that end as a reason.
  'audit-failed': 'The audit record of a decision could not be written.',
  'cidr-invalid': 'An address that an option or AWS gave cannot be read, so nothing is decided on it.',
  'detector-missing': 'GuardDuty has no detector in the account and Region, so nothing can be read back.',
  'own-addresses-contended': 'Other workers changed the stored own addresses at every attempt.',
  'own-addresses-newer': 'Stored own addresses were written by a newer version; update this function.',
  'own-addresses-too-many': 'The own addresses of one account and Region do not fit into one document.',
  'ledger-contended': 'Other workers changed the ledger at every attempt.',
  'ledger-invalid': 'A ledger fails its checks. It is set aside, and nothing is written for its network ACL.',
  'ledger-newer': 'A ledger was written by a newer version; update this function.',
} as const;

/** A documented reason of the gate or the network ACL blocker. */
export type BlockReason = keyof typeof blockReasons;
