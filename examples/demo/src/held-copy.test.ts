import { extractThreats, parseFinding } from '@remedykit/guardduty';
import { allFindingEvents, kubernetesApiCallEvent, portProbeEvent } from '@remedykit/guardduty/testing';
import { expect, it } from 'vitest';
import { heldCopyOf } from './held-copy.ts';

it.each(Object.entries(allFindingEvents))('a copy of %s reads as the finding itself', (_name, build) => {
  const { title: _title, description: _description, ...finding } = parseFinding(build({ sample: true }).detail);
  expect(parseFinding(heldCopyOf(finding))).toEqual(finding);
});

it('a copy keeps every probe, both families and our own end', () => {
  const addresses = [{ address: '198.51.100.1' }, { address: '2001:db8::3', port: null }];
  const { detail } = portProbeEvent({ addresses, localNetworkInterface: 'eni-1' });
  const finding = parseFinding(detail);
  expect(parseFinding(heldCopyOf(finding)).action).toEqual(finding.action);
  const call = parseFinding(kubernetesApiCallEvent({ ipv6: '2001:db8::4' }).detail);
  expect(extractThreats(parseFinding(heldCopyOf(call)))).toEqual(extractThreats(call));
});
