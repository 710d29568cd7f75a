// `pnpm test:looks [folder]`: renders the pages that people look at in Chromium, at phone and desktop width, light and dark,
// checks them, and leaves the pictures in the folder (else in a temporary one).
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, findChromium, startChromium } from './lib/chromium.ts';
import { alertPage, mailPages, messagePage } from './looks/chat-pages.ts';
import {
  credentialForecastPage,
  credentialRunPage,
  hostileCredentialPage,
  plannedCredentialPage,
  quietCredentialPage,
} from './looks/credential-pages.ts';
import { hostilePreviewPage, previewPage } from './looks/preview-pages.ts';
import { hostileReplayPage, replayPage } from './looks/replay-pages.ts';

/** A page that is looked at. */
interface Look {
  readonly name: string;
  readonly html: string;
  /** What `document.title` must be: a script that ran by stealth changes it. */
  readonly title: string;
  /** Expressions that must be true in the page, with what they prove. */
  readonly proofs: Readonly<Record<string, string>>;
}

const widths = { phone: 390, desktop: 1280 } as const;
const schemes = ['light', 'dark'] as const;

/** Sets a filter, sorts by a column, and looks whether the rows followed. */
const toolsWork = `(() => {
  const table = document.querySelector('table[data-tools="attackers-tools"]');
  const tools = document.getElementById('attackers-tools');
  const [input, choice] = [tools.querySelector('input'), tools.querySelector('select')];
  const visible = () => [...table.tBodies[0].rows].filter((row) => !row.hidden);
  const before = table.tBodies[0].rows.length;
  const wanted = table.tBodies[0].rows[3].cells[0].textContent;
  input.value = wanted;
  input.dispatchEvent(new Event('input'));
  const filtered = visible();
  input.value = '';
  input.dispatchEvent(new Event('input'));
  choice.value = 'refused';
  choice.dispatchEvent(new Event('change'));
  const refused = visible();
  choice.value = '';
  choice.dispatchEvent(new Event('change'));
  const column = [...table.tHead.rows[0].cells].findIndex((cell) => cell.textContent === 'Findings');
  const button = table.tHead.rows[0].cells[column].querySelector('button');
  const counts = () => visible().map((row) => Number(row.cells[column].dataset.sort));
  button.click();
  const falling = counts();
  button.click();
  const rising = counts();
  const inOrder = (list, sign) => list.every((count, index) => index === 0 || sign * (count - list[index - 1]) >= 0);
  return before > 0 && filtered.length > 0 && filtered.length < before && filtered.every((row) => row.textContent.includes(wanted))
    && refused.length > 0 && refused.every((row) => row.dataset.outcome === 'refused')
    && inOrder(falling, -1) && inOrder(rising, 1) && falling[0] > rising[0];
})()`;

const looks = (): Look[] => [
  {
    name: 'preview',
    html: previewPage(),
    title: 'What would have been blocked',
    proofs: {
      'filter and sort work': toolsWork,
      'every plot says in words what it shows': `[...document.querySelectorAll('svg.plot')].every((plot) => /at most \\d+ of \\d+ denies/.test(plot.getAttribute('aria-label'))) && document.querySelector('svg.plot .full') !== null`,
    },
  },
  {
    name: 'preview-hostile',
    html: hostilePreviewPage(),
    title: 'What would have been blocked',
    proofs: {
      'no element but ours': `document.querySelectorAll('img, iframe, object, embed, base, link, form').length === 0 && document.scripts.length === 1`,
      'the hostile text is there to be read': `document.body.textContent.includes('<script>document.title="taken"</script>')`,
    },
  },
];

/** Filters the denials, sorts them, and looks whether the rows followed. */
const denialsWork = `(() => {
  const table = document.querySelector('table[data-tools="denials-tools"]');
  const input = document.getElementById('denials-tools').querySelector('input');
  const visible = () => [...table.tBodies[0].rows].filter((row) => !row.hidden);
  const before = table.tBodies[0].rows.length;
  const wanted = table.tBodies[0].rows[3].cells[0].textContent;
  input.value = wanted;
  input.dispatchEvent(new Event('input'));
  const filtered = visible();
  input.value = '';
  input.dispatchEvent(new Event('input'));
  const column = [...table.tHead.rows[0].cells].findIndex((cell) => cell.textContent === 'Events');
  const button = table.tHead.rows[0].cells[column].querySelector('button');
  const counts = () => visible().map((row) => Number(row.cells[column].dataset.sort));
  button.click();
  const falling = counts();
  button.click();
  const rising = counts();
  const inOrder = (list, sign) => list.every((count, index) => index === 0 || sign * (count - list[index - 1]) >= 0);
  return filtered.length > 0 && filtered.length < before && filtered.every((row) => row.textContent.includes(wanted))
    && inOrder(falling, -1) && inOrder(rising, 1) && falling[0] > rising[0];
})()`;

