import { ApiObject } from 'cdk8s';
import { LibraryApp, synthesize } from './library-app';
import { MeshedService, MeshedWorkload, Metrics, Port, Workload } from '../../../src';
import { Manifest } from '../lab/api-client';

/** Namespace of the probed pods. */
export const PROBED = 'probed';

/** Probes of each kind: one of something that is well, and one of something that is not there. */
export const PROBES: Readonly<Record<string, { readonly well: object; readonly ill: object }>> = {
  web: {
    well: { httpGet: { path: '/healthz?full=1', port: 'http', httpHeaders: [{ name: 'x-probe', value: 'yes' }] } },
    ill: { httpGet: { path: '/healthz', port: 8080, httpHeaders: [{ name: 'x-lab-status', value: '503' }] } },
  },
  secure: { well: { httpGet: { path: '/healthz', port: 8443, scheme: 'HTTPS' } }, ill: { httpGet: { path: '/healthz', port: 8080, scheme: 'HTTPS' } } },
  bytes: { well: { tcpSocket: { port: 9000 } }, ill: { tcpSocket: { port: 9999 } } },
  calls: { well: { grpc: { port: 7070 } }, ill: { grpc: { port: 9999 } } },
  command: { well: { exec: { command: ['true'] } }, ill: { exec: { command: ['false'] } } },
};

const PORTS: Readonly<Record<string, Port>> = {
  web: Port.http(80, { targetPort: 8080 }), secure: Port.https(443, { targetPort: 8443 }), bytes: Port.tcp(9000), calls: Port.grpc(7070), command: Port.tcp(9000),
};

/** Where the pods of `web` publish metrics. */
export const METRICS_PORT = 9090;

/** A service for each kind of probe, and a job that ends. */
export function probedApp(): Manifest[] {
  return synthesize({ namespace: PROBED }, (app) => {
    for (const [name, probes] of Object.entries(PROBES)) {
      const workload = Workload.adopt(new ApiObject(app.chart, `${name}-deployment`, deployment(name, probes)));
      const metrics = name === 'web' ? Metrics.merged(METRICS_PORT, '/stats') : undefined;
      new MeshedService(app.chart, name, { mesh: app.mesh, workload, ports: [PORTS[name]], metrics });
    }
    endingJob(app);
  });
}

function endingJob({ chart, mesh }: LibraryApp): void {
  const job = new ApiObject(chart, 'job', {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'job' },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'server', image: 'lab' }] } } },
  });
  new MeshedWorkload(chart, 'job-of-the-mesh', { mesh, workload: Workload.adopt(job) });
}

function deployment(name: string, { well, ill }: { readonly well: object; readonly ill: object }): Manifest {
  const labels = { app: name };
  const ports = [{ name: 'http', containerPort: PORTS[name].targetPort }];
  const server = { name: 'server', image: 'lab', ports, readinessProbe: { ...well, periodSeconds: 3 }, livenessProbe: ill, startupProbe: well };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [server] } } },
  };
}
