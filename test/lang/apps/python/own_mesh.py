import jsii
from cdk8s import ApiObject, ApiObjectMetadata, App, Chart, Duration
from cdk8s_mesh import AccessMode, Capabilities, HttpMatch, HttpRule, IMesh, MeshPlan, MeshProfile, MeshedService, MtlsMode, PathMatch, Port, istio
from constructs import Construct


@jsii.implements(IMesh)
class OwnMesh(Construct):
    """A mesh that a user wrote. The kernel calls it back at synth; it notes the plan in the annotations of one object a service."""

    @property
    def profile(self) -> MeshProfile:
        return MeshProfile(
            mesh_name="own",
            capabilities=Capabilities.custom("own", ["timeout.request", "match.path.exact", "mtls.permissive", "authz.defaultDeny", "authz.identity"]),
            trust_domain="own.example.com",
            cluster_domain="cluster.local",
            mtls=MtlsMode.PERMISSIVE,
            access=AccessMode.DECLARED,
            app_protocols={"http": "example.com/web"},
        )

    def lower(self, plan: MeshPlan) -> None:
        for service in plan.services:
            facts = {
                "own/count": str(len(plan.services)),
                "own/host": service.host,
                "own/identity": service.identity.spiffe_id,
                "own/mode": f"{service.mtls.name.lower()} {service.access.name.lower()}",
                "own/ports": " ".join(f"{port.name}:{port.protocol.name.lower()}:{port.number:.0f}" for port in service.ports),
                "own/callers": "; ".join(f"{edge.caller.identity.spiffe_id if edge.caller.identity else '-'} {edge.access.to_string()}" for edge in service.inbound),
                "own/callees": "; ".join(f"{edge.host} {len(edge.ports)} {str(edge.external).lower()}" for edge in service.outbound),
                "own/rules": "; ".join(
                    ",".join(match.path.path if match.path else "*" for match in rule.matches)
                    + " " + (f"{rule.policy.timeout.to_milliseconds():.0f}" if rule.policy.timeout else "-")
                    for rule in service.http_rules
                ),
                "own/images": " ".join(str(workload.api_object.kind) for workload in service.workloads),
            }
            ApiObject(
                service.scope, "Noted", api_version="own.example.com/v1", kind="Noted",
                metadata=ApiObjectMetadata(name=service.service_name, labels=service.pod_labels, annotations=facts),
            )
            for workload in service.workloads:
                workload.add_pod_labels({"own/mesh": "on"})


def own_mesh(app: App) -> None:
    """Two services in the user's mesh, and a generated resource beside them."""
    chart = Chart(app, "own", namespace="own", disable_resource_name_hashes=True)
    mesh = OwnMesh(chart, "mesh")
    left = MeshedService(chart, "left", mesh=mesh, image="left:1", ports=[Port.http(80), Port.tcp(90)], timeout=Duration.seconds(3))
    right = MeshedService(chart, "right", mesh=mesh, image="right:1", ports=[Port.grpc(70)])
    left.add_route(HttpRule(matches=[HttpMatch(path=PathMatch.exact("/slow"))], timeout=Duration.minutes(1)))
    right.connections.allow_to(left)
    left.connections.allow_to(right)
    istio.crd.Telemetry(chart, "telemetry")