const replayLooks = (): Look[] => [
  {
    name: 'replay',
    html: replayPage(),
    title: 'What would have been denied',
    proofs: { 'filter and sort work': denialsWork },
  },
  {
    name: 'replay-hostile',
    html: hostileReplayPage(),
    title: 'What would have been denied',
    proofs: {
      'no element but ours': `document.querySelectorAll('img, iframe, object, embed, base, link, form').length === 0 && document.scripts.length === 1`,
      'the hostile text is there to be read': `document.body.textContent.includes('<script>document.title="taken"</script>')`,
    },
  },
];

/** Narrows the cases by text, state and rule, sorts them both ways, and looks whether the rows followed. */
const casesWork = (state: string): string => `(() => {
  const table = document.querySelector('table[data-tools="cases-tools"]');
  const tools = document.getElementById('cases-tools');
  const input = tools.querySelector('input');
  const visible = () => [...table.tBodies[0].rows].filter((row) => !row.hidden);
  const before = table.tBodies[0].rows.length;
  const few = visible().length;
  tools.querySelector('button').click();
  const whole = visible().length;
  const wanted = table.tBodies[0].rows[3].cells[0].textContent;
  input.value = wanted;
  input.dispatchEvent(new Event('input'));
  const filtered = visible();
  input.value = '';
  input.dispatchEvent(new Event('input'));
  const narrows = (key) => {
    const choice = tools.querySelector('select[data-key=' + key + ']');
    choice.value = choice.options[1].value;
    choice.dispatchEvent(new Event('change'));
    const rows = visible();
    const fits = rows.length > 0 && rows.length < before && rows.every((row) => row.dataset[key] === choice.options[1].value);
    choice.value = '';
    choice.dispatchEvent(new Event('change'));
    return fits;
  };
  const narrowed = ['${state}', 'rule', 'account'].every(narrows);
  const column = [...table.tHead.rows[0].cells].findIndex((cell) => cell.textContent === 'Deadline');
  const head = table.tHead.rows[0].cells[column];
  const keys = () => visible().map((row) => Number(row.cells[column].dataset.sort));
  const inOrder = (list, sign) => list.every((key, index) => index === 0 || sign * (key - list[index - 1]) >= 0);
  head.querySelector('button').click();
  const rising = keys();
  const says = head.getAttribute('aria-sort') === 'ascending';
  head.querySelector('button').click();
  const falling = keys();
  const sorts = tools.querySelector('select.sorts');
  sorts.value = '0';
  sorts.dispatchEvent(new Event('change'));
  const names = visible().map((row) => row.cells[0].textContent.trim());
  return few === 50 && whole === before && filtered.length > 0 && filtered.length < before && filtered.every((row) => row.textContent.includes(wanted))
    && narrowed && says && inOrder(rising, 1) && inOrder(falling, -1) && falling[0] > rising[0]
    && names.every((name, index) => index === 0 || names[index - 1].localeCompare(name) <= 0);
})()`;

/** Narrows the changes of a table by action and outcome, sorts them by both, and looks whether the rows followed. */
const changesWork = (id: string): string => `(() => {
  const table = document.querySelector('table[data-tools="${id}-tools"]');
  const tools = document.getElementById('${id}-tools');
  const visible = () => [...table.tBodies[0].rows].filter((row) => !row.hidden);
  const before = visible().length;
  const narrows = (key) => {
    const choice = tools.querySelector('select[data-key=' + key + ']');
    if (choice === null) return key === 'outcome' && '${id}' === 'done';
    return [...choice.options].slice(1).every(({ value }) => {
      choice.value = value;
      choice.dispatchEvent(new Event('change'));
      const rows = visible();
      choice.value = '';
      choice.dispatchEvent(new Event('change'));
      return rows.length > 0 && rows.length < before && rows.every((row) => row.dataset[key] === value);
    });
  };
  const sorts = (title) => {
    const column = [...table.tHead.rows[0].cells].findIndex((cell) => cell.textContent === title);
    const head = table.tHead.rows[0].cells[column];
    head.querySelector('button').click();
    const texts = visible().map((row) => row.cells[column].textContent.trim());
    return head.getAttribute('aria-sort') === 'ascending' && texts.every((text, index) => index === 0 || texts[index - 1].localeCompare(text) <= 0);
  };
  return before > 5 && ['action', 'outcome', 'account'].every(narrows) && ['Action', 'Outcome', 'User'].every(sorts);
})()`;

