import { type Json, RemediationError } from '@remedykit/core';
import * as z from 'zod/mini';
import { canonicalCidr } from '../../gate/cidr.ts';
import { type Ledger, ledgerKey } from './ledger.ts';

// Decisions compare times and addresses: one that cannot be read would compare as nothing, and so never end or never match.
const instant = z.string().check(
  z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
  z.refine((text) => !Number.isNaN(Date.parse(text))),
);
const isCanonical = (text: string): boolean => {
  try {
    return canonicalCidr(text) === text;
  } catch {
    return false;
  }
};
const cidr = z.string().check(z.refine(isCanonical));
const count = z.number().check(z.int(), z.gte(0));
const portNumber = z.number().check(z.int(), z.gte(0), z.lte(65_535));

const matchSchema = {
  cidr,
  protocol: z.enum(['6', '17', '-1']),
  ports: z.exactOptional(
    z.strictObject({ from: portNumber, to: portNumber }).check(z.refine(({ from, to }) => from <= to)),
  ),
};

const slotSchema = z.strictObject({
  ruleNumber: z.number().check(z.int(), z.gte(1), z.lte(32_766)),
  ...matchSchema,
  status: z.enum(['claimed', 'active', 'releasing']),
  lease: z.exactOptional(z.strictObject({ owner: z.string(), until: instant })),
  findingIds: z.array(z.string()),
  findingType: z.string(),
  severity: z.number(),
  hits: count,
  sightings: count,
  spoofable: z.boolean(),
  firstBlockedAt: instant,
  lastSeen: instant,
  madeBy: z.strictObject({ findingId: z.string(), lastSeen: instant }),
  writtenAt: instant,
  expiresAt: instant,
  replaced: z.exactOptional(
    z.strictObject({ ...matchSchema, findingType: z.string(), firstBlockedAt: instant, expiresAt: instant }),
  ),
});

const windowSchema = z.strictObject({
  bucketMs: z.number().check(z.int(), z.gte(1)),
  buckets: z.array(z.strictObject({ start: instant, count })),
});

const unplacedSchema = z.strictObject({
  ...matchSchema,
  reason: z.string(),
  findingId: z.string(),
  severity: z.number(),
  sightings: count,
  lastSeen: instant,
  since: instant,
});

const ledgerSchema: z.ZodMiniType<Ledger> = z.strictObject({
  schema: z.literal(1),
  accountId: z.string(),
  region: z.string(),
  networkAclId: z.string(),
  direction: z.enum(['ingress', 'egress']),
  slots: z.array(slotSchema),
  unplaced: z.array(unplacedSchema),
  unplacedOmitted: count,
  beyond: z.exactOptional(
    z.strictObject({
      since: instant,
      changedAt: instant,
      digests: z.string().check(z.regex(/^([\w-]{8})*$/)),
      atLeast: count,
      more: z.exactOptional(z.boolean()),
    }),
  ),
  suppressions: z.array(z.strictObject({ cidr, reason: z.string(), requestedBy: z.string(), until: instant })),
  writes: windowSchema,
  denies: windowSchema,
  history: z.array(z.strictObject({ cidr, blocks: count, endedAt: instant })),
  vanishings: z.array(z.strictObject({ cidr, at: instant })),
  contested: z.exactOptional(z.strictObject({ since: instant, until: instant, because: z.string() })),
  notices: z.array(z.strictObject({ about: z.string(), at: instant })),
});

/**
 * A stored document as ledger.
 * @throws RemediationError `LEDGER_NEWER` (written by a newer library, retryable by an updated function) or
 * `LEDGER_INVALID` (fails its schema, or its slots contradict each other): it is set aside and never acted on.
 */
export const parseLedger = (value: Json, key: string): Ledger => {
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (typeof schema === 'number' && schema > 1) {
    throw new RemediationError({
      code: 'LEDGER_NEWER',
      message: `The ledger ${key} has schema ${schema}, written by a newer remedykit. Update this function; it does not write to what it cannot read.`,
      retryable: true,
    });
  }
  const parsed = z.safeParse(ledgerSchema, value);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') || '(root)';
    throw invalid(key, `does not fit its schema at ${where}`);
  }
  const ledger = parsed.data;
  if (ledgerKey(ledger) !== key) throw invalid(key, 'is about another network ACL');
  if (ledger.slots.some(({ protocol, ports }) => protocol === '-1' && ports !== undefined)) {
    throw invalid(key, 'has a slot with ports and without a protocol');
  }
  if (new Set(ledger.slots.map(({ ruleNumber }) => ruleNumber)).size !== ledger.slots.length) {
    throw invalid(key, 'has two slots with one rule number');
  }
  return ledger;
};

const invalid = (key: string, what: string): RemediationError =>
  new RemediationError({
    code: 'LEDGER_INVALID',
    message: `The ledger ${key} ${what}. It is left as it is and nothing is written for its network ACL; delete the document to start over, after noting its slots: nobody else knows their entries in EC2, and a person has to remove them.`,
  });
