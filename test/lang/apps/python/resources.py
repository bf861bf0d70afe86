from cdk8s import ApiObjectMetadata, App, Chart, JsonPatch
from cdk8s_mesh.istio import crd


def resources(app: App) -> None:
    """Generated resources: nested structs, enums, maps of structs, fields that the types do not know, and a patch."""
    chart = Chart(app, "resources", namespace="demo", disable_resource_name_hashes=True)
    crd.PeerAuthentication(chart, "strict", spec=crd.PeerAuthenticationSpec(
        selector=crd.WorkloadSelector(match_labels={"app": "cart"}),
        mtls=crd.MutualTLS(mode=crd.MutualTLSMode.STRICT),
        port_level_mtls={"8080": crd.MutualTLS(mode=crd.MutualTLSMode.PERMISSIVE)},
    ))
    routes = crd.VirtualService(
        chart, "cart",
        metadata=ApiObjectMetadata(name="cart", labels={"team": "shop"}),
        spec=crd.VirtualServiceSpec(
            hosts=["cart.demo.svc.cluster.local"],
            http=[crd.HTTPRoute(
                match=[crd.HTTPMatchRequest(uri=crd.StringMatch(prefix="/cart/"), headers={"x-beta": crd.StringMatch(exact="true")})],
                route=[
                    crd.HTTPRouteDestination(destination=crd.Destination(host="cart", subset="v1", port=crd.PortSelector(number=7070)), weight=90),
                    crd.HTTPRouteDestination(destination=crd.Destination(host="cart", subset="v2", port=crd.PortSelector(number=7070)), weight=10),
                ],
                timeout="2.5s",
            )],
        ),
        additional_spec={"notKnownYet": {"ratio": 0.5, "names": ["a", "b"]}},
    )
    routes.add_json_patch(JsonPatch.replace("/spec/http/0/timeout", "3s"))