const accessible = `[...document.querySelectorAll('table')].every((table) => table.caption !== null && [...table.tHead.rows[0].cells].every((cell) => cell.scope === 'col') && [...table.tBodies[0].rows].every((row) => row.cells[0].scope === 'row'))
  && [...document.querySelectorAll('input, select')].every((control) => control.labels.length === 1)
  && [...document.querySelectorAll('section')].every((section) => document.getElementById(section.getAttribute('aria-labelledby')) !== null)`;

const credentialLooks = (): Look[] => {
  const proofs = { 'tables have headers, controls have labels': accessible };
  return [
    {
      name: 'credentials',
      html: credentialRunPage(),
      title: 'IAM credentials',
      proofs: {
        ...proofs,
        'filter and sort work': casesWork('standing'),
        'filter and sort of what was done work': changesWork('done'),
        'filter and sort of what was not done work': changesWork('not'),
        'what was done comes first, then what was not, then who has to do something': `['done-part', 'undone-changes-part', 'hold-part', 'cases-part'].every((id, index, ids) => index === 0 || (document.getElementById(ids[index - 1]).compareDocumentPosition(document.getElementById(id)) & 4) !== 0)`,
        'no access key id is whole': `!/AKIA[A-Z0-9]{8}/.test(document.body.textContent)`,
      },
    },
    {
      name: 'credentials-dry-run',
      html: plannedCredentialPage(),
      title: 'IAM credentials',
      proofs: {
        ...proofs,
        'it says that nothing was changed': `document.body.textContent.includes('nothing was changed') && !document.body.textContent.includes('What was done')`,
      },
    },
    { name: 'credentials-quiet', html: quietCredentialPage(), title: 'IAM credentials', proofs },
    {
      name: 'credentials-forecast',
      html: credentialForecastPage(),
      title: 'What comes for IAM credentials within 30 days',
      proofs: { ...proofs, 'filter and sort work': casesWork('coming') },
    },
    {
      name: 'credentials-hostile',
      html: hostileCredentialPage(),
      title: 'IAM credentials',
      proofs: {
        ...proofs,
        'no element but ours': `document.querySelectorAll('img, iframe, object, embed, base, link, form').length === 0 && document.scripts.length === 1`,
        'the hostile text is there to be read': `document.body.textContent.includes('<script>document.title="taken"</script>')`,
      },
    },
  ];
};

const onlyText = `document.querySelectorAll('img, iframe, object, embed, base, link, form, script').length === 0`;
const onlyOurLinks = `[...document.links].every(({ href }) => /^https:\\/\\/([\\w.-]+\\.)?(aws\\.amazon\\.com|example\\.com)\\//.test(href))`;

const chatLooks = (): Look[] => {
  const proofs = { 'no element but text and links': onlyText, 'every link is ours': onlyOurLinks };
  return [
    { name: 'chat-alerts', html: alertPage(), title: 'Alerts in chat', proofs },
    { name: 'chat-messages', html: messagePage(), title: 'Messages in chat', proofs },
    ...Object.entries(mailPages()).map(([name, { html, title }]) => ({ name: `mail-${name}`, html, title, proofs })),
  ];
};

const overflow = `(() => {
  const out = [...document.querySelectorAll('section > *')].find((each) => each.getBoundingClientRect().right > each.parentElement.getBoundingClientRect().right);
  if (out) return '<' + out.tagName.toLowerCase() + '> is wider than its section ' + out.parentElement.id;
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide <= 0) return '';
  const widest = [...document.querySelectorAll('body *')].filter((each) => each.getBoundingClientRect().right > window.innerWidth + 1)[0];
  return wide + ' px too wide' + (widest ? ', first at <' + widest.tagName.toLowerCase() + ' class="' + widest.getAttribute('class') + '">' : '');
})()`;

