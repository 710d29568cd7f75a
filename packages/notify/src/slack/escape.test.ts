import { describe, expect, it } from 'vitest';
import { defang, escapeText, labelText, linkUrl, literalText } from './escape.ts';

const joiner = '\u2060';

describe('escapeText', () => {
  it('N13: escapes exactly the three characters that Slack decodes, once', () => {
    expect(escapeText(`<!channel> & "it's" /`)).toBe(`&lt;!channel&gt; &amp; "it's" /`);
    expect(escapeText('&lt;!channel&gt;')).toBe('&amp;lt;!channel&amp;gt;');
  });
});

describe('defang', () => {
  it('N12: leaves nothing that a client turns into a link or a mention', () => {
    const looksClickable = /:\/\/|\w\.[a-z]|[@#]\w|mailto:/i;
    for (const text of [
      'https://evil.example/x',
      'evil.example',
      'mailto:a@b.example',
      '@here',
      '#general',
      'a@b.example',
    ])
      expect(defang(text)).not.toMatch(looksClickable);
  });

  it('looks the same, and leaves addresses, ids and finding types as they are', () => {
    expect(defang('https://evil.example @here').replaceAll(joiner, '')).toBe('https://evil.example @here');
    for (const text of ['198.51.100.7/32', '2001:db8::7', 'i-0abc', 'UnauthorizedAccess:EC2/SSHBruteForce', 'v1.2.3'])
      expect(defang(text)).toBe(text);
  });
});

describe('literalText', () => {
  it('N12: separates formatting characters from what they would format', () => {
    expect(literalText('*a* `b` <!here>')).toBe(
      `${joiner}*${joiner}a${joiner}*${joiner} ${joiner}\`${joiner}b${joiner}\`${joiner} &lt;!here&gt;`,
    );
  });
});

describe('labelText', () => {
  it('drops what would end the formatting or the link around it', () => {
    expect(labelText(' *Open|in*\n<console> ')).toBe('Openin &lt;console&gt;');
    expect(labelText('https://a.example')).not.toMatch(/:\/\/|\.e/);
  });
});

describe('linkUrl', () => {
  it('N16: encodes what would end the link early, and escapes the rest', () => {
    expect(linkUrl('https://example.com/?a=1&b=x|y#z|<w>', 3000)).toBe(
      'https://example.com/?a=1&amp;b=x%7Cy#z%7C%3Cw%3E',
    );
  });

  it.each(['http://example.com', 'javascript:alert(1)', 'https://user:pass@example.com', 'nonsense', ''])(
    'refuses %s',
    (url) => {
      expect(linkUrl(url, 3000)).toBeUndefined();
    },
  );

  it('refuses what is too long', () => {
    expect(linkUrl(`https://example.com/${'a'.repeat(2980)}`, 3000)).toHaveLength(3000);
    expect(linkUrl(`https://example.com/${'a'.repeat(2981)}`, 3000)).toBeUndefined();
  });
});
