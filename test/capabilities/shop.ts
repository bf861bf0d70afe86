import { App, Chart } from 'cdk8s';
import { IMesh, Ingress, IngressGateway, MeshedService, MeshedServiceProps, Port } from '../../src';
import { chartIn } from '../support/fixtures';

/** Makes the mesh of a shop. */
export type MakeMesh = (scope: Chart) => IMesh;

/** A small app for one question: services are made when they are asked for. */
export class Shop {
  public readonly app: App;
  public readonly chart: Chart;
  public readonly mesh: IMesh;
  private readonly services = new Map<string, MeshedService>();

  /**
   * @param makeMesh makes its mesh
   * @param gateway the gateway, where the mesh brings none along
   */
  public constructor(makeMesh: MakeMesh, private readonly gateway?: IngressGateway) {
    this.app = new App({ outdir: '/nonexistent' });
    this.chart = chartIn(this.app, 'shop', { namespace: 'shop' });
    this.mesh = makeMesh(this.chart);
  }

  /** A service; what it is made of is said when it is asked for first. */
  public service(name: string, props: Partial<MeshedServiceProps> = {}): MeshedService {
    const known = this.services.get(name);
    if (known) { return known; }
    const made = new MeshedService(this.chart, name, {
      mesh: this.mesh, image: `registry.example.com/${name}:1.0.0`, ports: [Port.http(80, { targetPort: 8080 })], ...props,
    });
    this.services.set(name, made);
    return made;
  }

  /** Lets calls in from outside to a service. */
  public expose(service: MeshedService): void {
    new Ingress(this.chart, 'public', { mesh: this.mesh, hosts: ['shop.example.com'], gateway: this.gateway }).route(service);
  }

  /** A service that answers gRPC calls. */
  public grpc(name: string): MeshedService {
    return this.service(name, { ports: [Port.grpc(7070)] });
  }

  /** A service that takes plain connections. */
  public tcp(name: string): MeshedService {
    return this.service(name, { ports: [Port.tcp(5432)] });
  }
}
