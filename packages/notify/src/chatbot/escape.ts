const joiner = '\u2060';

/**
 * Text for `client-markdown`, which the service hands to Slack's or Teams' own markup as it is. Escapes differ between the
 * two, so nothing is escaped: angle brackets (mentions, links) become `‹` and `›`, and what would format or link is
 * broken by word joiners, which have no width; so is every entity, since a client may look for links in what it decoded.
 * Underscores within a word format nowhere and stay.
 */
export const chatText = (text: string): string =>
  text
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replace(/&(?=#?\w{1,40};)/g, `&${joiner}`)
    .replace(/[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, `${joiner}$&${joiner}`)
    .replace(/\](?=\s*[([:])/g, `]${joiner}`)
    .replace(/(^|[\s(]):(?=[\w+'-]+:)/g, `$1:${joiner}`)
    .replace(/^([^\S\n]*)([#+=-]|\d+[.)])(?=\s|[#+=-])/gm, `$1${joiner}$2`);

/** A link in the client's own markup; a bare URL, which both clients make a link, where the client is not known. */
export const chatLink = (label: string, url: string, client: 'slack' | 'teams' | undefined): string => {
  // In Slack's markup `&` of a URL is escaped; `|`, `<`, `>`, brackets and blanks are encoded already.
  if (client === 'slack') return `<${url.replaceAll('&', '&amp;')}|${chatText(label).replaceAll('|', '¦')}>`;
  if (client === 'teams') return `[${chatText(label).replace(/[[\]]/g, '')}](${url})`;
  return `${chatText(label)}: ${url}`;
};