/** Texts whose contrast with what is behind them is under 4.5 (WCAG 2.2 AA, 1.4.3), each kind once. */
const lowContrast = `(() => {
  const channels = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4))
    .reduce((sum, c, index) => sum + c * [.2126, .7152, .0722][index], 0);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = channels(getComputedStyle(each).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const found = new Set();
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
    if (!own || element.closest('script, style, .gone')) continue;
    const [one, other] = [luminance(channels(getComputedStyle(element).color)), luminance(behind(element))];
    const ratio = (Math.max(one, other) + .05) / (Math.min(one, other) + .05);
    if (ratio < 4.5) found.add(element.tagName.toLowerCase() + '.' + (element.getAttribute('class') ?? '') + ' ' + ratio.toFixed(2));
  }
  return [...found].join('; ');
})()`;

const faultsOf = async (browser: Browser, look: Look, folder: string): Promise<string[]> => {
  const file = join(folder, `${look.name}.html`);
  writeFileSync(file, look.html);
  const url = pathToFileURL(file).href;
  const page = await browser.open();
  const faults: string[] = [];
  const note = (what: string): void => void faults.push(`${look.name}: ${what}`);
  page.on('Runtime.exceptionThrown', (params) => note(`a script failed: ${JSON.stringify(params)}`));
  page.on('Runtime.consoleAPICalled', (params) => note(`the console was written: ${JSON.stringify(params.args)}`));
  page.on('Log.entryAdded', ({ entry }) => note(`the browser complains: ${JSON.stringify(entry)}`));
  page.on('Page.javascriptDialogOpening', (params) => note(`a dialog opened: ${JSON.stringify(params)}`));
  page.on('Network.requestWillBeSent', ({ request }) => {
    const asked = String(Reflect.get(Object(request), 'url'));
    if (asked !== url) note(`it asks for ${asked}`);
  });
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await page.send(`${domain}.enable`);
  for (const [device, width] of Object.entries(widths)) {
    for (const scheme of schemes) {
      const at = `${device}, ${scheme}`;
      const metrics = { width, height: 900, deviceScaleFactor: 1, mobile: device === 'phone' };
      await page.send('Emulation.setDeviceMetricsOverride', metrics);
      await page.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
      const loaded = new Promise((resolve) => page.on('Page.loadEventFired', resolve));
      await page.send('Page.navigate', { url });
      await loaded;
      const tooWide = await page.evaluate(overflow);
      if (tooWide !== '') note(`${at}: ${tooWide}`);
      const faint = await page.evaluate(lowContrast);
      if (faint !== '') note(`${at}: too little contrast: ${faint}`);
      const background = String(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
      const dark = (background.match(/\d+/g) ?? []).every((channel) => Number(channel) < 80);
      if (dark !== (scheme === 'dark')) note(`${at}: its background is ${background}`);
      const { data } = await page.send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true });
      writeFileSync(join(folder, `${look.name}-${device}-${scheme}.png`), Buffer.from(String(data), 'base64'));
      for (const [proof, expression] of Object.entries(look.proofs)) {
        if ((await page.evaluate(expression)) !== true) note(`${at}: not so: ${proof}`);
      }
      const title = await page.evaluate('document.title');
      if (title !== look.title) note(`${at}: its title became ${JSON.stringify(title)}: a script ran`);
    }
  }
  return faults;
};

const chromium = findChromium();
if (chromium === undefined) {
  console.error(
    'pnpm test:looks needs Chromium and found none on the PATH. Install it (Debian: apt-get install chromium), or name it: CHROMIUM=/path/to/chromium. Nothing was checked.',
  );
  process.exit(1);
}
const [asked] = process.argv.slice(2);
const folder = asked === undefined ? mkdtempSync(join(tmpdir(), 'remedykit-looks-')) : resolve(asked);
mkdirSync(folder, { recursive: true });
const browser = await startChromium(chromium);
try {
  const faults: string[] = [];
  const all = [...looks(), ...replayLooks(), ...credentialLooks(), ...chatLooks()];
  for (const look of all) faults.push(...(await faultsOf(browser, look, folder)));
  for (const fault of faults) console.error(fault);
  console.log(`Pictures are in ${folder}.`);
  const passed = all.filter(({ name }) => !faults.some((fault) => fault.startsWith(`${name}: `))).length;
  console.log(`${passed} passed, ${all.length - passed} failed`);
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  await browser.close();
}
