import { istio, MeshedService, MeshedServiceProps, MeshedWorkload, MeshedWorkloadProps, Port, Subset, Workload as ImageWorkload } from '../../../src';
import { LabRequest, LabResponse, SeenRequest } from '../lab/agent/protocol';
import { Manifest } from '../lab/api-client';
import { makeCertificate } from '../lab/certificate';
import { IstiodOptions } from '../lab/istiod';
import { MeshLab } from '../lab/mesh-lab';
import { Workload } from '../lab/workload';
import { SuiteContext } from '../suite';
import { RunningApp } from './deployment';
import { LibraryApp, synthesize } from './library-app';

/** Namespace of the shop. */
export const SHOP = 'shop';
/** Namespace with a caller from elsewhere. */
export const PARTNERS = 'partners';

/** DNS name of the one who is not in the mesh, as its certificate says. */
export const OUTSIDER = 'outsider.example.com';

/** How the services of the shop differ in one scenario. */
export interface ShopProps {
  readonly mesh?: istio.IstioMeshProps;
  readonly api?: Partial<MeshedServiceProps>;
  readonly copy?: Partial<MeshedServiceProps>;
  readonly client?: Partial<MeshedWorkloadProps>;
}

/** The app that all scenarios are versions of; who may call whom is theirs to say. */
export interface Shop extends LibraryApp {
  /** Calls. */
  readonly client: MeshedWorkload;
  /** Calls too. */
  readonly other: MeshedWorkload;
  /** Calls from another namespace. */
  readonly partner: MeshedWorkload;
  /** HTTP on 80, gRPC on 7070, TCP on 9000; two versions, a pod each. */
  readonly api: MeshedService;
  readonly v1: Subset;
  readonly v2: Subset;
  /** The same ports, one pod. */
  readonly copy: MeshedService;
}

/** What the shop writes in one scenario. */
export function shop(declare: (it: Shop) => void, props: ShopProps = {}): Manifest[] {
  return synthesize({ namespace: SHOP, mesh: props.mesh }, (app) => {
    const { chart } = app;
    const [one, two] = [ImageWorkload.image('lab'), ImageWorkload.image('lab')];
    const ports = [Port.http(80, { targetPort: 8080 }), Port.grpc(7070), Port.tcp(9000)];
    const caller = (name: string, namespace: string, more = {}) => new MeshedWorkload(chart, name, { mesh: app.mesh, image: 'lab', namespace, ...more });
    const api = new MeshedService(chart, 'api', { mesh: app.mesh, workload: one, ports, ...props.api });
    declare({
      ...app,
      client: caller('client', SHOP, props.client),
      other: caller('other', SHOP),
      partner: caller('partner', PARTNERS),
      api,
      v1: api.subset('v1', { workload: one }),
      v2: api.subset('v2', { workload: two }),
      copy: new MeshedService(chart, 'copy', { mesh: app.mesh, image: 'lab', ports, ...props.copy }),
    });
  });
}

/** The shop in the lab, with a gateway and somebody who is not in the mesh. */
export class RunningShop {
  static async start(t: SuiteContext, istiod: IstiodOptions = {}): Promise<RunningShop> {
    const start = Date.now();
    const certificate = await makeCertificate(t.lab, OUTSIDER);
    const lab = await MeshLab.start(t.lab, istiod);
    await lab.addServices({
      name: 'istio-ingressgateway',
      namespace: 'istio-system',
      selector: { istio: 'ingressgateway' },
      ports: [{ name: 'http2', port: 80, targetPort: 8080 }, { name: 'https', port: 443, targetPort: 8443 }],
    });
    const [[outsider, gateway], app] = await Promise.all([
      lab.addWorkloads({ name: 'outsider', namespace: 'outside', proxy: 'none', listen: [...PLAIN, { port: 8443, kind: 'http', tls: certificate }] }, {
        name: 'ingress', namespace: 'istio-system', proxy: 'gateway', labels: { istio: 'ingressgateway' }, serviceAccount: 'istio-ingressgateway-service-account',
      }),
      RunningApp.start(lab, shop(() => undefined), {
        'api-v1': { listen: [METRICS] }, 'api-v2': { listen: [METRICS] }, 'client': { trusts: certificate.cert },
      }),
    ]);
    await lab.settle();
    t.say(`the shop was open after ${((Date.now() - start) / 1000).toFixed(1)} s`);
    return new RunningShop(lab, app, outsider, gateway, certificate.cert);
  }

