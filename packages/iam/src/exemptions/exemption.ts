import type { Instant } from '@remedykit/core';

/** Whom an exemption is for: exactly one of these. */
export type ExemptionSelector =
  /** `AIDA…`: the surest, for it is never used again. */
  | { readonly userId: string }
  /** Name or ARN of one user. Names are compared without regard to case, as IAM tells them apart. */
  | { readonly user: string }
  /** All users under a path: `/mainframe/` and what is below. */
  | { readonly path: string }
  /** All users whose whole name fits; `*` stands for any characters, `?` for one: `svc-*`. */
  | { readonly pattern: string }
  /** All members of a group. */
  | { readonly group: string };

/** Nobody is exempt without a reason and an end. */
export type Exemption = ExemptionSelector & { readonly reason: string; readonly expires: Date };

/**
 * Exempts users by a tag of theirs whose value is the end and the reason, `2027-03-31 legacy bridge`: exempt until the
 * midnight UTC with which that day begins. A tag with any other value exempts nobody and is reported.
 */
export interface TagExemption {
  /** `remedykit:exempt`. */
  readonly key: string;
  /** Whoever may call iam:TagUser decides who is exempt; the guardrail `protectControlTags` narrows who that is. */
  readonly acknowledge: 'whoever-may-tag-users-may-exempt-them';
}

/** An exemption as it is decided on and kept in audit records. Plain JSON. */
export interface ListedExemption {
  readonly kind: 'user-id' | 'user' | 'arn' | 'path' | 'pattern' | 'group';
  readonly value: string;
  readonly reason: string;
  readonly expires: Instant;
}
