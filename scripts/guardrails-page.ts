import { baselineCatalog, type CatalogEntry, guardrailCatalog } from '@remedykit/guardrails';

type Type = CatalogEntry['type'];

/** Headings in the order of the page, with what is under them. */
const kinds: Readonly<Record<Type, readonly [heading: string, words: string]>> = {
  SERVICE_CONTROL_POLICY: [
    'Service control policies',
    'They bound what principals of member accounts can do, root users included. They do not bind the management account, service-linked roles, and principals of others whom a resource policy lets in.',
  ],
  RESOURCE_CONTROL_POLICY: [
    'Resource control policies',
    'They bound what anybody can do to resources of member accounts, strangers included. They do not bind service-linked roles, and cover the services that support them.',
  ],
  DECLARATIVE_POLICY_EC2: [
    'Declarative policies',
    'They set attributes of EC2 in all accounts and keep them set, whoever asks.',
  ],
  CONFIG_RULE: ['Detective controls', 'They prevent nothing: rules of AWS Config that say what is there already.'],
  CONTROL_TOWER_CONTROL: [
    'Controls of Control Tower',
    'Any control of the Control Catalog that is known here, with its parameters checked.',
  ],
};

const sectionOf = ({ name, intent, breaks, bypasses, rollout, controls, type }: CatalogEntry): string => {
  const named = controls.map((control) => (control.name === undefined ? `\`${control.id}\`` : `\`${control.name}\``));
  // The list of this one would be the whole catalogue.
  const shown = type === 'CONTROL_TOWER_CONTROL' ? [] : named;
  return [
    `### ${name}`,
    '',
    intent,
    '',
    `- Breaks: ${breaks}`,
    `- Bypass: ${bypasses}`,
    `- Roll-out: ${rollout}`,
    ...(shown.length === 0 ? [] : [`- In Control Tower: ${shown.join(', ')}`]),
    '',
  ].join('\n');
};

const kindSection = (type: Type): string => {
  const [heading, words] = kinds[type];
  const entries = guardrailCatalog
    .filter((entry) => entry.type === type)
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return [`## ${heading}`, '', words, '', ...entries.map(sectionOf)].join('\n');
};

const setSection = ({ name, intent, target, example }: (typeof baselineCatalog)[number]): string =>
  [
    `### ${name}`,
    '',
    `${intent} Attached to ${target}.`,
    '',
    '| Holds | As | Because |',
    '|---|---|---|',
    ...example().members.map((member) => `| \`${member.name}\` | ${member.as} | ${member.reason} |`),
    '',
  ].join('\n');

/** Every guardrail and every set of them, as Markdown. */
export const guardrailsPage = (): string => {
  // The keys of the kinds are the types; Object.keys forgets it.
  const types = Object.keys(kinds) as Type[];
  const count = (type: Type): string => {
    const { length } = guardrailCatalog.filter((entry) => entry.type === type);
    const [heading] = kinds[type];
    return `${length} of ${heading.charAt(0).toLowerCase()}${heading.slice(1)}`;
  };
  return [
    `${guardrailCatalog.length} templates: ${types.map(count).join(', ')}; and ${baselineCatalog.length} named sets.`,
    '',
    '## Sets',
    '',
    ...baselineCatalog.map(setSection),
    ...types.map(kindSection),
  ]
    .join('\n')
    .trim();
};
