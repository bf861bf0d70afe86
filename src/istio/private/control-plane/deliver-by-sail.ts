import type { Construct } from 'constructs';
import { cniNamespace, cniValues, InstallPart, ztunnelNamespace, ztunnelValues } from './charts';
import { ControlPlaneFacts, DEFAULT_REVISION } from './facts';
import { istiodValues } from './istiod-values';
import type { DeliveredChart } from '../../../delivery/chart-delivery';
import * as crd from '../../../delivery/crd';
import { mergePlain, Plain } from '../../../private/plain';
import { SailOptions, SailResource, SailUpdateStrategy } from '../../control-plane-delivery';

const READY = '--for=condition=Ready --timeout=10m';

/** Writes the objects by which the Sail operator knows what to run. It brings Istio's definitions along. */
export function deliverBySail(scope: Construct, facts: ControlPlaneFacts, sail: SailOptions, parts: readonly InstallPart[]): DeliveredChart[] {
  const { ambient, props, version } = facts;
  const spelled = `v${version}`;
  const profile = ambient ? crd.InstallationProfile.AMBIENT : undefined;
  const delivered: DeliveredChart[] = [];
  if (parts.includes('istiod')) {
    const values = istiodValues(facts, ambient ? ztunnelNamespace(facts) : undefined);
    delivered.push(sail.resource === SailResource.ISTIO_REVISION ? writeRevision(scope, facts, values) : writeIstio(scope, facts, sail, values));
  }
  if (parts.includes('cni') && (props.cni || ambient)) {
    const cni = cniValues(props.cni ?? {});
    const values = { ...(Object.keys(cni).length > 0 ? { cni } : {}), ...(props.platform ? { global: { platform: props.platform } } : {}) };
    new crd.IstioCNI(scope, 'cni', {
      metadata: { name: 'default' },
      spec: { version: spelled, namespace: cniNamespace(facts), profile },
      additionalSpec: withValues(values),
    });
    delivered.push(commands('cni', 'istiocni/default'));
  }
  if (parts.includes('ztunnel') && ambient) {
    const ztunnel = ztunnelValues(facts, props.ztunnel ?? {});
    const values = { ...(Object.keys(ztunnel).length > 0 ? { ztunnel } : {}), ...(props.platform ? { global: { platform: props.platform } } : {}) };
    new crd.ZTunnel(scope, 'ztunnel', {
      metadata: { name: 'default' },
      spec: { version: spelled, namespace: ztunnelNamespace(facts) },
      additionalSpec: withValues(values),
    });
    delivered.push(commands('ztunnel', 'ztunnel/default'));
  }
  return delivered;
}

function writeIstio(scope: Construct, facts: ControlPlaneFacts, sail: SailOptions, values: Plain): DeliveredChart {
  const { revisionName, namespace, version, ambient } = facts;
  const byRevision = sail.updateStrategy === SailUpdateStrategy.REVISION_BASED;
  const name = byRevision ? sail.istioName ?? DEFAULT_REVISION : revisionName;
  new crd.Istio(scope, 'istiod', {
    metadata: { name },
    spec: {
      version: `v${version}`,
      namespace,
      profile: ambient ? crd.InstallationProfile.AMBIENT : undefined,
      updateStrategy: {
        type: byRevision ? crd.IstioUpdateStrategyType.REVISION_BASED : crd.IstioUpdateStrategyType.IN_PLACE,
        inactiveRevisionDeletionGracePeriodSeconds: sail.inactiveRevisionGracePeriod?.toSeconds(),
      },
    },
    additionalSpec: { values },
  });
  return {
    installId: 'istiod',
    installCommands: [],
    // An Istio is ready as long as its old revision is.
    waitCommands: byRevision ? [`kubectl wait istiorevision/${revisionName} ${READY}`] : [`kubectl wait istio/${name} ${READY}`],
    removeCommands: byRevision ? [] : [`kubectl delete istio/${name}`],
  };
}

function writeRevision(scope: Construct, { revisionName, namespace, version, ambient }: ControlPlaneFacts, values: Plain): DeliveredChart {
  const own: Plain = {
    ...(ambient ? { profile: 'ambient' } : {}),
    ...(revisionName === DEFAULT_REVISION ? {} : { revision: revisionName }),
    global: { istioNamespace: namespace },
  };
  new crd.IstioRevision(scope, 'istiod', {
    metadata: { name: revisionName },
    spec: { version: `v${version}`, namespace },
    additionalSpec: { values: mergePlain(values, own) },
  });
  return commands('istiod', `istiorevision/${revisionName}`);
}

function withValues(values: Plain): { values: Plain } | undefined {
  return Object.keys(values).length > 0 ? { values } : undefined;
}

function commands(installId: string, object: string): DeliveredChart {
  return { installId, installCommands: [], waitCommands: [`kubectl wait ${object} ${READY}`], removeCommands: [`kubectl delete ${object}`] };
}