  private constructor(
    readonly lab: MeshLab,
    readonly app: RunningApp,
    readonly outsider: Workload,
    readonly gateway: Workload,
    /** The certificate of the one outside, which vouches for itself (PEM). */
    readonly outsiderCertificate: string,
  ) {}

  get client(): Workload {
    return this.app.pod('client');
  }

  get other(): Workload {
    return this.app.pod('other');
  }

  get partner(): Workload {
    return this.app.pod('partner');
  }

  /** Puts a version of the shop in force. */
  async open(declare: (it: Shop) => void, props?: ShopProps, beside?: readonly Manifest[]): Promise<void> {
    await this.app.use(shop(declare, props), beside);
  }

  /** A request to a service of the shop, by its HTTP port. */
  to(service: string, request: Partial<LabRequest> = {}): LabRequest {
    const { clusterIp, name, namespace } = this.app.service(service);
    return { address: clusterIp, port: 80, host: `${name}.${namespace}`, ...request };
  }

  /** A gRPC call to a service of the shop. */
  grpcTo(service: string, path: string, headers: Record<string, string> = {}): LabRequest {
    const { clusterIp, name, namespace } = this.app.service(service);
    return {
      speak: 'http2',
      address: clusterIp,
      port: 7070,
      host: `${name}.${namespace}:7070`,
      method: 'POST',
      path,
      body: 'hello',
      headers: { 'content-type': 'application/grpc', 'te': 'trailers', ...headers },
    };
  }

  /** A request from outside, through the gateway. */
  throughGateway(host: string, request: Partial<LabRequest> = {}): LabRequest {
    return { address: this.gateway.ip, port: 8080, host, ...request };
  }

  /** Sends one request and tells what came back and what the backends saw. */
  async ask(from: Workload, request: LabRequest): Promise<Observation> {
    const { answers: [answer], seen } = await this.askAll(from, [request]);
    return { answer, seen, by: (pod) => seen.filter((it) => it.workload.startsWith(`${pod}.`)) };
  }

  /** Sends requests, several at a time or one after the other, and tells what came back and what the backends saw. */
  async askAll(from: Workload, requests: readonly LabRequest[], how: 'together' | 'in turn' = 'together'): Promise<Observations> {
    await this.seen();
    const answers: LabResponse[] = how === 'together' ? await from.sendAll(requests) : [];
    if (how === 'in turn') for (const request of requests) answers.push(await from.send(request));
    const seen = await this.seen();
    return { answers, seen, by: (pod) => seen.filter((it) => it.workload.startsWith(`${pod}.`)) };
  }

  /** What all backends saw since the last call, in the order of the pods. */
  async seen(): Promise<SeenRequest[]> {
    return (await Promise.all(this.lab.workloads.map(async (it) => it.seen()))).flat();
  }
}

/** Where the outsider answers without TLS. */
const PLAIN = [{ port: 8080, kind: 'http' }, { port: 9000, kind: 'tcp' }] as const;

/** Where the pods of `api` publish metrics; no Service names it. */
const METRICS = { port: 9090, kind: 'http' } as const;

/** What came of a request. */
export interface Observation {
  readonly answer: LabResponse;
  /** What any backend saw. */
  readonly seen: readonly SeenRequest[];
  /** What one pod saw. */
  readonly by: (pod: string) => readonly SeenRequest[];
}

/** What came of several requests. */
export interface Observations extends Omit<Observation, 'answer'> {
  readonly answers: readonly LabResponse[];
}

/** The same request again and again. */
export function times(count: number, request: LabRequest): LabRequest[] {
  return Array.from({ length: count }, () => request);
}
