package app;

import io.github.cdk8smesh.Access;
import io.github.cdk8smesh.CallPolicy;
import io.github.cdk8smesh.CircuitBreaker;
import io.github.cdk8smesh.CircuitBreakerOptions;
import io.github.cdk8smesh.ConnectionPool;
import io.github.cdk8smesh.Destination;
import io.github.cdk8smesh.ExternalService;
import io.github.cdk8smesh.HeaderMatch;
import io.github.cdk8smesh.HttpAccessOptions;
import io.github.cdk8smesh.HttpMatch;
import io.github.cdk8smesh.HttpRule;
import io.github.cdk8smesh.ImageOptions;
import io.github.cdk8smesh.Ingress;
import io.github.cdk8smesh.LoadBalancing;
import io.github.cdk8smesh.MeshedService;
import io.github.cdk8smesh.Metrics;
import io.github.cdk8smesh.OutlierDetection;
import io.github.cdk8smesh.PathMatch;
import io.github.cdk8smesh.Port;
import io.github.cdk8smesh.PortOptions;
import io.github.cdk8smesh.Retries;
import io.github.cdk8smesh.RetryOn;
import io.github.cdk8smesh.RetryOptions;
import io.github.cdk8smesh.Subset;
import io.github.cdk8smesh.SubsetOptions;
import io.github.cdk8smesh.TlsSource;
import io.github.cdk8smesh.TrafficPolicy;
import io.github.cdk8smesh.Weight;
import io.github.cdk8smesh.Workload;
import io.github.cdk8smesh.istio.IstioMesh;
import java.util.List;
import java.util.Map;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.Duration;

/** Services in Istio, over two charts, with edges in both directions. */
final class Shop {
  static void add(App app) {
    Chart back = new Chart(app, "back", ChartProps.builder().namespace("shop").disableResourceNameHashes(true).build());
    Chart front = new Chart(app, "front", ChartProps.builder().namespace("web").disableResourceNameHashes(true).build());
    IstioMesh mesh = IstioMesh.Builder.create(back, "mesh")
        .trustDomain("shop.example.com")
        .defaults(TrafficPolicy.builder().timeout(Duration.seconds(10)).build())
        .build();

    MeshedService cart = MeshedService.Builder.create(back, "cart")
        .mesh(mesh)
        .workload(Workload.image("registry.example.com/cart:1.4.2",
            ImageOptions.builder().replicas(2).env(Map.of("REDIS", "redis:6379")).args(List.of("--verbose")).build()))
        .ports(List.of(Port.grpc(7070), Port.tcp(9000, PortOptions.builder().name("tcp-admin").serverFirst(true).build())))
        .timeout(Duration.millis(1500))
        .retries(Retries.attempts(2, RetryOptions.builder()
            .conditions(List.of(RetryOn.CONNECT_FAILURE, RetryOn.GRPC_UNAVAILABLE))
            .perTryTimeout(Duration.millis(500))
            .build()))
        .loadBalancing(LoadBalancing.leastRequest())
        .circuitBreaker(CircuitBreaker.of(CircuitBreakerOptions.builder()
            .outliers(OutlierDetection.builder().consecutiveServerErrors(7).interval(Duration.seconds(20)).build())
            .pool(ConnectionPool.builder().maxConnections(100).build())
            .build()))
        .metrics(Metrics.merged(9090))
        .egressScope(true)
        .build();
    MeshedService web = MeshedService.Builder.create(front, "web")
        .mesh(mesh)
        .image("registry.example.com/web:2.0.1")
        .ports(List.of(Port.http(80, PortOptions.builder().targetPort(8080).build())))
        .build();
    ExternalService payments = ExternalService.Builder.create(back, "payments")
        .mesh(mesh)
        .hosts(List.of("api.payments.example.com"))
        .ports(List.of(Port.tls(443)))
        .build();

    web.getConnections().allowTo(cart, Access.grpc("shop.v1.Cart", "AddItem", "GetCart"), CallPolicy.builder().timeout(Duration.seconds(1)).build());
    cart.getConnections().allowTo(web, Access.http(HttpAccessOptions.builder()
        .paths(List.of(PathMatch.prefix("/hooks")))
        .headers(List.of(HeaderMatch.exact("x-from", "cart")))
        .build()));
    cart.getConnections().allowTo(payments);

    Subset canary = web.subset("v2", SubsetOptions.builder().labels(Map.of("version", "v2")).build());
    web.addRoute(HttpRule.builder()
        .ruleName("beta")
        .matches(List.of(HttpMatch.builder().path(PathMatch.exact("/beta")).headers(List.of(HeaderMatch.exact("x-beta", "true"))).build()))
        .destinations(List.of(Destination.subset(canary)))
        .build());
    web.splitTo(Destination.service(web, Weight.of(90)), Destination.subset(canary, Weight.of(10)));

    Ingress ingress = Ingress.Builder.create(front, "ingress")
        .mesh(mesh)
        .hosts(List.of("shop.example.com"))
        .tls(TlsSource.secret("shop-cert"))
        .build();
    ingress.route(web);
  }
}
