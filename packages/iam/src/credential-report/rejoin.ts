/**
 * A row with too many cells, put together again where the user name holds commas that nobody quoted: names may have
 * commas, and whether AWS quotes them is not documented. `undefined` where the row does not prove that this is what it is:
 * the ARN after the name must end with the same name. Pure.
 */
export const rejoinRow = (row: readonly string[], width: number): readonly string[] | undefined => {
  const text = row.join(',');
  const nameEnd = text.indexOf(',arn:');
  if (nameEnd < 1) return undefined;
  const name = text.slice(0, nameEnd);
  const arnEnd = text.indexOf(`/${name},`, nameEnd);
  if (arnEnd < 0) return undefined;
  const rest = arnEnd + name.length + 1;
  const joined = [name, text.slice(nameEnd + 1, rest), ...text.slice(rest + 1).split(',')];
  return joined.length === width ? joined : undefined;
};
