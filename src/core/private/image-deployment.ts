import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { Port } from '../port';
import type { Json } from './pod-template';

/** The label by which meshes and most tools tell versions of an application apart. */
const VERSION_LABEL = 'app.kubernetes.io/version';

/** What the Deployment of an image needs to know. */
export interface ImageDeploymentProps {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  /** Labels by which the Deployment finds its pods. */
  readonly labels: { readonly [key: string]: string };
  readonly image: string;
  readonly ports: readonly Port[];
  readonly replicas?: number;
  readonly env?: { readonly [name: string]: string };
  readonly args?: readonly string[];
}

/** A Deployment of ours, with the pod template inside it, which may be changed until synth. */
export interface ImageDeployment {
  readonly object: ApiObject;
  readonly template: Json;
}

/** Writes a Deployment that runs an image behind a service. */
export function imageDeployment(scope: Construct, props: ImageDeploymentProps): ImageDeployment {
  const labels = props.labels;
  const targets = [...new Map(props.ports.map((port) => [port.targetPort, port])).values()];
  const template: Json = {
    metadata: { labels: { ...labels, [VERSION_LABEL]: versionOf(props.image) } },
    spec: {
      containers: [{
        name: props.name,
        image: props.image,
        args: props.args,
        env: props.env ? Object.entries(props.env).map(([name, value]) => ({ name, value })) : undefined,
        ports: targets.map((port) => ({ containerPort: port.targetPort, name: (port.name?.length ?? 0) > 15 ? undefined : port.name, protocol: 'TCP' })),
      }],
    },
  };
  const object = new ApiObject(scope, props.id, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: props.name, namespace: props.namespace },
    spec: { replicas: props.replicas ?? 1, selector: { matchLabels: labels }, template },
  });
  return { object, template };
}

/** What the reference of an image tells of its version: the tag, or the beginning of the digest. */
function versionOf(image: string): string {
  const [reference, digest] = image.split('@');
  const tag = /:([^:/]+)$/.exec(reference)?.[1];
  const version = tag ?? digest?.replace(/^[^:]*:/, '').slice(0, 12) ?? 'latest';
  return version.replace(/[^A-Za-z0-9_.-]/g, '-').slice(0, 63).replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '') || 'latest';
}
