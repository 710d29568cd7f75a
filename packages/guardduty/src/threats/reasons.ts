/** Every reason that the threat table and the extraction give, with its sentence for people. */
export const threatReasons = {
  // Somebody outside acts on our host: denied inbound.
  'brute-force': 'The address is guessing passwords on one of our hosts.',
  'port-probe':
    'A known malicious host is probing an open port of ours. A half-open probe can carry a forged source, so the deny is short and narrow.',
  'exposed-cluster-port':
    'A known malicious host is probing a port of an EMR cluster that anybody can reach and that may run code for whoever connects. The deny is short and narrow, for the source can be forged; the port has to be closed.',
  'tor-inbound': 'A Tor exit node connects to one of our hosts: the sender hides who he is.',

  // Our host reaches out to somebody who steers or robs it: denied outbound, and the host is to be looked at.
  'command-and-control':
    'Our host talks to an address that is known to give malware its orders. The deny cuts it off from this controller; the host is probably compromised.',
  'black-hole-traffic':
    'Our host sends to an address that nobody answers at, as malware does whose controller was taken down. The host may be compromised.',
  'drop-point': 'Our host sends to an address that is known to receive stolen data. The host may be compromised.',
  'ddos-malware':
    'Our host talks to an address that belongs to the XOR DDoS malware: whoever gives it orders is cut off. The host may be compromised.',
  'tor-client':
    'Our host enters the Tor network through this address, and clients keep to few entries, so the deny slows it down. Find out what hides behind Tor on the host.',

  // Our host reaches out, and denying the other side would be wrong or useless.
  'our-host-attacks':
    'Our own host is the attacker. It has to be contained; the other side is its victim and is not to be cut off.',
  'denial-of-service':
    'Our host floods the other side, which is the victim. It may answer requests with a forged source, so a deny would let whoever forges them choose whom we cut off. Contain the host.',
  spam: 'Our host sends mail as it never did before. The other side is a mail server like any other and no controller; if the host is not to send mail, contain it.',
  'tor-relay':
    'Our host is part of the Tor network and has thousands of changing peers; denying one of them changes nothing. Stop the relay, or find out who runs it.',
  'crypto-peer':
    'The address belongs to a cryptocurrency network or pool. Pools and peers are many and replace each other, so a deny ends no mining, and it would cut off a node that is run on purpose. Find out which process it is.',
  'unusual-traffic':
    'The traffic of our host is not what it was. That is no evidence against the other side, which may be a customer or a new supplier.',
  'public-resolver':
    'Our host resolves names past the resolver of its VPC. The other side is mostly a public resolver that others need; close the way out for DNS to all but your own resolvers, and look at the host.',
  'domain-request':
    'The evidence is a domain name, and a network ACL knows no names and does not filter the resolver of the VPC. Block the name in the DNS firewall and look at what asked for it.',

  'metadata-rebinding':
    "A name that somebody else controls leads to the instance metadata service, so that an application hands out the credentials of the host. Require IMDSv2, find the application, and end the sessions of the host's role.",

  // Other places, where the network ACL of an instance is of no use.
  'lambda-function':
    'A Lambda function reaches out. Its traffic leaves through no instance, and other functions may share its way out. Stop the function and look at its code and role.',
  'runtime-connection':
    'The agent on the host saw the connection and does not say which side acted, and a container may use an interface of its own. The finding that GuardDuty makes of the same traffic from the flow logs is the one to deny on. Stop the process that is named.',
  'host-behaviour':
    'What happens on the host gives it away, and not an address. Contain the host or container and stop the process that is named.',
  malware: 'A file is suspected to be malware. No address is involved; isolate what holds the file.',
  'aws-api':
    "The calls go to AWS's own API, which no network ACL of yours stands before. If nobody vouches for them, disable the credentials, end their sessions, and close what is open to all.",
  'cluster-api':
    'The calls go to the API of the cluster, which AWS runs apart from the network ACL of the nodes. If nobody vouches for them, revoke the access and narrow who may reach the API.',
  'database-login':
    'The finding names a database and no instance, so it is not known which network ACL the caller passes, and customers may share his address. Close the database to the Internet and change what was guessed.',
  'control-change':
    'Somebody with rights in the account weakened a control. No address is at fault: undo the change, and take it for the work of an intruder until whoever made it explains it.',
  exposure:
    'Something is open to more people than it should be, or was used as it should not be. No address is at fault: close it, and find out who did it.',
  'attack-sequence':
    'Several signals together show an attack that is under way. Its addresses play different parts, so none is denied blindly: a person leads the response.',
  'custom-threat-list':
    'The match comes from a threat list of your own: whoever may write that list would choose whom we block.',

  'trusted-threat-list':
    'A threat list of your own names the address, and you said (trustCustomThreatLists) that whoever may write that list may choose whom we block.',

  // Left to those whose daily work it is; nobody is called.
  'looked-around':
    'Somebody reads through the API what he did not read before, as new people and new tools do. GuardDuty keeps the finding, and raises an attack sequence when it is part of one.',
  'guard-rail-off':
    'A setting that prevents public buckets was switched off. Nothing is public by that alone; a bucket that becomes public is a finding of its own. Whoever owns the configuration puts it right.',

  // Whatever the type.
  'role-unknown':
    'The finding does not say whether our side was the target or the actor, so denying the other side could hit a victim.',
  'combination-not-covered':
    'Role and direction do not fit this type of finding, so it is not clear who acts on whom. Nothing is blocked on it.',
  'type-not-covered': 'This type of finding has no row in the threat table. Nothing is blocked on it.',
  'address-unreadable': 'The finding names an address that cannot be read as an IP address.',
  'no-address': 'The finding names no remote address that could be blocked.',
} as const;

/** A documented reason of a threat. */
export type ThreatReason = keyof typeof threatReasons;
