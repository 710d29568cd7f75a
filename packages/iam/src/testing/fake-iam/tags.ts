import type {
  ListUserTagsCommandInput,
  ListUserTagsCommandOutput,
  TagUserCommandInput,
  TagUserCommandOutput,
  UntagUserCommandInput,
  UntagUserCommandOutput,
} from '@aws-sdk/client-iam';
import { type Answer, tagsOf } from './answers.ts';
import { invalidInput, limitExceeded } from './errors.ts';
import { currentUser, saveUser, seenUser } from './lookups.ts';
import type { Pager } from './pages.ts';
import type { Tag, World } from './state.ts';
import { required, tag } from './validate.ts';

interface GivenTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** Keys of tags are told apart without regard to case. */
const sameKey = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** The tags after some were added or replaced, in ascending order of their keys, as IAM lists them. */
export const mergedTags = (world: World, had: readonly Tag[], given: readonly GivenTag[]): readonly Tag[] => {
  const added = given.map(tag);
  const twice = added.find((one, at) => added.slice(0, at).some((other) => sameKey(other.Key, one.Key)));
  if (twice !== undefined) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  const kept = had.filter((one) => !added.some((other) => sameKey(other.Key, one.Key)));
  const tags = [...kept, ...added].sort((one, other) => (one.Key.toLowerCase() < other.Key.toLowerCase() ? -1 : 1));
  if (tags.length > world.quotas.tags) throw limitExceeded('TagsPerUser', world.quotas.tags);
  return tags;
};

export const tagUser = (world: World, input: TagUserCommandInput): Answer<TagUserCommandOutput> => {
  const user = currentUser(world, input.UserName);
  saveUser(world, { ...user, tags: mergedTags(world, user.tags, required(input.Tags, 'tags')) });
  return {};
};

export const untagUser = (world: World, input: UntagUserCommandInput): Answer<UntagUserCommandOutput> => {
  const user = currentUser(world, input.UserName);
  const gone = required(input.TagKeys, 'tagKeys');
  saveUser(world, { ...user, tags: user.tags.filter((one) => !gone.some((key) => sameKey(key, one.Key))) });
  return {};
};

export const listUserTags = (
  world: World,
  page: Pager,
  input: ListUserTagsCommandInput,
): Answer<ListUserTagsCommandOutput> => {
  const { tags } = seenUser(world, input.UserName);
  const { page: some, end } = page('ListUserTags', tags, (one) => one.Key.toLowerCase(), input);
  return { Tags: tagsOf(some), ...end };
};
