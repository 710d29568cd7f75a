/** Keys under which free names stand, not names of the API model. */
const mapLike: ReadonlySet<string> = new Set(['profiles', 'behavior']);

/** Names of the SDK that are not the event's name with a capital. */
const renamed: Readonly<Record<string, string>> = { sourceIPs: 'SourceIps' };

const capitalised = (key: string): string => renamed[key] ?? key.charAt(0).toUpperCase() + key.slice(1);

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Older events spread `additionalInfo` out; the API gives it as JSON text. */
const additionalInfo = (info: unknown): unknown => {
  if (!isObject(info) || typeof (info.value ?? info.Value) === 'string') return shapeOf(info);
  return { Value: JSON.stringify(info), Type: 'default' };
};

const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shapeOf);
  return isObject(value) ? toSdkShape(value) : value;
};

/** The SDK's shape of a document in camelCase: keys in PascalCase, null left out. In PascalCase it is that already. */
export const toSdkShape = (document: Fields): Fields => {
  const answer: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(document)) {
    if (inner === null) continue;
    if (mapLike.has(key)) answer[capitalised(key)] = inner;
    else if (capitalised(key) === 'AdditionalInfo') answer.AdditionalInfo = additionalInfo(inner);
    else answer[capitalised(key)] = shapeOf(inner);
  }
  return answer;
};
