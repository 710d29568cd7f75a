import type { RemediationError } from '@remedykit/core';
import { pascalName } from '../fields.ts';
import type { DocumentPlace } from '../finding-document.ts';
import { kindOf, parseError } from '../parse-error.ts';

/** One field that cannot be read: its path from the finding, what it is, and what was expected. */
export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly found: string;
  readonly expected: string;
}

/** Paths are in camelCase; the document may have PascalCase. */
const valueAt = (document: unknown, path: readonly PropertyKey[]): unknown => {
  let value = document;
  for (const key of path) {
    const own = typeof value === 'object' && value !== null ? value : {};
    const name = typeof key === 'string' && !Object.hasOwn(own, key) ? pascalName(key) : key;
    value = Object.hasOwn(own, name) ? Reflect.get(own, name) : undefined;
  }
  return value;
};

/**
 * The faults of a schema's issues.
 * @param nameOf how the path of a field is called in the document as it came
 */
export const faultsOf = (
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
  document: unknown,
  nameOf: (path: readonly PropertyKey[]) => readonly PropertyKey[] = (path) => path,
): Fault[] =>
  issues.map(({ path, message }) => ({
    path: nameOf(path),
    found: kindOf(valueAt(document, path)),
    expected: message,
  }));

/** The error that names up to three faults by their paths, never by their values. */
export const malformed = (place: DocumentPlace, faults: readonly Fault[]): RemediationError => {
  const named = faults.slice(0, 3).map(({ path, found, expected }) => {
    const name = [...place.path, ...path].map(String).join('.') || 'the document';
    return `${name} is ${found}, expected ${expected}`;
  });
  const more = faults.length - named.length;
  return parseError(
    'FINDING_MALFORMED',
    `Cannot read the finding in ${place.envelope}: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`,
  );
};
