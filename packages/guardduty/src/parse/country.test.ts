import { describe, expect, it } from 'vitest';
import { getFindingsAnswer, sshBruteForceEvent } from '../testing/index.ts';
import { parseFinding, parseFindings } from './index.ts';

const countryIn = (remote: object): unknown => {
  const event = structuredClone(sshBruteForceEvent({ from: '198.51.100.7' }));
  Object.assign(Reflect.get(event.detail.service as object, 'action').networkConnectionAction.remoteIpDetails, remote);
  const { action } = parseFinding(event);
  return action?.kind === 'network-connection' ? action.remote.country : 'no connection';
};

describe('the country of a remote address', () => {
  it.each([
    [{ countryName: 'Iceland' }, 'Iceland'],
    [{ CountryName: "Côte d'Ivoire" }, "Côte d'Ivoire"],
    ['Korea (Republic of)', 'Korea (Republic of)'],
    [{ countryCode: 'IS' }, undefined],
    [undefined, undefined],
    [null, undefined],
    [7, undefined],
    [{ countryName: '<script>alert(1)</script>' }, undefined],
    [{ countryName: 'A'.repeat(61) }, undefined],
    [{ countryName: '' }, undefined],
    [{ countryName: { toString: 'x' } }, undefined],
  ])('of %j is %j, and never keeps a finding from being read', (country, expected) => {
    expect(countryIn({ country })).toBe(expected);
  });

  it('is read from an answer of GetFindings', () => {
    const [finding] = parseFindings(getFindingsAnswer([sshBruteForceEvent({ from: '198.51.100.7' })]));
    expect(finding?.action).toMatchObject({ remote: { ipv4: '198.51.100.7', country: 'Iceland' } });
  });
});
