import { App, Chart, Testing } from 'cdk8s';
import { PROFILES } from '../../examples/online-boutique/profiles';
import { Shop } from '../../examples/online-boutique/shop';
import { Capabilities, CapabilityStatus, consul, gatewayapi, IMesh, istio, linkerd, MeshError, MeshOptions, MeshSummary } from '../../src';

/** The meshes of the profiles, with other options. */
const MESHES: { readonly [name: string]: (scope: Chart, options: MeshOptions) => IMesh } = {
  'istio': (scope, options) => new istio.IstioMesh(scope, 'mesh', options),
  'istio-ambient': (scope, options) => new istio.IstioMesh(scope, 'mesh', { ...options, dataPlane: istio.DataPlane.AMBIENT }),
  'linkerd': (scope, options) => new linkerd.LinkerdMesh(scope, 'mesh', options),
  'consul': (scope, options) => new consul.ConsulMesh(scope, 'mesh', options),
  'gateway-api': (scope, options) => new gatewayapi.GatewayApiMesh(scope, 'mesh', options),
};

function shopOn(name: string, mesh: (scope: Chart) => IMesh) {
  const app = new App();
  const platform = new Chart(app, 'platform');
  const shop = new Shop(app, 'shop', { mesh: mesh(platform), gateway: PROFILES[name].gateway, namespace: 'shop', host: 'shop.example.com' });
  return { app, shop };
}

describe.each(Object.keys(PROFILES))('the shop on %s', (name) => {
  test('is written whole, with a Service for each of its services', () => {
    const { shop } = shopOn(name, PROFILES[name].mesh);
    const services = Testing.synth(shop).filter((object: any) => object.kind === 'Service').map((object: any) => object.metadata.name);
    expect(services.sort()).toEqual(['adservice', 'cartservice', 'checkoutservice', 'currencyservice', 'emailservice', 'frontend', 'paymentservice',
      'productcatalogservice', 'recommendationservice', 'redis-cart', 'shippingservice']);
  });

  test('gives up only what the profile names', () => {
    const { app, shop } = shopOn(name, PROFILES[name].mesh);
    Testing.synth(shop);
    const accepted = PROFILES[name].mesh(new Chart(new App(), 'platform')).profile.accept ?? [];
    const given = new Set(MeshSummary.of(app).losses.map((loss) => loss.capabilityId));
    expect([...given].filter((id) => !accepted.includes(id))).toEqual([]);
  });

  test('fails without that list, and the errors name each id that was given up', () => {
    const { app, shop } = shopOn(name, PROFILES[name].mesh);
    Testing.synth(shop);
    const given = [...new Set(MeshSummary.of(app).losses.map((loss) => loss.capabilityId))].sort();
    const bare = shopOn(name, (scope) => MESHES[name](scope, {}));
    if (given.length === 0) {
      expect(() => Testing.synth(bare.shop)).not.toThrow();
      return;
    }
    let text = '';
    try { Testing.synth(bare.shop); } catch (error) { text = String(error); }
    const named = new Set(MeshError.parse(text).flatMap((error) => given.filter((id) => error.what.includes(`needs ${id}`))));
    expect([...named].sort()).toEqual(given);
  });

  test('accepting a loss that the mesh can carry is an error', () => {
    const supported = Capabilities.ids().find((id) => Capabilities.of(name).capability(id).status === CapabilityStatus.SUPPORTED)!;
    const accept = [...PROFILES[name].mesh(new Chart(new App(), 'platform')).profile.accept ?? [], supported];
    const { shop } = shopOn(name, (scope) => MESHES[name](scope, { accept }));
    expect(() => Testing.synth(shop)).toThrow(new RegExp(`${supported.replace(/\./g, '\\.')} is accepted as a loss, and ${name} can carry it; .*\\[MESH-E023\\]`));
  });
});
