import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { RotationRequest } from './check-rotation';
import { BundleSource } from '../../../certmanager/bundle-source';
import { Issuer } from '../../../certmanager/issuer';
import { PhaseWords, writePhase, WrittenPhase } from '../../../core/private/phases/write-phase';
import { describeSeconds } from '../../../engine/pki/lifetimes';

/** How meshes take over new roots. */
const ROOT_COMMANDS: { readonly [mesh: string]: readonly string[] } = {
  istio: [
    '# istiod with a plugged-in CA reads one root from cacerts: add the new one to caCertificates of the mesh settings, too. With istio-csr the bundle is enough.',
    'kubectl -n istio-system rollout restart deployment/istiod',
  ],
  linkerd: ['kubectl -n linkerd rollout restart deployment', '# Then restart the meshed workloads: proxies read their roots at start.'],
};

/** How meshes take over new intermediates. */
const ISSUER_COMMANDS: { readonly [mesh: string]: readonly string[] } = {
  istio: ['kubectl -n istio-system rollout restart deployment/istiod'],
  linkerd: ['kubectl -n linkerd rollout restart deployment/linkerd-identity'],
};

/** Writes the charts of a rotation, each with its commands. */
export function writeRotation(rotation: Construct, request: RotationRequest): WrittenPhase[] {
  const { authority, bundles, overlap } = request;
  const generation = authority.rootGeneration + 1;
  const old = authority.trustSource;
  const step = (phaseName: string, write: (chart: Chart, output: string) => PhaseWords): WrittenPhase =>
    writePhase(rotation, phaseName, { namespace: authority.namespace, partOf: 'root-rotation' }, write);
  const apply = (output: string) => `kubectl apply --server-side --force-conflicts --filename ${output}`;
  const wait = `# Wait at least ${describeSeconds(overlap)} before the next phase.`;
  const hand = (chart: Chart, sources: (given: readonly BundleSource[]) => BundleSource[]) => bundles.forEach((bundle) => bundle._with(chart, sources(bundle.sources)));
  const selfSigned = (chart: Chart) => Issuer.fromIssuerName(chart, 'SelfSigned', `${authority.authorityName}-root`, authority.namespace);
  const root = `${authority.authorityName}-root-${generation}`;
  const next = BundleSource.secret(root, 'tls.crt');
  const ready = `kubectl -n ${authority.namespace} wait certificate/${root} --for=condition=Ready --timeout=5m`;
  const back = bundles.map(({ resourceName }) => `# Apply bundle ${resourceName} as it was, from the output of the app.`);
  let made = authority._root!;
  return [
    step('add-root', (chart, output) => {
      made = authority._makeRoot(chart, selfSigned(chart), generation);
      hand(chart, (given) => [...given, next]);
      return {
        title: 'Trust the new root beside the old one',
        purpose: 'A new root with a key of its own is made, and every bundle holds both. The old one goes on signing.',
        commands: [apply(output), ready, ...ROOT_COMMANDS[request.meshName ?? ''] ?? [], wait],
        checkCommands: [ready, ...synced(bundles)],
        rollbackCommands: back,
      };
    }),
    step('switch-issuer', (chart, output) => {
      authority._makeIssuer(chart, made);
      return {
        title: 'Sign with the new root',
        purpose: 'The issuer signs with the new root, which everybody trusts by now; certificates are renewed at once. Those under the old root stay good until they end.',
        commands: [apply(output), ...renewals(request), ...ISSUER_COMMANDS[request.meshName ?? ''] ?? [], wait],
        checkCommands: [`kubectl wait clusterissuer/${authority.authorityName} --for=condition=Ready --timeout=5m`, ...request.certificates.map(waitFor)],
        rollbackCommands: [`# Apply ClusterIssuer ${authority.authorityName} as it was, from the output of the app.`, ...renewals(request)],
      };
    }),
    step('drop-old-root', (chart, output) => {
      hand(chart, (given) => [...given.filter((source) => !source._same(old)), next]);
      return {
        title: 'Trust the new root only',
        purpose: `Nothing under the old root is valid any more. Set rootGeneration: ${generation} in the authority, and delete the rotation from the app.`,
        commands: [apply(output), ...ROOT_COMMANDS[request.meshName ?? ''] ?? [], `kubectl -n ${authority.namespace} delete certificate/${authority.rootSecretName} secret/${authority.rootSecretName}`],
        checkCommands: synced(bundles),
        rollbackCommands: [],
      };
    }),
  ];
}

function synced(bundles: RotationRequest['bundles']): string[] {
  return bundles.map((bundle) => `kubectl wait ${ApiObject.of(bundle).kind.toLowerCase()}/${bundle.resourceName} --for=condition=Synced --timeout=5m`);
}

function renewals({ certificates }: RotationRequest): string[] {
  return certificates.map(({ secretName, resourceName, resourceNamespace }) => `cmctl renew --namespace ${resourceNamespace ?? 'default'} ${resourceName} # Secret ${secretName}`);
}

function waitFor({ resourceName, resourceNamespace }: RotationRequest['certificates'][number]): string {
  return `kubectl -n ${resourceNamespace ?? 'default'} wait certificate/${resourceName} --for=condition=Ready --timeout=5m`;
}
