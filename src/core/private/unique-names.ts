import { ApiObject, App, YamlOutputType } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { IngressDeclaration } from './declarations';
import type { ErrorLog } from './error-log';
import { GatewayKind } from '../ingress-gateway';
import type { MeshApp } from './mesh-app';
import { DEFAULT_NAMESPACE } from './namespace';
import { compareText } from '../../private/compare';
import { MeshFault } from '../../private/errors';

/** Two services of one name in one namespace would be one Service in the cluster, and two ways in for one host would share its requests by chance. */
export function checkNames(app: MeshApp, errors: ErrorLog): void {
  refuseTwice([...app.services, ...app.externals].map(({ service, construct }) => ({ key: `${service.serviceNamespace}/${service.serviceName}`, construct })), errors, (key, [first, second]) => ({
    code: 'MESH-E015',
    what: `service ${key} is declared by ${first} and by ${second}`,
    fix: 'give one of them another name or namespace, or declare its versions as subsets of one service',
  }));
  const hosts = app.ingresses.flatMap((ingress) => ingress.hosts.map((host) => ({ key: `${host} ${gatewayKey(ingress)}`, construct: ingress.construct })));
  refuseTwice(hosts, errors, (key, [first, second]) => ({
    code: 'MESH-E019',
    what: `${first} and ${second} both answer for ${key.split(' ')[0]} at one gateway`,
    fix: 'add the routes of both to one Ingress',
  }));
}

/** Reports objects of ours that another object of the app would overwrite, in the cluster or among the files that are written. */
export function checkObjects(app: MeshApp, scopes: readonly IConstruct[], errors: ErrorLog): void {
  const ours = new Map(scopes.flatMap((scope) => scope.node.findAll().map((child): [IConstruct, IConstruct] => [child, scope.node.scope!])));
  const known = new Map<string, ApiObject>();
  for (const object of app.objects()) {
    const places = placesOf(object);
    const taken = places.find(({ key }) => known.has(key));
    if (taken) { complain(object, known.get(taken.key)!, taken.where, ours, errors); }
    places.forEach(({ key }) => known.set(key, object));
  }
}

function complain(object: ApiObject, other: ApiObject, where: 'cluster' | 'file', ours: ReadonlyMap<IConstruct, IConstruct>, errors: ErrorLog): void {
  const owner = ours.get(object) ?? ours.get(other);
  if (!owner) { return; }
  errors.add(owner.node.path, new MeshFault({
    code: 'MESH-E034',
    what: `${object.kind} "${object.name}" is written twice${where === 'file' ? ' to one file' : ''}, by ${other.node.path} and by ${object.node.path}`,
    fix: where === 'file'
      ? 'choose another YamlOutputType for the app, which keeps them apart, or give one of them another name'
      : 'give one of them another name, or leave one of them out',
  }));
}

function placesOf(object: ApiObject): { readonly key: string; readonly where: 'cluster' | 'file' }[] {
  const { kind, name, apiGroup } = object;
  const inCluster = { key: `cluster ${apiGroup}/${kind}/${object.metadata.namespace ?? DEFAULT_NAMESPACE}/${name}`, where: 'cluster' as const };
  const root: IConstruct = object.node.root;
  const output = root instanceof App ? root.yamlOutputType : undefined;
  if (output === YamlOutputType.FILE_PER_RESOURCE) { return [inCluster, { key: `file ${kind}.${name}`, where: 'file' }]; }
  return output === YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE
    ? [inCluster, { key: `file ${object.chart.node.path} ${kind}.${name}`, where: 'file' }]
    : [inCluster];
}

function gatewayKey({ construct, mesh, gateway }: IngressDeclaration): string {
  const { kind, selector, namespace } = gateway;
  const own = kind === GatewayKind.GATEWAY_API ? construct.node.path : '';
  const labels = Object.entries(selector ?? {}).map(([key, text]) => `${key}=${text}`).sort(compareText);
  return JSON.stringify([mesh.node.path, own, labels, namespace ?? '']);
}

function refuseTwice(items: readonly { readonly key: string; readonly construct: IConstruct }[], errors: ErrorLog,
  say: (key: string, paths: [string, string]) => ConstructorParameters<typeof MeshFault>[0]): void {
  const owners = new Map<string, string>();
  for (const { key, construct } of items) {
    const path = construct.node.path;
    const owner = owners.get(key);
    if (owner !== undefined && owner !== path) { errors.add(path, new MeshFault(say(key, [owner, path]))); }
    owners.set(key, owner ?? path);
  }
}
