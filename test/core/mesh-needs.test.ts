import { gatewayapi, linkerd, MeshNeeds, MeshSummary, PathMatch, Destination, MtlsMode } from '../../src';
import { chartIn, serviceIn } from '../support/fixtures';
import { errorOf, manifestsOf } from '../support/manifests';

describe('what an app says that it needs of its mesh', () => {
  test('is an error at once where the mesh lacks it', () => {
    const mesh = new linkerd.LinkerdMesh(chartIn(), 'mesh');
    expect(errorOf(() => MeshNeeds.of(mesh).add('proxy.wasm', 'the image of the shop'))).toMatchObject({
      code: 'MESH-E021', what: 'the image of the shop needs proxy.wasm, which linkerd lacks', constructPath: 'test/mesh',
    });
    expect(errorOf(() => MeshNeeds.of(mesh).add('cb.outlier.rate'))).toMatchObject({ code: 'MESH-E022', fix: expect.stringContaining('experimental: true') });
    expect(errorOf(() => MeshNeeds.of(mesh).add('teleport'))).toMatchObject({ code: 'MESH-E024' });
    MeshNeeds.of(mesh).add('ratelimit.local');
  });

  test('stands among the losses or restrictions of the summary', () => {
    const chart = chartIn();
    const mesh = new linkerd.LinkerdMesh(chart, 'mesh', { accept: ['proxy.wasm'], mtls: MtlsMode.PERMISSIVE });
    MeshNeeds.of(mesh).add('proxy.wasm');
    MeshNeeds.of(mesh).add('spiffe.td', 'the trust of partners');
    const cart = serviceIn(chart, 'cart', mesh);
    cart.addRoute({ matches: [{ path: PathMatch.regex('/a.*') }], destinations: [Destination.service(cart)] });
    manifestsOf(chart);
    const { losses, restrictions } = MeshSummary.of(chart);
    expect(losses).toEqual([{ capabilityId: 'proxy.wasm', meshName: 'linkerd', constructPath: 'test/mesh', what: 'the app' }]);
    expect(restrictions.map(({ capabilityId, constructPath }) => `${capabilityId} ${constructPath}`)).toEqual(['match.path.regex test/cart', 'spiffe.td test/mesh']);
    expect(restrictions[0].limits).toBe('RegularExpression (Rust regex, leftmost-first; ranks by length)');
  });

  test('is heard by every mesh of its own', () => {
    const mesh = new gatewayapi.GatewayApiMesh(chartIn(), 'mesh', { channel: gatewayapi.GatewayApiChannel.EXPERIMENTAL });
    MeshNeeds.of(mesh).add('retry.count');
    expect(errorOf(() => MeshNeeds.of(mesh).add('proxy.wasm'))).toMatchObject({ code: 'MESH-E021' });
  });
});
