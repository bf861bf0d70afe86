package app;

import io.github.cdk8smesh.AccessMode;
import io.github.cdk8smesh.Capabilities;
import io.github.cdk8smesh.HttpMatch;
import io.github.cdk8smesh.HttpRule;
import io.github.cdk8smesh.HttpRulePlan;
import io.github.cdk8smesh.IMesh;
import io.github.cdk8smesh.InboundEdgePlan;
import io.github.cdk8smesh.MeshPlan;
import io.github.cdk8smesh.MeshProfile;
import io.github.cdk8smesh.MeshedService;
import io.github.cdk8smesh.MtlsMode;
import io.github.cdk8smesh.PathMatch;
import io.github.cdk8smesh.Port;
import io.github.cdk8smesh.ServicePlan;
import io.github.cdk8smesh.istio.crd.Telemetry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.cdk8s.ApiObject;
import org.cdk8s.ApiObjectMetadata;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.Duration;
import software.constructs.Construct;

/** A mesh that a user wrote. The kernel calls it back at synth; it notes the plan in the annotations of one object a service. */
final class OwnMesh extends Construct implements IMesh {
  /** Two services in the user's mesh, and a generated resource beside them. */
  static void add(App app) {
    Chart chart = new Chart(app, "own", ChartProps.builder().namespace("own").disableResourceNameHashes(true).build());
    OwnMesh mesh = new OwnMesh(chart, "mesh");
    MeshedService left = MeshedService.Builder.create(chart, "left")
        .mesh(mesh).image("left:1").ports(List.of(Port.http(80), Port.tcp(90))).timeout(Duration.seconds(3)).build();
    MeshedService right = MeshedService.Builder.create(chart, "right").mesh(mesh).image("right:1").ports(List.of(Port.grpc(70))).build();
    left.addRoute(HttpRule.builder()
        .matches(List.of(HttpMatch.builder().path(PathMatch.exact("/slow")).build()))
        .timeout(Duration.minutes(1))
        .build());
    right.getConnections().allowTo(left);
    left.getConnections().allowTo(right);
    Telemetry.Builder.create(chart, "telemetry").build();
  }

  private OwnMesh(Construct scope, String id) {
    super(scope, id);
  }

  @Override
  public MeshProfile getProfile() {
    return MeshProfile.builder()
        .meshName("own")
        .capabilities(Capabilities.custom("own", List.of("timeout.request", "match.path.exact", "mtls.permissive", "authz.defaultDeny", "authz.identity")))
        .trustDomain("own.example.com")
        .clusterDomain("cluster.local")
        .mtls(MtlsMode.PERMISSIVE)
        .access(AccessMode.DECLARED)
        .appProtocols(Map.of("http", "example.com/web"))
        .build();
  }

  @Override
  public void lower(MeshPlan plan) {
    for (ServicePlan service : plan.getServices()) {
      Map<String, String> facts = new TreeMap<>();
      facts.put("own/count", "" + plan.getServices().size());
      facts.put("own/host", service.getHost());
      facts.put("own/identity", service.getIdentity().getSpiffeId());
      facts.put("own/mode", lower(service.getMtls()) + " " + lower(service.getAccess()));
      facts.put("own/ports", join(service.getPorts(), " ", port -> port.getName() + ":" + lower(port.getProtocol()) + ":" + port.getNumber().intValue()));
      facts.put("own/callers", join(service.getInbound(), "; ", edge -> caller(edge) + " " + edge.getAccess().toString()));
      facts.put("own/callees", join(service.getOutbound(), "; ", edge -> edge.getHost() + " " + edge.getPorts().size() + " " + edge.getExternal()));
      facts.put("own/rules", join(service.getHttpRules(), "; ", rule -> join(rule.getMatches(), ",", OwnMesh::path) + " " + timeout(rule)));
      facts.put("own/images", join(service.getWorkloads(), " ", workload -> workload.getApiObject().getKind()));
      ApiObject.Builder.create(service.getScope(), "Noted")
          .apiVersion("own.example.com/v1")
          .kind("Noted")
          .metadata(ApiObjectMetadata.builder().name(service.getServiceName()).labels(service.getPodLabels()).annotations(facts).build())
          .build();
      service.getWorkloads().forEach(workload -> workload.addPodLabels(Map.of("own/mesh", "on")));
    }
  }

  private static String caller(InboundEdgePlan edge) {
    return edge.getCaller().getIdentity() == null ? "-" : edge.getCaller().getIdentity().getSpiffeId();
  }

  private static String path(HttpMatch match) {
    return match.getPath() == null ? "*" : match.getPath().getPath();
  }

  private static String timeout(HttpRulePlan rule) {
    Duration timeout = rule.getPolicy().getTimeout();
    return timeout == null ? "-" : "" + timeout.toMilliseconds().intValue();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static <T> String join(List<T> items, String separator, Function<T, String> text) {
    return items.stream().map(text).collect(Collectors.joining(separator));
  }
}
