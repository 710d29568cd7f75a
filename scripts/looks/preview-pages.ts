import { days, hours, minutes, RemediationError } from '@remedykit/core';
import type { Finding } from '@remedykit/guardduty';
import { createPreview, previewHtml } from '@remedykit/guardduty/preview';
import {
  awsApiCall,
  blackholeTraffic,
  commandAndControl,
  dnsRequest,
  dropPoint,
  malware,
  portProbe,
  rdpBruteForce,
  routableDocumentationRanges,
  sshBruteForce,
  unknownType,
} from '@remedykit/guardduty/testing';

const end = new Date('2026-11-24T10:00:00.000Z');
const countries = [
  'Iceland',
  'Brazil',
  'Viet Nam',
  'Netherlands',
  'United States',
  "Côte d'Ivoire",
  'Korea (Republic of)',
];

/** The same numbers from 0 to 1 at every run. */
const createChance = (): (() => number) => {
  let state = 7;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
};

const inCountry = (finding: Finding, country: string): Finding => {
  const { action } = finding;
  if (action?.kind !== 'network-connection') return finding;
  return { ...finding, action: { ...action, remote: { ...action.remote, country } } };
};

type Make = (options: Parameters<typeof sshBruteForce>[0]) => Finding;

/** What is found, from the most frequent on. */
const kinds: readonly (readonly [share: number, make: Make])[] = [
  [0.5, sshBruteForce],
  [0.65, rdpBruteForce],
  [
    0.78,
    ({ from: _, ...options } = {}) =>
      portProbe({
        ...options,
        addresses: [
          { address: '192.0.2.9', port: 22 },
          { address: '2001:db8::9', port: 443 },
        ],
      }),
  ],
  [0.84, blackholeTraffic],
  [0.88, dropPoint],
  [0.92, commandAndControl],
  [0.94, (options) => dnsRequest({ at: options?.at ?? end })],
  [0.96, (options) => sshBruteForce({ ...options, role: 'ACTOR' })],
  [0.97, (options) => sshBruteForce({ ...options, sample: true })],
  [0.98, unknownType],
  [0.99, (options) => awsApiCall({ at: options?.at ?? end })],
  [1, (options) => malware({ at: options?.at ?? end })],
];

/** A quarter of findings as a busy account has them, with one flood. */
function* quarter(): Generator<Finding> {
  const chance = createChance();
  for (let index = 0; index < 1_500; index++) {
    const when = chance() < 0.25 ? 0.45 + 0.03 * chance() : chance();
    const host = Math.floor(chance() ** 2 * 500);
    const subnet = Math.floor(chance() ** 2 * 12);
    const kind = chance();
    const make = kinds.find(([share]) => kind <= share)?.[1] ?? sshBruteForce;
    const finding = make({
      id: index.toString(16).padStart(32, 'a'),
      from: `${host < 250 ? '198.51.100' : '203.0.113'}.${host % 250}`,
      at: new Date(end.getTime() - days(92) + days(91) * when),
      accountId: subnet % 3 === 0 ? '444455556666' : '111122223333',
      instanceId: `i-${(4_096 + subnet * 10 + Math.floor(chance() * 9)).toString(16).padStart(17, '0')}`,
      subnetId: `subnet-${(4_096 + subnet).toString(16).padStart(17, '0')}`,
    });
    yield inCountry(finding, countries[host % countries.length] ?? '');
  }
}

const pageOf = (findings: Iterable<Finding>, errors: readonly string[]): string => {
  const preview = createPreview({
    allowList: ['203.0.113.7', '198.51.100.200/30'],
    addressRanges: routableDocumentationRanges,
    now: () => end,
  });
  for (const finding of findings) preview.add(finding);
  for (const message of errors) preview.skip(new RemediationError({ code: 'FINDING_MALFORMED', message }));
  return previewHtml(preview.report());
};

/** The page of a busy quarter. */
export const previewPage = (): string => pageOf(quarter(), []);

const hostile = [
  '<script>document.title="taken"</script>',
  '"><img src=x onerror=\'document.title="taken"\'>',
  '</style></script><script>document.title="taken"</script>',
  '<svg/onload=document.title="taken">',
  '<iframe src="https://example.com/"></iframe>',
  '<meta http-equiv="refresh" content="0;url=https://example.com/">',
  'javascript:document.title="taken"',
  '\u202egnp.exe\u0000',
  'W'.repeat(300),
];

/** Text of an attacker wherever a finding has text. */
const hostileFinding = (text: string, index: number): Finding => {
  const finding = inCountry(
    sshBruteForce({ from: `198.51.100.${index}`, at: new Date(end.getTime() - hours(index)) }),
    text,
  );
  return {
    ...finding,
    id: text,
    region: text,
    partition: text,
    instance: {
      instanceId: text,
      interfaces: [{ subnetId: text, vpcId: text, networkInterfaceId: text, privateIpv4: [], ipv6: [] }],
    },
  };
};

/** The page of findings that try to take it over. */
export const hostilePreviewPage = (): string => {
  const findings = hostile.map(hostileFinding);
  const typed = hostile.map((text, index) => ({ ...hostileFinding(text, 100 + index), type: text.slice(0, 100) }));
  const loud = hostile.map((text, index) => ({
    ...hostileFinding(text, 200 + index),
    id: `${index}${text}`,
    resourceRole: 'ACTOR',
  }));
  return pageOf([...findings, ...typed, ...loud], [...hostile, `took ${minutes(1)}`]);
};
