import type { ActionData } from '../actions/facts.ts';
import { arnFields } from '../evaluate/arn.ts';
import { arnsOverlap, globsOverlap } from '../lint/overlap.ts';

/** What is known of services and the resources that their actions take. */
export interface Reach {
  /** The services of a list of actions; undefined when one of them names none that is known. */
  readonly servicesOf: (actions: readonly string[]) => readonly string[] | undefined;
  /** Whether an action of the service may meet a resource that the pattern covers; true where that cannot be told. */
  readonly canTake: (service: string, resource: string) => boolean;
}

/** The service of an action that names one: `s3` of `s3:Get*`. */
export const serviceOf = (action: string): string => (action.split(':')[0] ?? '').toLowerCase();

const memo = <T>(make: (text: string) => T): ((text: string) => T) => {
  const known = new Map<string, { readonly value: T }>();
  return (text) => {
    const found = known.get(text) ?? { value: make(text) };
    known.set(text, found);
    return found.value;
  };
};

/** Reads from the action data which resources each service can meet, by the resource types of all of its actions. */
export const reachOf = (data: ActionData): Reach => {
  const known = new Set(data.services);
  const resources = memo((service): readonly string[] => {
    const types = new Set(data.actionsLike(`${service}:*`).flatMap(({ resourceTypes }) => resourceTypes));
    return [...types].map((type) => data.resourceArn(service, type) ?? '*');
  });
  const takes = memo((both): boolean => {
    const [service = '', ...rest] = both.split(' ');
    const resource = rest.join(' ');
    const fields = arnFields(resource);
    // An ARN that is cut short may be any. One of the service's own is never foreign, whatever the data says of its form.
    if (fields === undefined || globsOverlap(fields[2] ?? '', service)) return true;
    return resources(service).some((arn) => arn === '*' || arnsOverlap(arn, resource));
  });
  return {
    servicesOf: (actions) => {
      const services = [...new Set(actions.map(serviceOf))].toSorted();
      return services.every((service) => known.has(service)) && services.length > 0 ? services : undefined;
    },
    canTake: (service, resource) => takes(`${service} ${resource}`),
  };
};
