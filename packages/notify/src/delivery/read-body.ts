/**
 * The beginning of a response's body as text, at most `maxBytes`; the rest is not read. What answers may be a proxy with
 * an endless page.
 */
export const readBody = async (response: Response, maxBytes: number): Promise<string> => {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let left = maxBytes;
  while (left > 0) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value.subarray(0, left), { stream: true });
    left -= value.byteLength;
  }
  await reader.cancel();
  return text;
};
