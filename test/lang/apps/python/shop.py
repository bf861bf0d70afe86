from cdk8s import App, Chart, Duration
from cdk8s_mesh import (
    Access, CircuitBreaker, ConnectionPool, Destination, ExternalService, HeaderMatch, HttpMatch, HttpRule, Ingress, LoadBalancing, MeshedService,
    Metrics, OutlierDetection, PathMatch, Port, Retries, RetryOn, TlsSource, TrafficPolicy, Weight, Workload, istio,
)


def shop(app: App) -> None:
    """Services in Istio, over two charts, with edges in both directions."""
    back = Chart(app, "back", namespace="shop", disable_resource_name_hashes=True)
    front = Chart(app, "front", namespace="web", disable_resource_name_hashes=True)
    mesh = istio.IstioMesh(back, "mesh", trust_domain="shop.example.com", defaults=TrafficPolicy(timeout=Duration.seconds(10)))

    cart = MeshedService(
        back, "cart",
        mesh=mesh,
        workload=Workload.image("registry.example.com/cart:1.4.2", replicas=2, env={"REDIS": "redis:6379"}, args=["--verbose"]),
        ports=[Port.grpc(7070), Port.tcp(9000, name="tcp-admin", server_first=True)],
        timeout=Duration.millis(1500),
        retries=Retries.attempts(2, conditions=[RetryOn.CONNECT_FAILURE, RetryOn.GRPC_UNAVAILABLE], per_try_timeout=Duration.millis(500)),
        load_balancing=LoadBalancing.least_request(),
        circuit_breaker=CircuitBreaker.of(
            outliers=OutlierDetection(consecutive_server_errors=7, interval=Duration.seconds(20)),
            pool=ConnectionPool(max_connections=100),
        ),
        metrics=Metrics.merged(9090),
        egress_scope=True,
    )
    web = MeshedService(front, "web", mesh=mesh, image="registry.example.com/web:2.0.1", ports=[Port.http(80, target_port=8080)])
    payments = ExternalService(back, "payments", mesh=mesh, hosts=["api.payments.example.com"], ports=[Port.tls(443)])

    web.connections.allow_to(cart, Access.grpc("shop.v1.Cart", "AddItem", "GetCart"), timeout=Duration.seconds(1))
    cart.connections.allow_to(web, Access.http(paths=[PathMatch.prefix("/hooks")], headers=[HeaderMatch.exact("x-from", "cart")]))
    cart.connections.allow_to(payments)

    canary = web.subset("v2", labels={"version": "v2"})
    web.add_route(HttpRule(
        rule_name="beta",
        matches=[HttpMatch(path=PathMatch.exact("/beta"), headers=[HeaderMatch.exact("x-beta", "true")])],
        destinations=[Destination.subset(canary)],
    ))
    web.split_to(Destination.service(web, Weight.of(90)), Destination.subset(canary, Weight.of(10)))

    ingress = Ingress(front, "ingress", mesh=mesh, hosts=["shop.example.com"], tls=TlsSource.secret("shop-cert"))
    ingress.route(web)
