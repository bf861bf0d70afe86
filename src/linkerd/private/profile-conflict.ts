import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { IMeshService } from '../../core/mesh-service';
import { MeshFault } from '../../private/errors';

/** Routes of an app that are bound to Services, by `namespace/name` of the Service. */
interface RoutedServices {
  readonly constructs: number;
  readonly byService: ReadonlyMap<string, string>;
}

const known = new WeakMap<IConstruct, RoutedServices>();

/** What is wrong with a profile for a service that has routes, too: it takes their place without a word. */
export function refuseRoutes(profile: IConstruct, { serviceName, serviceNamespace }: IMeshService): string[] {
  const route = routedServices(profile.node.root).get(`${serviceNamespace}/${serviceName}`);
  if (route === undefined) { return []; }
  return [new MeshFault({
    code: 'MESH-E031',
    what: `a ServiceProfile and ${route} for service ${serviceName}, of which the profile takes the place of the route`,
    fix: 'say all of it in one of them: take the routes, timeouts and retries off the service, or leave the profile out',
    path: profile.node.path,
  }).message];
}

/** Looked for once, however many profiles there are: as often as the tree grows. */
function routedServices(root: IConstruct): ReadonlyMap<string, string> {
  const all = root.node.findAll();
  const before = known.get(root);
  if (before?.constructs === all.length) { return before.byService; }
  const byService = new Map<string, string>();
  for (const object of all) {
    if (!ApiObject.isApiObject(object)) { continue; }
    const { kind, name, metadata: { namespace } } = object as ApiObject;
    if (kind !== 'HTTPRoute' && kind !== 'GRPCRoute') { continue; }
    const { spec } = (object as ApiObject).toJson() as { spec?: { parentRefs?: readonly { kind?: string; name: string; namespace?: string }[] } };
    for (const parent of spec?.parentRefs ?? []) {
      if (parent.kind === 'Service') { byService.set(`${parent.namespace ?? namespace ?? 'default'}/${parent.name}`, `${kind} "${name}"`); }
    }
  }
  known.set(root, { constructs: all.length, byService });
  return byService;
}
