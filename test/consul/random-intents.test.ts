import { declare, RANDOM_INTENTS } from './random-intents';
import { refusalsOf } from './server-rules';
import { MeshError } from '../../src';
import { Manifest, manifestsOf } from '../support/manifests';
import { holds } from '../support/properties';

describe('whatever is declared for Consul', () => {
  test('is refused with words of ours, or taken by its servers', () => {
    let [written, refused] = [0, 0];
    holds(60, RANDOM_INTENTS, (intents) => {
      let manifests: Manifest[];
      try {
        manifests = manifestsOf(declare(intents));
      } catch (thrown) {
        expect(MeshError.parse((thrown as Error).message)).not.toEqual([]);
        refused += 1;
        return;
      }
      written += 1;
      expect(refusalsOf(manifests)).toEqual([]);
    });
    // A property that hardly ever gets to its point shows nothing.
    expect(written).toBeGreaterThan(refused);
  });
});

const RESOURCE = { apiVersion: 'consul.hashicorp.com/v1alpha1' };
const of = (kind: string, name: string, spec: object) => ({ ...RESOURCE, kind, metadata: { name, namespace: 'a' }, spec });

describe('the rules of the servers', () => {
  test.each<[string, object[], RegExp]>([
    ['a router of a service that speaks tcp', [of('ServiceRouter', 'a', { routes: [] })], /router a of a service that speaks tcp/],
    ['weights that do not add up', [of('ServiceDefaults', 'a', { protocol: 'http' }), of('ServiceSplitter', 'a', { splits: [{ weight: 50 }] })], /add up/],
    ['a subset that is not there', [of('ServiceDefaults', 'a', { protocol: 'http' }), of('ServiceSplitter', 'a', { splits: [{ weight: 100, serviceSubset: 'v1' }] })], /no subset v1/],
    ['two protocols in one chain', [of('ServiceDefaults', 'a', { protocol: 'http' }), of('ServiceRouter', 'a', { routes: [{ destination: { service: 'b' } }] })], /sends http to b, which speaks tcp/],
    ['splitters in a circle', ['a', 'b'].flatMap((name) => [of('ServiceDefaults', name, { protocol: 'http' }), of('ServiceSplitter', name, { splits: [{ weight: 100, service: name === 'a' ? 'b' : 'a' }] })]), /lead to each other/],
    ['permissions for connections', [of('ServiceIntentions', 'a', { destination: { name: 'a' }, sources: [{ name: 'b', permissions: [{ action: 'allow', http: { pathPrefix: '/' } }] }] })], /would deny everything/],
    ['tokens of nobody', [of('ServiceDefaults', 'a', { protocol: 'http' }), of('ServiceIntentions', 'a', {
      destination: { name: 'a' }, sources: [{ name: 'b', permissions: [{ action: 'allow', http: { pathPrefix: '/' }, jwt: { providers: [{ name: 'x' }] } }] }],
    })], /provider x/],
  ])('%s', (_, objects, refusal) => {
    expect(refusalsOf(objects).join('\n')).toMatch(refusal);
  });
});
