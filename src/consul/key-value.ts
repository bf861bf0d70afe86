import { createHash } from 'crypto';
import { ApiObject, ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { SecretKeyRef } from './control-plane-options';
import { compareText } from '../private/compare';
import { dnsLabel } from '../private/dns';
import { fail } from '../private/errors';

/** What is written into Consul's key value store, and how. */
export interface KeyValueProps {
  /** Values by their keys, such as `shop/flags/beta`. Keys do not begin with a slash. */
  readonly entries: { readonly [key: string]: string };

  /**
   * Address of Consul's HTTP interface.
   *
   * @default https://consul-server.consul.svc:8501
   */
  readonly address?: string;

  /**
   * Token that may write the keys: an entry of a Secret in the namespace of the Job. No token is ever in the output.
   *
   * @default - none: Consul keeps no access control lists
   */
  readonly token?: SecretKeyRef;

  /**
   * Certificate of the authority that the servers are known by: an entry of a Secret in the namespace of the Job.
   *
   * @default - none, for plain HTTP, or servers that the image trusts
   */
  readonly authority?: SecretKeyRef;

  /**
   * Image with the program `consul`.
   *
   * @default hashicorp/consul:1.22
   */
  readonly image?: string;

  /**
   * Name, namespace, labels and annotations of ConfigMap and Job.
   *
   * @default - a name made from the path of the construct, in the namespace of the chart
   */
  readonly metadata?: ApiObjectMetadata;
}

/** Consul refuses larger values. */
const LARGEST = 512 * 1024;

/**
 * Values in Consul's key value store. Keys that are there and not named here stay as they are.
 *
 * Emits a ConfigMap with what `consul kv import` reads, and a Job that imports it. The name of the Job holds a hash of the values, so that a change is a new Job.
 *
 * @see https://developer.hashicorp.com/consul/commands/kv/import
 *
 * @example
 *
 * new consul.KeyValue(this, 'flags', { entries: { 'shop/flags/beta': 'on' }, token: { secretName: 'flags-writer', secretKey: 'token' } });
 */
export class KeyValue extends Construct {
  private readonly values: Map<string, string>;
  private readonly path: string;

  public constructor(scope: Construct, id: string, props: KeyValueProps) {
    super(scope, id);
    this.path = this.node.path;
    this.values = new Map();
    if (Object.keys(props.entries).length === 0) { fail('MESH-E030', 'no values to write', 'give at least one entry', this.path); }
    Object.entries(props.entries).forEach(([key, text]) => this.check(key, text));
    const text = importText(this.values);
    const config = new ApiObject(this, 'Resource', { apiVersion: 'v1', kind: 'ConfigMap', metadata: props.metadata, data: { 'values.json': text } });
    const name = dnsLabel('name of the job', `${config.name.slice(0, 50)}-${hash(text)}`, this.path);
    new ApiObject(this, 'Job', { apiVersion: 'batch/v1', kind: 'Job', metadata: { ...props.metadata, name }, spec: jobSpec(config.name, props) });
  }

  /** The values by their keys, ordered by key. */
  public get entries(): { [key: string]: string } {
    return Object.fromEntries([...this.values].sort(([left], [right]) => compareText(left, right)));
  }

  private check(key: string, text: string): void {
    if (key === '' || key.startsWith('/')) { fail('MESH-E001', `invalid key, got "${key}"`, 'begin it with a letter or digit, such as shop/flags/beta', this.path); }
    if (Buffer.byteLength(text) > LARGEST) { fail('MESH-E028', `${Buffer.byteLength(text)} bytes under "${key}"`, 'Consul takes 512 KiB at most: keep it elsewhere', this.path); }
    this.values.set(key, text);
  }
}

/** What `consul kv export` would print. */
function importText(values: ReadonlyMap<string, string>): string {
  const entries = [...values].sort(([left], [right]) => compareText(left, right)).map(([key, text]) => ({ key, flags: 0, value: Buffer.from(text).toString('base64') }));
  return `${JSON.stringify(entries, null, 1)}\n`;
}

function jobSpec(configName: string, { address = 'https://consul-server.consul.svc:8501', token, authority, image = 'hashicorp/consul:1.22' }: KeyValueProps): object {
  const entryOf = ({ secretName, secretKey }: SecretKeyRef) => ({ secretKeyRef: { name: secretName, key: secretKey } });
  return {
    backoffLimit: 6,
    template: {
      spec: {
        restartPolicy: 'OnFailure',
        containers: [{
          name: 'import',
          image,
          command: ['consul', 'kv', 'import', '@/values/values.json'],
          env: [
            { name: 'CONSUL_HTTP_ADDR', value: address },
            ...(authority ? [{ name: 'CONSUL_CACERT', value: `/authority/${authority.secretKey}` }] : []),
            ...(token ? [{ name: 'CONSUL_HTTP_TOKEN', valueFrom: entryOf(token) }] : []),
          ],
          volumeMounts: [
            { name: 'values', mountPath: '/values', readOnly: true },
            ...(authority ? [{ name: 'authority', mountPath: '/authority', readOnly: true }] : []),
          ],
        }],
        volumes: [
          { name: 'values', configMap: { name: configName } },
          ...(authority ? [{ name: 'authority', secret: { secretName: authority.secretName } }] : []),
        ],
      },
    },
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10);
}
