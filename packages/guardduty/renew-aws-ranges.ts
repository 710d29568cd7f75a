import { readFileSync, writeFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { parseAwsRanges } from './src/gate/aws-ranges/parse-aws-ranges.ts';
import { canonicalCidr, parseCidr } from './src/gate/cidr.ts';
import { createRanges } from './src/gate/ranges.ts';

// Writes the snapshot of AWS's ranges that the package ships:
//   node packages/guardduty/renew-aws-ranges.ts ip-ranges.json "https://ip-ranges.amazonaws.com/ip-ranges.json"
// The second argument says where the file is from, and under which licence if it is not from AWS itself.

const [file, source] = process.argv.slice(2);
if (file === undefined || source === undefined) throw new Error('usage: renew-aws-ranges.ts <ip-ranges.json> <source>');

const { services, ec2, amazon, asOf } = parseAwsRanges(readFileSync(file, 'utf8'));
const known = createRanges(services.map((cidr) => ({ cidr })));
/** The same addresses in as few ranges as possible. */
const collapse = (cidrs: readonly string[]): string[] => {
  const all = createRanges(cidrs.map((cidr) => ({ cidr })));
  const left = new Set(cidrs.filter((cidr) => all.find(cidr)?.cidr === cidr));
  const halves = new Map<string, string>();
  for (const cidr of left) {
    const [address, bits] = parseCidr(cidr);
    const parent = canonicalCidr(`${address.toString()}/${bits - 1}`);
    const other = halves.get(parent);
    halves.set(parent, cidr);
    if (other === undefined) continue;
    left.delete(cidr);
    left.delete(other);
    // A set hands out what is added while it is walked through.
    left.add(parent);
  }
  return [...left].toSorted();
};
const lists = [collapse(services), collapse(ec2), collapse(amazon).filter((cidr) => !known.cover(cidr))];
const packed = deflateRawSync(lists.map((cidrs) => cidrs.join(' ')).join('\n'), { level: 9 }).toString('base64');

writeFileSync(
  new URL('./src/gate/aws-ranges/snapshot-data.ts', import.meta.url),
  `// Written by packages/guardduty/renew-aws-ranges.ts; do not edit.
// Source: ${source}

/** When AWS published the ranges. */
export const publishedAt = '${asOf.toISOString()}';

/** Ranges of services, of EC2, and of Amazon outside both: three lines of CIDRs, deflated. */
export const packedRanges: string = '${packed}';
`,
);
