/** Plain JSON data: what plans, outcomes, audit records and stored documents are made of. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };
