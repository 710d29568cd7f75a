import type { Finding } from '../finding.ts';
import { sshBruteForce } from './findings.ts';

// For tests alone.

/** What breaks pages that trust what findings say. */
export const hostileTexts: readonly string[] = [
  '<script>document.title="taken"</script>',
  '"><img src=x onerror=document.title="taken">',
  "' onmouseover='document.title=1",
  '</style><script>document.title="taken"</script>',
  '</script><script>document.title="taken"</script>',
  '<!--',
  ']]>',
  '&lt;script&gt;',
  '\u202egnp.exe\u0000\u001b[31m',
  'javascript:document.title="taken"',
  '<svg/onload=document.title="taken">',
  '<iframe src="https://example.com/x">',
  '<meta http-equiv="refresh" content="0;url=https://example.com/">',
  '\ud800',
];

/** Findings with a hostile text in every place that a document can fill with any text. */
export const hostileFindings = (texts: readonly string[] = hostileTexts, at: Date = new Date()): Finding[] =>
  texts.map((text, index) => {
    const seen = sshBruteForce({ from: `198.51.100.${index}`, at });
    const { action } = seen;
    return {
      ...seen,
      id: text,
      type: text.slice(0, 40),
      region: text,
      partition: text,
      resourceRole: 'TARGET',
      instance: {
        instanceId: text,
        interfaces: [{ subnetId: text, vpcId: text, networkInterfaceId: text, privateIpv4: [text], ipv6: [] }],
      },
      ...(action?.kind === 'network-connection'
        ? { action: { ...action, remote: { ...action.remote, country: text } } }
        : {}),
    };
  });

/** The same as attackers: of a type that is denied, so that the place is shown. */
export const hostileAttackers = (texts: readonly string[] = hostileTexts, at: Date = new Date()): Finding[] =>
  hostileFindings(texts, at).map((finding) => ({ ...finding, type: 'UnauthorizedAccess:EC2/SSHBruteForce' }));
