// Plugin of Stryker: sentences are for people and decide nothing, so their wording is not mutated. A sentence is a text with
// a space in it; codes, states, verdicts and keys have none and are mutated like all else.

interface TextNode {
  readonly type: string;
  readonly value?: unknown;
  readonly quasis?: readonly { readonly value: { readonly raw: string } }[];
}

const textOf = ({ type, value, quasis }: TextNode): string => {
  if (type === 'StringLiteral') return String(value);
  return type === 'TemplateLiteral' ? (quasis ?? []).map((part) => part.value.raw).join('x') : '';
};

export const isSentence = (node: TextNode): boolean => textOf(node).trim().includes(' ');

export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'sentences',
    value: {
      shouldIgnore: ({ node }: { readonly node: TextNode }): string | undefined =>
        isSentence(node) ? 'A sentence for people.' : undefined,
    },
  },
];
