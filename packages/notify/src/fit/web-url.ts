/** A URL that may be linked: https, without credentials; `undefined` for everything else. */
export const webUrl = (input: string): URL | undefined => {
  if (!URL.canParse(input)) return undefined;
  const url = new URL(input);
  return url.protocol === 'https:' && url.username === '' && url.password === '' ? url : undefined;
};
