import { checkConnectionPool } from './connection-pool';
import { checkAnyDuration, checkDuration, checkPercent, checkPort } from './fields';
import { checkLoadBalancer } from './load-balancer';
import { isFqdn, isIp } from './names';
import { Place } from '../place';

const PARTS = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls', 'portLevelSettings', 'tunnel', 'proxyProtocol', 'retryBudget'];
const PORT_PARTS = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'];
const CONFIG_MAP = 'configmap://';

/** Checks what holds for connections to a host or a subset of it. */
export function checkTrafficPolicy(policy: Place, namespace: string | undefined): void {
  if (!policy.isSet) return;
  if (policy.setOf(PARTS).length === 0) {
    policy.required(`an empty policy says nothing: ${PARTS.join(', ')}`);
    return;
  }
  if (policy.at('tunnel').isSet && policy.at('proxyProtocol').isSet) {
    policy.at('proxyProtocol').forbidden('tunnel is set, too');
    return;
  }
  checkCommonParts(policy, namespace);
  checkAnyDuration(policy.at('retryBudget').at('budgetInterval'));
  for (const port of policy.at('portLevelSettings').items()) {
    if (!port.at('port').isSet) port.at('port').required();
    if (port.setOf(PORT_PARTS).length === 0) port.required(`an empty policy says nothing: ${PORT_PARTS.join(', ')}`);
    else checkCommonParts(port, namespace);
  }
  const tunnel = policy.at('tunnel');
  if (!tunnel.isSet) return;
  const protocol = tunnel.at('protocol');
  if (!['', 'CONNECT', 'POST'].includes(protocol.text)) protocol.error('FieldValueNotSupported', `unknown protocol ${JSON.stringify(protocol.text)}`, 'CONNECT or POST');
  const host = tunnel.at('targetHost');
  if (!isFqdn(host.text) && !isIp(host.text)) host.invalid(`invalid host ${JSON.stringify(host.text)}`, 'a full name or an IP address');
  checkPort(tunnel.at('targetPort'));
}

function checkCommonParts(policy: Place, namespace: string | undefined): void {
  const outliers = policy.at('outlierDetection');
  checkOutlierDetection(outliers);
  checkConnectionPool(policy.at('connectionPool'));
  checkLoadBalancer(policy.at('loadBalancer'), outliers);
  checkClientTls(policy.at('tls'), namespace);
}

function checkOutlierDetection(outliers: Place): void {
  checkDuration(outliers.at('baseEjectionTime'));
  checkDuration(outliers.at('interval'));
  if (outliers.at('consecutiveErrors').number !== 0) {
    outliers.at('consecutiveErrors').warn('consecutiveErrors is deprecated', { allowed: 'consecutiveGatewayErrors or consecutive5xxErrors' });
  }
  if (outliers.at('consecutiveLocalOriginFailures').number > 0 && !outliers.at('splitExternalLocalOriginErrors').isTrue) {
    outliers.at('consecutiveLocalOriginFailures').invalid('local failures are not told apart from others', 'splitExternalLocalOriginErrors: true beside it');
  }
  checkPercent(outliers.at('maxEjectionPercent'));
  checkPercent(outliers.at('minHealthPercent'));
}

function checkClientTls(tls: Place, namespace: string | undefined): void {
  if (!tls.isSet) return;
  const mode = tls.at('mode').text;
  const has = (name: string): boolean => tls.at(name).isSet && tls.at(name).value !== '';
  const credential = tls.at('credentialName');
  if (credential.text.startsWith(CONFIG_MAP)) checkConfigMap(credential, namespace);
  if (tls.at('insecureSkipVerify').isTrue) {
    const checking = ['caCertificates', 'subjectAltNames', ...mode === 'SIMPLE' ? ['credentialName'] : []].filter(has);
    if ((mode === 'SIMPLE' || mode === 'MUTUAL') && checking.length > 0) tls.at(checking[0]).forbidden('insecureSkipVerify switches all checks off');
  }
  if ((mode === 'SIMPLE' || mode === 'MUTUAL') && has('credentialName')) {
    for (const name of ['clientCertificate', 'caCertificates', 'privateKey', 'caCrl'].filter(has)) tls.at(name).forbidden('credentialName is set');
  } else if (mode === 'MUTUAL') {
    for (const name of ['clientCertificate', 'privateKey'].filter((it) => !has(it))) tls.at(name).required('the mode is MUTUAL');
  }
}

/** `configmap://name`, or `configmap://namespace/name` of the rule's own namespace. */
function checkConfigMap(credential: Place, namespace: string | undefined): void {
  const [first, ...rest] = credential.text.slice(CONFIG_MAP.length).split('/');
  if (first === '' || rest.includes('') || rest.length > 1) credential.invalid(`invalid reference ${JSON.stringify(credential.text)}`, 'configmap:// with the name of a ConfigMap');
  else if (rest.length === 1 && namespace !== undefined && first !== namespace) credential.invalid(`the ConfigMap is in the namespace ${first}`, 'one of this namespace');
}
