import { Phase } from '../../../core/phase';
import type { RotationStep } from '../../../engine/pki/store/rotate';

/** Which authority of which store, and how the app is synthesized. */
export interface StoreRotation {
  readonly store: string;
  readonly authority: string;
  readonly synthCommand: string;
  readonly outputFolder: string;
}

const WORDS: { readonly [step in RotationStep]: Pick<Phase, 'title' | 'purpose'> & { readonly after: readonly string[]; readonly canGoBack: boolean } } = {
  'add-root': {
    title: 'Trust the new root beside the old one',
    purpose: 'Everybody is given both roots; the old one goes on signing. Nothing else changes, so that it can be taken back at any time.',
    after: [
      '# Istio, unless istiod runs with ISTIO_MULTIROOT_MESH=true:', 'kubectl -n istio-system rollout restart deployment/istiod',
      '# Linkerd:', 'kubectl -n linkerd rollout restart deployment',
      '# Restart what reads its roots at start only: proxies of Linkerd, and workloads with certificates of their own.',
    ],
    canGoBack: true,
  },
  'switch-issuer': {
    title: 'Sign with the new root',
    purpose: 'Intermediates and end certificates are issued anew under the new root, which everybody trusts by now. Those under the old one stay good until they end.',
    after: ['# Linkerd:', 'kubectl -n linkerd rollout restart deployment/linkerd-identity', '# Restart what reads its certificates at start only.'],
    canGoBack: true,
  },
  'drop-old-root': {
    title: 'Trust the new root only',
    purpose: 'Nothing under the old root is valid any more. Whoever holds its key can harm nobody from here on.',
    after: ['# Destroy the private keys of the old root and of the intermediates below it.'],
    canGoBack: false,
  },
};

/** The phases of changing the root of an authority of a store. */
export function storeRotation({ store, authority, synthCommand, outputFolder }: StoreRotation): Phase[] {
  const which = `--store ${store} --authority ${authority}`;
  return (Object.keys(WORDS) as RotationStep[]).map((step) => {
    const { title, purpose, after, canGoBack } = WORDS[step];
    const output = `${outputFolder}/${step}`;
    return {
      phaseName: step,
      title,
      purpose,
      output,
      // The step fails before its time.
      commands: [`cdk8s-mesh pki rotate ${which} --phase ${step}`, `${synthCommand} ${output}`, `git add ${store} && git commit --message "${title}"`, `kubectl apply --filename ${output}`, ...after],
      checkCommands: [`cdk8s-mesh pki verify ${which}`, `cdk8s-mesh pki verify ${which} ${output}`],
      rollbackCommands: canGoBack ? ['git revert HEAD', `${synthCommand} ${output}`, `kubectl apply --filename ${output}`] : [],
    };
  });
}
