/** Every reason that the threat table and the extraction give, with its sentence for people. */
export const threatReasons = {
  'brute-force': 'The address is guessing passwords on one of our hosts.',
  'port-probe':
    'A known malicious host is probing an open port of ours. A half-open probe can carry a forged source, so the deny is short and narrow.',
  'tor-inbound': 'A Tor exit node connects to one of our hosts: the sender hides who he is.',
  'our-host-attacks':
    'Our own host is the attacker. It has to be contained; the other side is its victim and is not to be cut off.',
  'black-hole-traffic':
    'Our host sends to an address that nobody answers at, as malware does whose controller was taken down. The host may be compromised.',
  'drop-point': 'Our host sends to an address that is known to receive stolen data. The host may be compromised.',
  'ddos-malware':
    'Our host talks to an address that belongs to the XOR DDoS malware: whoever gives it orders is cut off. The host may be compromised.',
  'role-unknown':
    'The finding does not say whether our side was the target or the actor, so denying the other side could hit a victim.',
  'combination-not-covered':
    'Role and direction do not fit this type of finding, so it is not clear who acts on whom. Nothing is blocked on it.',
  'type-not-covered': 'This type of finding has no row in the threat table. Nothing is blocked on it.',
  'custom-threat-list':
    'The address comes from a threat list of your own: whoever may write that list would choose whom we block.',
  'address-unreadable': 'The finding names an address that cannot be read as an IP address.',
  'no-address': 'The finding names no remote address that could be blocked.',
} as const;

/** A documented reason of a threat. */
export type ThreatReason = keyof typeof threatReasons;
