package app;

import io.github.cdk8smesh.istio.crd.Destination;
import io.github.cdk8smesh.istio.crd.HTTPMatchRequest;
import io.github.cdk8smesh.istio.crd.HTTPRoute;
import io.github.cdk8smesh.istio.crd.HTTPRouteDestination;
import io.github.cdk8smesh.istio.crd.MutualTLS;
import io.github.cdk8smesh.istio.crd.MutualTLSMode;
import io.github.cdk8smesh.istio.crd.PeerAuthentication;
import io.github.cdk8smesh.istio.crd.PeerAuthenticationSpec;
import io.github.cdk8smesh.istio.crd.PortSelector;
import io.github.cdk8smesh.istio.crd.StringMatch;
import io.github.cdk8smesh.istio.crd.VirtualService;
import io.github.cdk8smesh.istio.crd.VirtualServiceSpec;
import io.github.cdk8smesh.istio.crd.WorkloadSelector;
import java.util.List;
import java.util.Map;
import org.cdk8s.ApiObjectMetadata;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.JsonPatch;

/** Generated resources: nested structs, enums, maps of structs, fields that the types do not know, and a patch. */
final class Resources {
  static void add(App app) {
    Chart chart = new Chart(app, "resources", ChartProps.builder().namespace("demo").disableResourceNameHashes(true).build());
    PeerAuthentication.Builder.create(chart, "strict")
        .spec(PeerAuthenticationSpec.builder()
            .selector(WorkloadSelector.builder().matchLabels(Map.of("app", "cart")).build())
            .mtls(MutualTLS.builder().mode(MutualTLSMode.STRICT).build())
            .portLevelMtls(Map.of("8080", MutualTLS.builder().mode(MutualTLSMode.PERMISSIVE).build()))
            .build())
        .build();
    VirtualService routes = VirtualService.Builder.create(chart, "cart")
        .metadata(ApiObjectMetadata.builder().name("cart").labels(Map.of("team", "shop")).build())
        .spec(VirtualServiceSpec.builder()
            .hosts(List.of("cart.demo.svc.cluster.local"))
            .http(List.of(HTTPRoute.builder()
                .match(List.of(HTTPMatchRequest.builder()
                    .uri(StringMatch.builder().prefix("/cart/").build())
                    .headers(Map.of("x-beta", StringMatch.builder().exact("true").build()))
                    .build()))
                .route(List.of(destination("v1", 90), destination("v2", 10)))
                .timeout("2.5s")
                .build()))
            .build())
        .additionalSpec(Map.of("notKnownYet", Map.of("ratio", 0.5, "names", List.of("a", "b"))))
        .build();
    routes.addJsonPatch(JsonPatch.replace("/spec/http/0/timeout", "3s"));
  }

  private static HTTPRouteDestination destination(String subset, int weight) {
    return HTTPRouteDestination.builder()
        .destination(Destination.builder().host("cart").subset(subset).port(PortSelector.builder().number(7070).build()).build())
        .weight(weight)
        .build();
  }
}
