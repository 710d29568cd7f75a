import * as z from 'zod/mini';

/** An instant as it is stored. */
export const storedInstant: z.ZodMiniType<string> = z
  .string()
  .check(z.refine((text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text));

/** A text as it is stored. */
export const storedText: z.ZodMiniType<string> = z.string().check(z.minLength(1), z.maxLength(1024));

/** An account id as it is stored. */
export const storedAccount: z.ZodMiniType<string> = z.string().check(z.regex(/^\d{12}$/));
