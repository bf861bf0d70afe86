import { portNumber } from '../../core/private/check-values';
import { labelValue } from '../../private/dns';
import { fail } from '../../private/errors';
import type { ClientValidation } from '../client-validation';
import type { GatewayProps } from '../gateway';
import { atMost } from './limits';

/** Throws when a gateway says what no API server takes. */
export function checkGateway({ addresses, infrastructure, tls }: GatewayProps, path: string): void {
  const { labels = {}, annotations = {} } = infrastructure ?? {};
  Object.entries(labels).forEach(([key, value]) => labelValue(key, value, path));
  Object.keys(annotations).forEach((key) => labelValue(key, '', path));
  atMost(16, addresses?.length, 'addresses', path);
  atMost(8, Object.keys(labels).length, 'labels for the objects of the gateway', path);
  atMost(16, Object.keys(annotations).length, 'annotations for the objects of the gateway', path);
  const texts = (addresses ?? []).map(({ addressType, address }) => `${addressType} ${address ?? ''}`);
  const twice = (addresses ?? []).find(({ address }, index) => address !== undefined && texts.indexOf(texts[index]) !== index);
  if (twice) {
    fail('MESH-E031', `address ${twice.address} is named twice`, 'name it once', path);
  }
  checkAuthorities(tls?.clientValidation, path);
  const ports = tls?.portValidations ?? [];
  atMost(64, ports.length, 'ports whose clients are checked', path);
  ports.forEach(({ port, validation }, index) => {
    portNumber('port', port);
    checkAuthorities(validation, path);
    if (ports.findIndex((other) => other.port === port) !== index) {
      fail('MESH-E004', `the clients of port ${port} are spoken of twice`, 'name the port once', path);
    }
  });
}

function checkAuthorities(validation: ClientValidation | undefined, path: string): void {
  if (validation?.authorities.length === 0) {
    fail('MESH-E030', 'certificates of clients checked by no authority', 'name one, such as AuthorityRef.configMap("client-ca")', path);
  }
  atMost(16, validation?.authorities.length, 'authorities', path);
}
