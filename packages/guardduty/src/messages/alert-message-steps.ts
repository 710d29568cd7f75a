import type { ThreatReason } from '../threats/reasons.ts';

const revoke =
  'Ask whoever owns the credentials whether it was them. If nobody vouches for it, disable the credentials and end their sessions.';
const lookAtHost = 'Find the process on the host that made the connection, and how it came there.';
const clarify = 'Read the finding in GuardDuty: it does not say clearly enough who acts on whom.';

/**
 * What a person does next, by what the threat table says about a finding, the most important first. `threatReasons` says
 * why an address is denied or not; these steps hold where nothing is denied at all.
 */
export const nextSteps: Readonly<Record<ThreatReason, readonly string[]>> = {
  'brute-force': [
    'Look for a successful login from this address in the log of the host.',
    'Close the port to the Internet; Session Manager needs none.',
  ],
  'port-probe': ['Close the port to the Internet, or let only known addresses reach it.'],
  'exposed-cluster-port': [
    'Close the port of the cluster to the Internet now: whoever connects may run code there.',
    'Look for jobs that nobody of yours submitted.',
  ],
  'tor-inbound': [
    'Find out whether people should reach this host through Tor; if not, let only known addresses reach it.',
  ],
  'command-and-control': ['Isolate the host: it is probably compromised.', lookAtHost],
  'black-hole-traffic': ['Take the host for compromised until it is explained.', lookAtHost],
  'drop-point': [
    'Isolate the host: it may be sending stolen data.',
    'Find out which data it could read, and change the secrets among them.',
  ],
  'ddos-malware': ['Isolate the host: it is probably infected.', lookAtHost],
  'tor-client': ['Find out what hides behind Tor on the host; take it for compromised until it is explained.'],
  'our-host-attacks': ['Contain the host: it attacks others.', lookAtHost],
  'denial-of-service': [
    'Contain the host: it floods others.',
    'If it answers requests with a forged source, close the service to the Internet.',
  ],
  spam: ['Find out whether the host should send mail; if not, contain it.'],
  'tor-relay': ['Stop the relay, or find out who runs it.'],
  'crypto-peer': [
    'Find out which process it is. If nobody runs a node or miner on purpose, take the host for compromised.',
  ],
  'unusual-traffic': ['Ask whoever runs the host whether something new was deployed.', lookAtHost],
  'public-resolver': ['Find out what on the host asks other resolvers.', 'Let DNS out to your own resolvers only.'],
  'domain-request': [
    'Find out what on the host asked for the name.',
    'Block the name in Route 53 Resolver DNS Firewall.',
  ],
  'metadata-rebinding': [
    'Require IMDSv2 on the instance.',
    'Find the application that followed the name, and end the sessions of the role of the host.',
  ],
  'lambda-function': [
    'Stop the function, for example by a reserved concurrency of 0, and look at its code and dependencies.',
    'End the sessions of its role.',
  ],
  'runtime-connection': ['Stop the process that the finding names.', 'Contain the host or container it runs on.'],
  'host-behaviour': ['Stop the process that the finding names.', 'Contain the host or container it runs on.'],
  malware: ['Isolate what holds the file, and find out who put it there.'],
  'aws-api': [revoke, 'Look in CloudTrail for what else they did.'],
  'cluster-api': [
    'Ask whoever owns the identity whether it was them. If nobody vouches for it, revoke its access to the cluster.',
    'Narrow who may reach the API of the cluster.',
  ],
  'database-login': [
    'Ask whoever owns the database user. If nobody vouches for it, change its password and end its connections.',
    'Close the database to the Internet.',
  ],
  'control-change': ['Undo the change.', 'Take it for the work of an intruder until whoever made it explains it.'],
  exposure: ['Close what is open, or find out why it must be.', 'Find out who did it.'],
  'attack-sequence': ['Begin your response to incidents: several signals together show one attack.', revoke],
  'custom-threat-list': ['Find out why the address is on your list, and what it reached.'],
  'trusted-threat-list': ['Find out why the address is on your list, and what it reached.'],
  'looked-around': ['Nothing, unless nobody can explain it: new people and new tools look like this.'],
  'guard-rail-off': ['Ask whoever owns the configuration to put it right.', 'Look whether a bucket has become public.'],
  'role-unknown': [clarify],
  'combination-not-covered': [clarify],
  'type-not-covered': ['Read the finding in GuardDuty: its type is newer than this version.'],
  'address-unreadable': ['Read the finding in GuardDuty: it names an address that cannot be read.'],
  'no-address': ['Read the finding in GuardDuty: it names no remote address.'],
};
