import { ApiObject, ApiObjectMetadata, App, Chart, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { AccessMode, Capabilities, IMesh, MeshPlan, MeshProfile, MeshedService, MtlsMode, PathMatch, Port, istio } from 'cdk8s-mesh';

/** A mesh that a user wrote. The kernel calls it back at synth; it notes the plan in the annotations of one object a service. */
class OwnMesh extends Construct implements IMesh {
  public get profile(): MeshProfile {
    return {
      meshName: 'own',
      capabilities: Capabilities.custom('own', ['timeout.request', 'match.path.exact', 'mtls.permissive', 'authz.defaultDeny', 'authz.identity']),
      trustDomain: 'own.example.com',
      clusterDomain: 'cluster.local',
      mtls: MtlsMode.PERMISSIVE,
      access: AccessMode.DECLARED,
      appProtocols: { http: 'example.com/web' },
    };
  }

  public lower(plan: MeshPlan): void {
    for (const service of plan.services) {
      const facts: { [key: string]: string } = {
        'own/count': `${plan.services.length}`,
        'own/host': service.host,
        'own/identity': service.identity.spiffeId,
        'own/mode': `${service.mtls} ${service.access}`,
        'own/ports': service.ports.map((port) => `${port.name}:${port.protocol}:${port.number}`).join(' '),
        'own/callers': service.inbound.map((edge) => `${edge.caller.identity?.spiffeId ?? '-'} ${edge.access.toString()}`).join('; '),
        'own/callees': service.outbound.map((edge) => `${edge.host} ${edge.ports.length} ${edge.external}`).join('; '),
        'own/rules': service.httpRules.map((rule) => `${rule.matches.map((match) => match.path?.path ?? '*').join(',')} ${rule.policy.timeout?.toMilliseconds() ?? '-'}`).join('; '),
        'own/images': service.workloads.map((workload) => `${workload.apiObject?.kind}`).join(' '),
      };
      new ApiObject(service.scope, 'Noted', { apiVersion: 'own.example.com/v1', kind: 'Noted', metadata: metadata(service.serviceName, service.podLabels, facts) });
      service.workloads.forEach((workload) => workload.addPodLabels({ 'own/mesh': 'on' }));
    }
  }
}

function metadata(name: string, labels: { readonly [key: string]: string }, annotations: { readonly [key: string]: string }): ApiObjectMetadata {
  return { name, labels: { ...labels }, annotations: { ...annotations } };
}

/** Two services in the user's mesh, and a generated resource beside them. */
export function ownMesh(app: App): void {
  const chart = new Chart(app, 'own', { namespace: 'own', disableResourceNameHashes: true });
  const mesh = new OwnMesh(chart, 'mesh');
  const left = new MeshedService(chart, 'left', { mesh, image: 'left:1', ports: [Port.http(80), Port.tcp(90)], timeout: Duration.seconds(3) });
  const right = new MeshedService(chart, 'right', { mesh, image: 'right:1', ports: [Port.grpc(70)] });
  left.addRoute({ matches: [{ path: PathMatch.exact('/slow') }], timeout: Duration.minutes(1) });
  right.connections.allowTo(left);
  left.connections.allowTo(right);
  new istio.crd.Telemetry(chart, 'telemetry', {});
}
