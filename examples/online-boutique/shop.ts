import { Chart, ChartProps, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { Access, IMesh, Ingress, IngressGateway, MeshedService, MeshedWorkload, Port, Retries, RetryOn, Workload } from 'cdk8s-mesh';

/** What the shop needs from outside. */
export interface ShopProps extends ChartProps {
  /** The mesh that the shop runs in. */
  readonly mesh: IMesh;
  /** DNS name of the shop. */
  readonly host: string;
  /** The gateway that takes calls from outside; the mesh's own unless given. */
  readonly gateway?: IngressGateway;
}

/** Where the images of the demo are published. */
const REGISTRY = 'us-central1-docker.pkg.dev/google-samples/microservices-demo';
const VERSION = 'v0.10.2';

/** Calls that only read, and may be repeated. */
const READ = { timeout: Duration.seconds(2), retries: Retries.attempts(2, { conditions: [RetryOn.CONNECT_FAILURE, RetryOn.REFUSED_STREAM, RetryOn.GRPC_UNAVAILABLE] }) };
/** Calls that change something, and must not happen twice. */
const WRITE = { timeout: Duration.seconds(5), retries: Retries.none() };

/**
 * Google's Online Boutique: eleven services and a Redis. Every service runs under an identity of its own and may be called only by those
 * that the program lets in, with exactly the gRPC methods that they use.
 */
export class Shop extends Chart {
  private readonly mesh: IMesh;

  public constructor(scope: Construct, id: string, props: ShopProps) {
    super(scope, id, { disableResourceNameHashes: true, ...props });
    this.mesh = props.mesh;

    const redis = new MeshedService(this, 'redis-cart', {
      mesh: this.mesh,
      workload: this.deployment('redis-cart', 'redis:alpine', 6379),
      ports: [Port.tcp(6379)],
    });
    const cart = this.service('cartservice', Port.grpc(7070), { REDIS_ADDR: 'redis-cart:6379' });
    const catalog = this.service('productcatalogservice', Port.grpc(3550));
    const currency = this.service('currencyservice', Port.grpc(7000));
    const payment = this.service('paymentservice', Port.grpc(50051));
    const shipping = this.service('shippingservice', Port.grpc(50051));
    const email = this.service('emailservice', Port.grpc(5000, { targetPort: 8080 }));
    const ads = this.service('adservice', Port.grpc(9555));
    const recommendation = this.service('recommendationservice', Port.grpc(8080), { PRODUCT_CATALOG_SERVICE_ADDR: 'productcatalogservice:3550' });
    const checkout = this.service('checkoutservice', Port.grpc(5050), {
      PRODUCT_CATALOG_SERVICE_ADDR: 'productcatalogservice:3550',
      SHIPPING_SERVICE_ADDR: 'shippingservice:50051',
      PAYMENT_SERVICE_ADDR: 'paymentservice:50051',
      EMAIL_SERVICE_ADDR: 'emailservice:5000',
      CURRENCY_SERVICE_ADDR: 'currencyservice:7000',
      CART_SERVICE_ADDR: 'cartservice:7070',
    });
    const frontend = this.service('frontend', Port.http(80, { targetPort: 8080 }), {
      PRODUCT_CATALOG_SERVICE_ADDR: 'productcatalogservice:3550',
      CURRENCY_SERVICE_ADDR: 'currencyservice:7000',
      CART_SERVICE_ADDR: 'cartservice:7070',
      RECOMMENDATION_SERVICE_ADDR: 'recommendationservice:8080',
      SHIPPING_SERVICE_ADDR: 'shippingservice:50051',
      CHECKOUT_SERVICE_ADDR: 'checkoutservice:5050',
      AD_SERVICE_ADDR: 'adservice:9555',
      SHOPPING_ASSISTANT_SERVICE_ADDR: 'shoppingassistantservice:80',
    }, kplus.Probe.fromHttpGet('/_healthz', { port: 8080 }));
    const load = new MeshedWorkload(this, 'loadgenerator', {
      mesh: this.mesh,
      workload: this.deployment('loadgenerator', `${REGISTRY}/loadgenerator:${VERSION}`, undefined, { FRONTEND_ADDR: 'frontend:80', USERS: '10', RATE: '1' }),
    });

    load.connections.allowTo(frontend, Access.http({}), { timeout: Duration.seconds(15), retries: Retries.none() });

    frontend.connections.allowTo(catalog, Access.grpc('hipstershop.ProductCatalogService', 'ListProducts', 'GetProduct'), READ);
    frontend.connections.allowTo(currency, Access.grpc('hipstershop.CurrencyService', 'GetSupportedCurrencies', 'Convert'), READ);
    frontend.connections.allowTo(cart, Access.grpc('hipstershop.CartService', 'AddItem', 'GetCart', 'EmptyCart'), WRITE);
    frontend.connections.allowTo(recommendation, Access.grpc('hipstershop.RecommendationService', 'ListRecommendations'), READ);
    frontend.connections.allowTo(shipping, Access.grpc('hipstershop.ShippingService', 'GetQuote'), READ);
    frontend.connections.allowTo(checkout, Access.grpc('hipstershop.CheckoutService', 'PlaceOrder'), { timeout: Duration.seconds(10), retries: Retries.none() });
    frontend.connections.allowTo(ads, Access.grpc('hipstershop.AdService', 'GetAds'), { timeout: Duration.millis(500), retries: Retries.none() });

    checkout.connections.allowTo(catalog, Access.grpc('hipstershop.ProductCatalogService', 'GetProduct'), READ);
    checkout.connections.allowTo(currency, Access.grpc('hipstershop.CurrencyService', 'Convert'), READ);
    checkout.connections.allowTo(cart, Access.grpc('hipstershop.CartService', 'GetCart', 'EmptyCart'), WRITE);
    checkout.connections.allowTo(shipping, Access.grpc('hipstershop.ShippingService', 'GetQuote', 'ShipOrder'), WRITE);
    checkout.connections.allowTo(payment, Access.grpc('hipstershop.PaymentService', 'Charge'), WRITE);
    checkout.connections.allowTo(email, Access.grpc('hipstershop.EmailService', 'SendOrderConfirmation'), WRITE);

    recommendation.connections.allowTo(catalog, Access.grpc('hipstershop.ProductCatalogService', 'ListProducts'), READ);
    cart.connections.allowTo(redis);

    const ingress = new Ingress(this, 'shop', { mesh: this.mesh, hosts: [props.host], gateway: props.gateway });
    ingress.route(frontend, { timeout: Duration.seconds(15), retries: Retries.none() });
  }

  private service(name: string, port: Port, env: Record<string, string> = {}, probe?: kplus.Probe): MeshedService {
    const deployment = this.deployment(name, `${REGISTRY}/${name}:${VERSION}`, port.targetPort, env, probe);
    return new MeshedService(this, name, { mesh: this.mesh, workload: deployment, ports: [port] });
  }

  private deployment(name: string, image: string, port: number | undefined, env: Record<string, string> = {}, probe?: kplus.Probe): Workload {
    const alive = probe ?? (port === undefined ? undefined : kplus.Probe.fromTcpSocket({ port }));
    const deployment = new kplus.Deployment(this, `${name}-deployment`, {
      metadata: { name },
      replicas: 1,
      containers: [{
        name: 'server',
        image,
        portNumber: port,
        envVariables: Object.fromEntries(Object.entries({ ...(port === undefined ? {} : { PORT: String(port) }), ...env })
          .map(([key, text]) => [key, kplus.EnvValue.fromValue(text)])),
        readiness: alive,
        liveness: alive,
        securityContext: { user: 1000, group: 1000 },
      }],
    });
    return Workload.adopt(deployment);
  }
}
