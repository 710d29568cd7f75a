import { RemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { parseTargetUrl } from './target-url.ts';

const rule = {
  hosts: ['hooks.example.com', '.logic.azure.com'],
  invalid: (what: string) => new RemediationError({ code: 'TEST_URL_INVALID', message: what }),
};

describe('parseTargetUrl', () => {
  it('takes an exact host and everything below a domain', () => {
    expect(parseTargetUrl('https://hooks.example.com/a', rule).pathname).toBe('/a');
    expect(parseTargetUrl('https://prod-1.westeurope.logic.azure.com/b?sig=a%2Fb', rule).search).toBe('?sig=a%2Fb');
  });

  it.each([
    'https://evil-hooks.example.com/',
    'https://a.hooks.example.com/',
    'https://logic.azure.com/',
    'https://evillogic.azure.com/',
    'https://x.logic.azure.com.evil.example/',
    'https://x.logic.azure.com:8443/',
    'https://x.logic.azure.com@evil.example/',
    'http://hooks.example.com/',
    'https://169.254.169.254/latest/meta-data/',
    'http://169.254.169.254/latest/meta-data/',
    'http://localhost:8080/',
    'file:///etc/passwd',
  ])('refuses %s, so that no configuration posts into another network', (url) => {
    expect(() => parseTargetUrl(url, rule)).toThrow(expect.objectContaining({ code: 'TEST_URL_INVALID' }));
  });

  it('takes http for a loopback host that is listed, and for no other', () => {
    const listing = (host: string) => ({ ...rule, allowedHosts: [host] });
    expect(parseTargetUrl('http://127.0.0.1:8080/', listing('127.0.0.1:8080')).port).toBe('8080');
    expect(() => parseTargetUrl('http://169.254.169.254/', listing('169.254.169.254'))).toThrow();
  });

  it('says what is wrong with a path', () => {
    const pathFault = () => 'is no hook';
    expect(() => parseTargetUrl('https://hooks.example.com/', { ...rule, pathFault })).toThrow('is no hook');
  });
});
