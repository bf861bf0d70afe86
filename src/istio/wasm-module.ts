import * as crd from './crd';
import { dnsSubdomain } from '../private/dns';
import { fail } from '../private/errors';

/** How an image is pulled from a registry. */
export interface WasmImageOptions {
  /**
   * Secret of type kubernetes.io/dockerconfigjson, in the namespace of the resource, to log in with.
   *
   * @default - none
   */
  readonly pullSecret?: string;

  /**
   * Whether the image is asked for again each time.
   *
   * @default - for the tag `latest`: true; otherwise false
   */
  readonly pullAlways?: boolean;

  /**
   * SHA-256 of the module, or of the image: 64 hexadecimal digits.
   *
   * @default - not checked
   */
  readonly sha256?: string;
}

/**
 * Where the code of a WebAssembly module comes from.
 */
export class WasmModule {
  /**
   * An image in a registry.
   *
   * @param image reference of the image, such as `registry.example.com/filters/auth:1.2.0`
   */
  public static oci(image: string, options: WasmImageOptions = {}): WasmModule {
    const bare = image.replace(/^oci:\/\//, '');
    if (!/^[a-z0-9][\w.-]*(:\d+)?(\/[\w.-]+)*(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/i.test(bare)) {
      fail('MESH-E032', `invalid image reference, got "${image}"`, 'use REGISTRY/NAME:TAG, such as "registry.example.com/filters/auth:1.2.0"');
    }
    if (options.pullSecret !== undefined) { dnsSubdomain('Secret name', options.pullSecret); }
    return new WasmModule(`oci://${bare}`, options);
  }

  /**
   * A file at a web address.
   *
   * @param url http or https
   * @param sha256 SHA-256 of the file: 64 hexadecimal digits; without it whoever answers for the address runs code in the proxies
   */
  public static http(url: string, sha256: string): WasmModule {
    if (!/^https?:\/\/[^\s/]+/.test(url)) {
      fail('MESH-E032', `invalid address, got "${url}"`, 'use an http or https URL');
    }
    return new WasmModule(url, { sha256 });
  }

  /**
   * A file in the container of the proxy.
   *
   * @param path absolute path
   */
  public static file(path: string): WasmModule {
    if (!path.startsWith('/') || /[\s?#]/.test(path)) {
      fail('MESH-E032', `invalid path, got "${path}"`, 'use an absolute path without white space');
    }
    return new WasmModule(`file://${path}`, {});
  }

  /** Address of the module. */
  public readonly url: string;
  private readonly options: WasmImageOptions;

  private constructor(url: string, options: WasmImageOptions) {
    const { sha256 } = options;
    if (sha256 !== undefined && !/^[a-f0-9]{64}$/.test(sha256)) {
      fail('MESH-E028', `invalid SHA-256, got "${sha256}"`, 'use 64 hexadecimal digits in lower case');
    }
    this.url = url;
    this.options = options;
  }

  /** @internal */
  public _render(): Pick<crd.WasmConfig, 'url' | 'sha256' | 'imagePullPolicy' | 'imagePullSecret'> {
    const { pullSecret, pullAlways, sha256 } = this.options;
    return {
      url: this.url,
      sha256,
      imagePullSecret: pullSecret,
      imagePullPolicy: pullAlways === undefined ? undefined : pullAlways ? crd.PullPolicy.ALWAYS : crd.PullPolicy.IF_NOT_PRESENT,
    };
  }
}
