import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { DEFAULT_REVISION, revisionSuffix } from './facts';
import * as crd from '../../../delivery/crd';
import type { IControlPlane } from '../../control-plane';

/** The label by which namespaces and pods name a revision or a revision tag. */
export const REVISION_LABEL = 'istio.io/rev';
const TAG_LABEL = 'istio.io/tag';

/** What a tag points to. */
type TagTarget = Pick<IControlPlane, 'revisionName' | 'namespace' | 'managedBySail'>;
type Expression = { readonly key: string; readonly operator: string; readonly values?: readonly string[] };

const NOT_REFUSED: Expression = { key: 'sidecar.istio.io/inject', operator: 'NotIn', values: ['false'] };
const absent = (key: string): Expression => ({ key, operator: 'DoesNotExist' });
const oneOf = (key: string, value: string): Expression => ({ key, operator: 'In', values: [value] });

/** Writes what makes a tag point to a control plane. */
export function emitTag(scope: Construct, id: string, tag: string, controlPlane: TagTarget): void {
  if (controlPlane.managedBySail) {
    new crd.IstioRevisionTag(scope, id, {
      metadata: { name: tag },
      // The revision rather than its Istio: the tag of an Istio moves by itself when the version changes.
      spec: { targetRef: { kind: crd.RevisionTargetReferenceKind.ISTIO_REVISION, name: controlPlane.revisionName } },
    });
    return;
  }
  const { revisionName, namespace } = controlPlane;
  new ApiObject(scope, id, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: {
      name: namespace === 'istio-system' ? `istio-revision-tag-${tag}` : `istio-revision-tag-${tag}-${namespace}`,
      labels: { app: 'sidecar-injector', [REVISION_LABEL]: revisionName, [TAG_LABEL]: tag },
    },
    webhooks: selections(tag).map(([prefix, namespaceSelector, objectSelector]) => ({
      name: `${prefix}.sidecar-injector.istio.io`,
      // istiod adds its certificate.
      clientConfig: { service: { name: `istiod${revisionSuffix(revisionName)}`, namespace, path: '/inject', port: 443 } },
      rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
      namespaceSelector: { matchExpressions: namespaceSelector },
      objectSelector: { matchExpressions: objectSelector },
      failurePolicy: 'Fail',
      reinvocationPolicy: 'Never',
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    })),
  });
}

/** Which pods a tag is for: those of namespaces that name it, and those that name it themselves; for the default tag those that name none. */
function selections(tag: string): [string, Expression[], Expression[]][] {
  const byName: [string, Expression[], Expression[]][] = [
    ['rev.namespace', [oneOf(REVISION_LABEL, tag), absent('istio-injection')], [NOT_REFUSED]],
    ['rev.object', [absent(REVISION_LABEL), absent('istio-injection')], [NOT_REFUSED, oneOf(REVISION_LABEL, tag)]],
  ];
  return tag !== DEFAULT_REVISION ? byName : [
    ...byName,
    ['namespace', [oneOf('istio-injection', 'enabled')], [NOT_REFUSED]],
    ['object', [absent('istio-injection'), absent(REVISION_LABEL)], [oneOf('sidecar.istio.io/inject', 'true'), absent(REVISION_LABEL)]],
  ];
}
