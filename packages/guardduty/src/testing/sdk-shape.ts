/** Keys under which free names stand, not names of the API model. */
const mapLike: ReadonlySet<string> = new Set(['profiles', 'behavior']);

/** Names of the SDK that are not the event's name with a capital. */
const renamed: Readonly<Record<string, string>> = { sourceIPs: 'SourceIps' };

const capitalised = (key: string): string => renamed[key] ?? key.charAt(0).toUpperCase() + key.slice(1);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Older events spread `additionalInfo` out; the API gives it as JSON text. */
const additionalInfo = (info: unknown): unknown => {
  if (!isObject(info) || typeof (info.value ?? info.Value) === 'string') return toSdkShape(info);
  return { Value: JSON.stringify(info), Type: 'default' };
};

/** The answer of the SDK for a document in camelCase: keys in PascalCase, null left out. */
export const toSdkShape = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(toSdkShape);
  if (!isObject(value)) return value;
  const answer: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (inner === null) continue;
    if (mapLike.has(key)) answer[capitalised(key)] = inner;
    else if (capitalised(key) === 'AdditionalInfo') answer.AdditionalInfo = additionalInfo(inner);
    else answer[capitalised(key)] = toSdkShape(inner);
  }
  return answer;
};
