const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text within HTML, between tags or in a quoted attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

/** The same with line breaks kept. */
export const escapeLines = (text: string): string => escapeHtml(text).replace(/\n/g, '<br>');

const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/**
 * Looks are inline, for clients that drop style sheets; the sheet changes them in the dark and on a phone. Nothing is
 * loaded from anywhere, so opening a mail tells nobody, and it looks the same offline.
 */
const sheet = [
  ':root{color-scheme:light dark;supported-color-schemes:light dark}',
  '@media (prefers-color-scheme:dark){',
  '.page{background-color:#14171c !important}',
  '.card{background-color:#1e232b !important}',
  '.text{color:#e9ecef !important}',
  '.quiet{color:#adb5bd !important}',
  '.line{border-color:#39424e !important}',
  '.mark{background-color:#3a3320 !important;color:#ffe8a3 !important}',
  'a{color:#8ab4ff !important}}',
  '@media (max-width:480px){',
  '.pad{padding-left:16px !important;padding-right:16px !important}',
  '.label{display:block !important;width:auto !important;padding:8px 0 0 0 !important}',
  '.value{display:block !important;width:auto !important;padding:0 0 8px 0 !important}}',
].join('');

const wrapping = 'overflow-wrap:anywhere;word-break:break-word';

/** A row of the card. */
const row = (content: string, padding: string): string =>
  `<tr><td class="pad" style="padding:${padding}">${content}</td></tr>`;

export const paragraphHtml = (text: string): string =>
  row(
    `<p class="text" style="margin:0;font-size:15px;line-height:1.5;color:#1f2933;${wrapping};${font}">${escapeLines(text)}</p>`,
    '0 28px 14px 28px',
  );

export const factHtml = (label: string, value: string): string =>
  `<tr><th class="label quiet" scope="row" align="left" valign="top" width="130" style="width:130px;padding:6px 12px 6px 0;font-size:13px;line-height:1.5;font-weight:600;color:#52606d;${wrapping};${font}">${escapeHtml(label)}</th><td class="value text" valign="top" style="padding:6px 0;font-size:14px;line-height:1.5;color:#1f2933;${wrapping};${font}">${escapeLines(value)}</td></tr>`;

const anchor = (label: string, url: string): string =>
  `<a href="${escapeHtml(url)}" style="color:#0b5cad;text-decoration:underline">${escapeHtml(label)}</a>`;

export const stepHtml = (text: string, url: string | undefined): string =>
  `<li class="text" style="margin:0 0 8px 0;font-size:15px;line-height:1.5;color:#1f2933;${wrapping};${font}">${escapeHtml(text)}${url === undefined ? '' : `<br>${anchor('Open the page', url)}`}</li>`;

export const linkHtml = (label: string, url: string): string =>
  `<p style="margin:0 0 8px 0;font-size:15px;line-height:1.5;${wrapping};${font}">${anchor(label, url)}</p>`;

/** What a page is made of; every text is escaped here, the pieces are HTML already. */
export interface MailPage {
  readonly title: string;
  /** Shown by mailboxes beside the subject. */
  readonly preheader: string;
  /** `#rrggbb` of ours. */
  readonly colour: string;
  /** `🔴 HIGH`; absent in a mail to a person. */
  readonly band: string | undefined;
  /** That this is a preview. */
  readonly banner: string | undefined;
  readonly paragraphs: readonly string[];
  readonly facts: readonly string[];
  readonly steps: readonly string[];
  readonly links: readonly string[];
  /** What was left out, the time, whom to ask. */
  readonly notes: readonly string[];
}

const quiet = (text: string): string =>
  `<p class="quiet" style="margin:0 0 6px 0;font-size:13px;line-height:1.5;color:#52606d;${wrapping};${font}">${escapeLines(text)}</p>`;

/** The whole page: one column, 600 pixels at most, tables for layout since that is what mail clients agree on. */
export const renderPage = (page: MailPage): string => {
  const { title, colour, band, banner, paragraphs, facts, steps, links, notes } = page;
  const heading = [
    band === undefined
      ? ''
      : `<p class="text" style="margin:0 0 6px 0;font-size:13px;line-height:1.4;font-weight:700;letter-spacing:0.04em;color:#1f2933;${font}">${escapeHtml(band)}</p>`,
    `<h1 class="text" style="margin:0;font-size:20px;line-height:1.35;font-weight:600;color:#1f2933;${wrapping};${font}">${escapeHtml(title)}</h1>`,
  ].join('');
  const rows = [
    row(heading, '24px 28px 16px 28px'),
    banner === undefined
      ? ''
      : row(
          `<p class="mark" style="margin:0;padding:8px 12px;background-color:#fff3cd;font-size:14px;line-height:1.4;font-weight:600;color:#664d03;${font}">${escapeHtml(banner)}</p>`,
          '0 28px 14px 28px',
        ),
    ...paragraphs,
    facts.length === 0
      ? ''
      : row(
          `<table width="100%" cellpadding="0" cellspacing="0" border="0" class="line" style="width:100%;border-top:1px solid #d9dee4;border-bottom:1px solid #d9dee4">${facts.join('')}</table>`,
          '2px 28px 16px 28px',
        ),
    steps.length === 0
      ? ''
      : row(
          `<h2 class="text" style="margin:0 0 8px 0;font-size:16px;line-height:1.4;font-weight:600;color:#1f2933;${font}">Next steps</h2><ol style="margin:0;padding:0 0 0 22px">${steps.join('')}</ol>`,
          '0 28px 10px 28px',
        ),
    links.length === 0 ? '' : row(links.join(''), '0 28px 8px 28px'),
    row(notes.map(quiet).join(''), '4px 28px 22px 28px'),
  ].join('');
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
    '<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">',
    `<title>${escapeHtml(title)}</title><style>${sheet}</style></head>`,
    '<body class="page" style="margin:0;padding:0;background-color:#eef1f4">',
    `<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(page.preheader)}</div>`,
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="page" style="width:100%;background-color:#eef1f4"><tr><td align="center" style="padding:20px 8px">',
    `<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" class="card" style="width:100%;max-width:600px;background-color:#ffffff;border-top:6px solid ${colour}">`,
    rows,
    '</table></td></tr></table></body></html>',
  ].join('');
};
