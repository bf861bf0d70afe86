import { claimTest, requestPrincipalTest } from './claims';
import { FactName, FactsTest } from './facts';
import {
  namespaceTest, principalTest, serviceAccountTest, trustDomainTest, wildcardHeader, wildcardHost, wildcardText,
} from './text-match';
import { expandPrincipals, expandTrustDomains } from './trust-domain';
import { IpTest, parseCidr } from '../../match/ip';
import { TextTest } from '../../match/regex';
import { isUriTemplate, uriTemplate } from '../../match/uri-template';

/** What the compilation of a rule depends on besides the rule. */
export interface FieldContext {
  readonly policyNamespace: string;
  /** The mesh's trust domain, then its aliases. */
  readonly trustDomains: readonly string[];
}

/** One field of a rule: how a value of it is tested. */
export interface Field {
  /** Whether only HTTP requests have it. */
  readonly http: boolean;
  /** The fact that a request may lack. */
  readonly needs?: FactName;
  /** The values as the proxy gets them, with trust domains written out. */
  expand?(values: readonly string[], context: FieldContext): readonly string[];
  /** The test of one value; undefined when istiod refuses the value. */
  compile(value: string, context: FieldContext): FactsTest | undefined;
}

/** A field of a rule by its name in the API: those of `source` and `operation`, and the keys of `when`. */
export function fieldOf(name: string): Field | undefined {
  return FIELDS.get(name) ?? parametrized(name);
}

function peer(test: (value: string, context: FieldContext) => TextTest, expand?: Field['expand']): Field {
  return {
    http: false,
    expand,
    compile: (value, context) => {
      const matches = test(value, context);
      return ({ principal }) => principal !== undefined && matches(principal);
    },
  };
}

function address(needs: FactName & ('destinationIp' | 'remoteIp' | 'sourceIp')): Field {
  return {
    http: false,
    needs,
    compile: value => {
      const range: IpTest | undefined = parseCidr(value)?.test;
      return range && (facts => range(facts[needs]));
    },
  };
}

const principals = peer(principalTest, (values, context) => expandPrincipals(values, context.trustDomains));
const trustDomains = peer(trustDomainTest, (values, context) => expandTrustDomains(values, context.trustDomains));
const namespaces = peer(namespaceTest);
const serviceAccounts = peer((value, context) => serviceAccountTest(value, context.policyNamespace));
const requestPrincipals: Field = { http: true, compile: requestPrincipalTest };

const ports: Field = {
  http: false,
  compile: value => {
    if (!/^\d+$/.test(value) || Number(value) > 65535) return undefined;
    const port = Number(value);
    return facts => facts.destinationPort === port;
  },
};

const hosts: Field = {
  http: true,
  compile: value => {
    const test = wildcardHost(value);
    return ({ http }) => http !== undefined && test(http.authority);
  },
};

const methods: Field = {
  http: true,
  compile: value => {
    const test = wildcardHeader(value);
    return ({ http }) => http !== undefined && test(http.method);
  },
};

const paths: Field = {
  http: true,
  compile: value => {
    const test = isUriTemplate(value) ? uriTemplate(value) : wildcardText(value);
    return ({ http }) => http !== undefined && test(http.pathOnly);
  },
};

const sni: Field = {
  http: false,
  needs: 'sni',
  compile: value => {
    const test = wildcardText(value);
    // A connection without server name has the empty one.
    return facts => test(facts.sni ?? '');
  },
};

/** Metadata of other filters is not known before deployment: it never matches. */
const metadata: Field = { http: false, needs: 'metadata', compile: () => () => false };

const FIELDS: ReadonlyMap<string, Field> = new Map([
  ['principals', principals],
  ['requestPrincipals', requestPrincipals],
  ['namespaces', namespaces],
  ['serviceAccounts', serviceAccounts],
  ['trustDomains', trustDomains],
  ['ipBlocks', address('sourceIp')],
  ['remoteIpBlocks', address('remoteIp')],
  ['hosts', hosts],
  ['ports', ports],
  ['methods', methods],
  ['paths', paths],
  ['source.ip', address('sourceIp')],
  ['remote.ip', address('remoteIp')],
  ['source.namespace', namespaces],
  ['source.serviceAccount', serviceAccounts],
  ['source.principal', principals],
  ['source.trustDomain', trustDomains],
  ['request.auth.principal', requestPrincipals],
  ['request.auth.audiences', claims(['aud'])],
  ['request.auth.presenter', claims(['azp'])],
  ['destination.ip', address('destinationIp')],
  ['destination.port', ports],
  ['connection.sni', sni],
]);

function parametrized(key: string): Field | undefined {
  if (key.startsWith('request.headers')) return header(key.slice('request.headers'.length));
  if (key.startsWith('request.auth.claims')) {
    const path = nestedNames(key.slice('request.auth.claims'.length));
    return path ? claims(path) : REFUSED;
  }
  if (key.startsWith('experimental.envoy.filters.')) return /\[.*$/.test(key) ? metadata : { ...metadata, compile: () => undefined };
  return undefined;
}

function header(suffix: string): Field {
  const name = bracketed(suffix)?.toLowerCase();
  if (name === undefined) return REFUSED;
  return {
    http: true,
    compile: value => {
      const test = wildcardHeader(value);
      return ({ http }) => {
        const text = http?.headers.get(name);
        return text !== undefined && test(text);
      };
    },
  };
}

function claims(path: readonly string[]): Field {
  return { http: true, compile: value => claimTest(path, value) };
}

/** A key that istiod knows but cannot read. */
const REFUSED: Field = { http: true, compile: () => undefined };

function bracketed(text: string): string | undefined {
  return text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : undefined;
}

/** The names of `[a][b]`; anything else in brackets is one name. */
function nestedNames(text: string): string[] | undefined {
  if (/^(\[[^[\]]*\])+$/.test(text)) return text.slice(1, -1).split('][');
  const single = bracketed(text);
  return single === undefined ? undefined : [single];
}
