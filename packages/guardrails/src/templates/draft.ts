import type { Conditions } from '../policy/document.ts';
import type { AccessRequest, Principal } from '../policy/request.ts';

/** A request as a template writes it: what it leaves out is an ordinary role of the account that owns the resource. */
export interface Ask {
  readonly action: string;
  /** `*` by default, for actions without resources. */
  readonly resource?: string;
  readonly context?: AccessRequest['context'];
  readonly principal?: Principal;
  readonly resourceAccountId?: string;
}

/** One element of a request and what to put there; of the context, one key (`undefined` takes it away). */
export type Change =
  | { readonly action: string }
  | { readonly resource: string }
  | { readonly principal: Principal }
  | { readonly context: Readonly<Record<string, string | readonly string[] | undefined>> };

/** One statement, and the requests that prove it. */
export interface StatementDraft {
  readonly sid: string;
  readonly action?: readonly string[];
  readonly notAction?: readonly string[];
  /** `*` by default. */
  readonly resource?: readonly string[];
  readonly notResource?: readonly string[];
  readonly condition?: Conditions;
  /** Which exempted principals the statement can be about: all by default; `none` for a statement without exemptions. */
  readonly exempts?: 'none' | ((principalArn: string) => boolean);
  /** Set where exempted resources are left alone, by NotResource. */
  readonly exemptsResources?: boolean;
  /** What another statement decides as well, so that its cases prove it: exempt principals, and requests without these keys. */
  readonly provenElsewhere?: { readonly exempt?: true; readonly keys?: readonly string[] };
  /** Requests that this statement alone denies. The first is what near misses, exempt and missing-key cases start from. */
  readonly denied: readonly [Ask, ...Ask[]];
  /** Each one element away from the first denied request, and none of this statement's business. */
  readonly nearMisses: readonly [Change, ...Change[]];
}
