import { Capabilities, CapabilityStatus } from '../../src';
import { errorOf } from '../support/manifests';

describe('capabilities', () => {
  test('of every mesh that comes with the library answer for every id', () => {
    expect(Capabilities.profiles()).toEqual(['istio', 'istio-ambient', 'linkerd', 'consul', 'gateway-api']);
    for (const profile of Capabilities.profiles()) {
      const capabilities = Capabilities.of(profile);
      for (const id of Capabilities.ids()) {
        expect(Object.values(CapabilityStatus)).toContain(capabilities.capability(id).status);
        expect(capabilities.capability(id).capabilityId).toBe(id);
      }
      expect(capabilities.supportedIds().every((id) => capabilities.capability(id).status === CapabilityStatus.SUPPORTED)).toBe(true);
    }
  });

  test('tell meshes apart', () => {
    expect(Capabilities.of('istio').capability('mirror').status).toBe(CapabilityStatus.SUPPORTED);
    expect(Capabilities.of('linkerd').capability('mirror').status).toBe(CapabilityStatus.UNSUPPORTED);
    expect(Capabilities.of('consul').capability('ratelimit.local').status).toBe(CapabilityStatus.ENTERPRISE);
  });

  test('of a mesh of your own are what you name', () => {
    const own = Capabilities.custom('own', ['mirror']);
    expect(own.capability('mirror')).toMatchObject({ status: CapabilityStatus.SUPPORTED, native: 'own' });
    expect(own.capability('cors').status).toBe(CapabilityStatus.UNSUPPORTED);
    expect(own.supportedIds()).toEqual(['mirror']);
  });

  test('that nobody knows are refused', () => {
    expect(errorOf(() => Capabilities.of('osm'))).toMatchObject({ code: 'MESH-E024', what: 'unknown mesh profile, got "osm"' });
    expect(errorOf(() => Capabilities.of('istio').capability('teleport'))).toMatchObject({ code: 'MESH-E024', what: 'unknown capability, got "teleport"' });
    expect(errorOf(() => Capabilities.custom('own', ['teleport']))).toMatchObject({ code: 'MESH-E024' });
  });
});
