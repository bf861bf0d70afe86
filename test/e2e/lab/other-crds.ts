import { Manifest } from './api-client';

/** A CRD of which only what the library writes is described. */
function crd(group: string, version: string, kind: string, plural: string, spec: object): Manifest {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{
        name: version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', required: ['spec'], properties: { spec } } },
      }],
    },
  };
}

const text = { type: 'string' };
const texts = { type: 'object', additionalProperties: text };

/** Definitions that are not among the CRDs beside the repository, written after the documentation of their kinds. */
export const OTHER_CRDS: readonly Manifest[] = [
  crd('split.smi-spec.io', 'v1alpha2', 'TrafficSplit', 'trafficsplits', {
    type: 'object',
    required: ['service', 'backends'],
    properties: {
      service: text,
      backends: { type: 'array', items: { type: 'object', required: ['service', 'weight'], properties: { service: text, weight: { type: 'integer', minimum: 0 } } } },
    },
  }),
  crd('external-secrets.io', 'v1', 'ExternalSecret', 'externalsecrets', {
    type: 'object',
    properties: {
      refreshInterval: text,
      secretStoreRef: { type: 'object', required: ['name'], properties: { name: text, kind: { type: 'string', enum: ['SecretStore', 'ClusterSecretStore'] } } },
      target: {
        type: 'object',
        properties: {
          name: text,
          creationPolicy: text,
          deletionPolicy: text,
          template: {
            type: 'object',
            properties: {
              engineVersion: text,
              type: text,
              metadata: { type: 'object', properties: { labels: texts, annotations: texts } },
              data: texts,
            },
          },
        },
      },
      data: {
        type: 'array',
        items: {
          type: 'object',
          required: ['secretKey', 'remoteRef'],
          properties: { secretKey: text, remoteRef: { type: 'object', required: ['key'], properties: { key: text, property: text, version: text } } },
        },
      },
    },
  }),
];
