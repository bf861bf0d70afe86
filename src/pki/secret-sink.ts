import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { sealingKey } from '../engine/pki/seal';
import { dnsSubdomain } from '../private/dns';
import { fail } from '../private/errors';
import { emitExternalSecret } from './private/external-secret';
import { writeSecretFile } from './private/file-secret';
import { emitPlainSecret } from './private/plain-secret';
import { SealingScopeName, sealTargetOf, emitSealedSecret } from './private/sealed-secret';
import { SinkSecret } from './private/sink-secret';

/** Where a sealed Secret may be opened. */
export enum SealingScope {
  /** Under its own name in its own namespace. */
  STRICT = 'strict',
  /** Under any name in its own namespace. */
  NAMESPACE_WIDE = 'namespace-wide',
  /** Anywhere in the cluster. */
  CLUSTER_WIDE = 'cluster-wide',
}

/** How a private key is sealed. */
export interface SealedSecretOptions {
  /**
   * Where the Secret may be opened.
   *
   * @default SealingScope.STRICT
   */
  readonly scope?: SealingScope;
}

/** Where a private key is kept outside of the cluster. */
export interface ExternalSecretOptions {
  /**
   * Whether the store serves the whole cluster (ClusterSecretStore) and not only its own namespace (SecretStore).
   *
   * @default true
   */
  readonly clusterWide?: boolean;

  /**
   * Property of the remote entry that holds the private key.
   *
   * @default - the whole entry is the private key
   */
  readonly property?: string;

  /**
   * How often the private key is fetched again.
   *
   * @default Duration.hours(1)
   */
  readonly refreshInterval?: Duration;
}

/** What has to be said before a private key is written into the output. */
export interface PlainSecretConsent {
  /** Must be true: everybody who can read the output can act as the holder of the certificate. */
  readonly iUnderstandThatThePrivateKeyIsInTheOutput: boolean;
}

/**
 * How a private key gets to where it is used. Without a sink no private key leaves the private half of a store.
 *
 * @example
 *
 * const controller = '-----BEGIN CERTIFICATE-----…'; // kubeseal --fetch-cert
 * const sink = pki.SecretSink.sealedSecret(controller);
 */
export class SecretSink {
  /**
   * In the output, sealed so that only the sealed-secrets controller of the cluster can read it. Sealed texts are kept in the public half of the store,
   * so that the output stays the same as long as the key and the certificate of the controller do.
   *
   * Emits a SealedSecret.
   *
   * @see https://github.com/bitnami-labs/sealed-secrets#readme
   * @param publicCertificate PEM text of the certificate of the controller, as `kubeseal --fetch-cert` prints it
   * @param options where the Secret may be opened
   */
  public static sealedSecret(publicCertificate: string, options: SealedSecretOptions = {}): SecretSink {
    sealingKey(publicCertificate);
    const scope: SealingScopeName = options.scope ?? SealingScope.STRICT;
    return new SecretSink({
      sealTo: (namespace, name) => sealTargetOf(publicCertificate, scope, namespace, name),
      emit: (construct, secret) => emitSealedSecret(construct, secret, publicCertificate, scope),
    });
  }

  /**
   * In a file outside of the output, which only its owner can read, as a Secret to be applied by hand. It is written where the private half of the store is;
   * elsewhere nothing happens.
   *
   * @param directory folder of the file, outside of the output of the app
   */
  public static file(directory: string): SecretSink {
    return new SecretSink({ emit: (construct, secret) => writeSecretFile(construct, secret, directory) });
  }

  /**
   * In a store outside of the cluster, from which the External Secrets Operator fetches it. The output holds a reference only; the key is put there by hand.
   *
   * Emits an ExternalSecret.
   *
   * @see https://external-secrets.io/latest/api/externalsecret/
   * @param storeName name of the ClusterSecretStore or SecretStore
   * @param remotePath where the private key is in it
   * @param options which kind of store, and how often it is asked
   */
  public static externalSecret(storeName: string, remotePath: string, options: ExternalSecretOptions = {}): SecretSink {
    dnsSubdomain('name of a secret store', storeName);
    if (remotePath === '') { fail('MESH-E030', 'an external secret without path', 'say where the private key is in the store'); }
    const { clusterWide = true, property, refreshInterval = Duration.hours(1) } = options;
    const milliseconds = refreshInterval.toMilliseconds();
    return new SecretSink({ emit: (construct, secret) => emitExternalSecret(construct, secret, { storeName, remotePath, clusterWide, property, milliseconds }) });
  }

  /**
   * In the output, for everybody to read. Synth needs the private half of the store for it.
   *
   * Emits a Secret.
   *
   * @param consent that this is meant
   */
  public static plain(consent: PlainSecretConsent): SecretSink {
    if (consent.iUnderstandThatThePrivateKeyIsInTheOutput !== true) {
      fail('MESH-E059', 'a private key would be written into the output', 'seal it with SecretSink.sealedSecret(), or say that you understand what this means');
    }
    return new SecretSink({ emit: emitPlainSecret });
  }

  private readonly ways: SinkWays;

  private constructor(ways: SinkWays) {
    this.ways = ways;
  }

  /** @internal */
  public _sealTo(namespace: string, name: string): ReturnType<typeof sealTargetOf> | undefined {
    return this.ways.sealTo?.(namespace, name);
  }

  /** @internal */
  public _emit(construct: Construct, secret: SinkSecret): void {
    this.ways.emit(construct, secret);
  }
}

interface SinkWays {
  readonly sealTo?: (namespace: string, name: string) => ReturnType<typeof sealTargetOf>;
  readonly emit: (construct: Construct, secret: SinkSecret) => void;
}
