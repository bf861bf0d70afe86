import type { IConstruct } from 'constructs';
import type { Destination } from '../destination';
import type { HttpRule } from '../http-rule';
import { arrivalPort } from './arrival';
import type { EdgeDeclaration, ExternalDeclaration, ServiceDeclaration } from './declarations';
import type { ErrorLog } from './error-log';
import type { MeshApp } from './mesh-app';
import { tokensOf } from './namespace-rules';
import { MeshFault } from '../../private/errors';

type Complaint = ConstructorParameters<typeof MeshFault>[0];

/** Errors of edges that only the whole app can show. */
export function checkEdges(app: MeshApp, errors: ErrorLog): void {
  for (const edge of app.edges) {
    const target = app.serviceOf(edge.target) ?? app.externalOf(edge.target);
    if (!target) { continue; }
    const path = target.construct.node.path;
    for (const complaint of [...otherMesh(app, edge, target), ...portsOfEdge(edge, target), ...requestsOfEdge(app, edge, target)]) {
      errors.add(path, new MeshFault(complaint));
    }
  }
  for (const service of app.services) { checkDestinations(app, service, errors); }
}

function otherMesh(app: MeshApp, { caller }: EdgeDeclaration, target: ServiceDeclaration | ExternalDeclaration): Complaint[] {
  const source = app.serviceOf(caller) ?? app.ingressOf(caller);
  if (!source || source.mesh === target.mesh) { return []; }
  const [from, to] = [source, target].map(({ construct, mesh }) => `${construct.node.path} of mesh ${mesh.profile.meshName}`);
  return [{
    code: 'MESH-E017',
    what: `${from} may call ${to}, and no gateway stands between the two meshes`,
    fix: 'put both services into one mesh, or call through an ingress of the other mesh',
  }];
}

function portsOfEdge({ access }: EdgeDeclaration, { construct, ports }: ServiceDeclaration | ExternalDeclaration): Complaint[] {
  const missing = access.servicePorts.find((number) => !ports.some((port) => port.number === number));
  return missing === undefined ? [] : [{
    code: 'MESH-E005',
    what: `access to port ${missing}, which ${construct.node.path} does not have`,
    fix: `use one of ${ports.map((port) => port.number).join(', ')}`,
  }];
}

function requestsOfEdge(app: MeshApp, { access }: EdgeDeclaration, { construct, ports, service }: ServiceDeclaration | ExternalDeclaration): Complaint[] {
  const path = construct.node.path;
  const declared = app.serviceOf(service);
  const looksInto = access.methods.length + access.paths.length + access.headers.length + access.claims.length > 0;
  if (!declared && looksInto) {
    return [{
      code: 'MESH-E018',
      what: `access by request (${access.toString()}) to ${path}, which is outside of the mesh, where nobody checks it`,
      fix: 'allow it as a whole with Access.ports() or Access.all()',
    }];
  }
  const meant = ports.filter((port) => access.servicePorts.length === 0 || access.servicePorts.includes(port.number));
  if (access.requestsOnly && !meant.some((port) => port.carriesRequests)) {
    return [{
      code: 'MESH-E018',
      what: `access by request (${access.toString()}) to ${path}, whose ports carry no requests that a mesh can see (${meant.map((port) => port.toString()).join(', ')})`,
      fix: 'allow the port as a whole with Access.ports() or Access.all(), or declare the port with Port.http(), Port.http2() or Port.grpc()',
    }];
  }
  return access.claims.length === 0 || tokensOf(app, declared!).length > 0 ? [] : [{
    code: 'MESH-E018',
    what: `access by claim (${access.toString()}) to ${path}, which asks for no tokens`,
    fix: 'ask for them with requireJwt(), or leave the claims out',
  }];
}

/** Rules that send calls where they cannot arrive: to services which the proxies of this mesh know nothing of, and to ports that carry no requests. */
function checkDestinations(app: MeshApp, service: ServiceDeclaration, errors: ErrorLog): void {
  for (const { rule, owner } of service.rules) {
    const all = [...rule.destinations ?? [], ...(rule.mirrors ?? []).map((mirror) => mirror.destination)];
    all.forEach((destination) => checkTarget(app, service, destination, owner, errors));
    all.forEach((destination) => checkArrival(service, rule, destination, owner, errors));
  }
  for (const { rule, owner } of service.tcpRules) {
    rule.destinations.forEach((destination) => checkTarget(app, service, destination, owner, errors));
  }
}

function checkTarget(app: MeshApp, service: ServiceDeclaration, { targetService }: Destination, owner: IConstruct, errors: ErrorLog): void {
  const target = app.serviceOf(targetService) ?? app.externalOf(targetService);
  if (!target || target.mesh === service.mesh) { return; }
  errors.add(owner.node.path, new MeshFault({
    code: 'MESH-E017',
    what: `calls to ${service.construct.node.path} of mesh ${service.mesh.profile.meshName} go to ${target.construct.node.path} of mesh ${target.mesh.profile.meshName}, and no gateway stands between the two meshes`,
    fix: 'put both services into one mesh',
  }));
}

function checkArrival(service: ServiceDeclaration, rule: HttpRule, destination: Destination, owner: IConstruct, errors: ErrorLog): void {
  const ports = destination.targetService.servicePorts;
  const asked = rule.matches?.map((match) => match.servicePort) ?? [];
  const called = asked.length === 0 || asked.includes(undefined) ? service.ports.filter((port) => port.carriesRequests).map((port) => port.number) : asked;
  const hidden = called.map((number) => ports.find((port) => port.number === arrivalPort(destination, number))).find((port) => port?.carriesRequests === false);
  if (!hidden) { return; }
  errors.add(owner.node.path, new MeshFault({
    code: 'MESH-E018',
    what: `requests to ${service.construct.node.path} go to port ${hidden.toString()} of ${destination.targetService.serviceName}, which carries none that a mesh can see`,
    fix: 'name a port for requests in the destination, or declare it with Port.http(), Port.http2() or Port.grpc()',
  }));
}
