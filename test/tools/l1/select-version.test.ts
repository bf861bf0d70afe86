import { CrdVersion } from '../../../tools/l1/crd';
import { compareVersions, selectVersion } from '../../../tools/l1/select-version';
import { crd, object } from '../../support/l1-crds';

function withVersions(...versions: (Partial<CrdVersion> & { name: string })[]) {
  return crd('Thing', object({}), { versions: versions.map((version) => ({ served: true, storage: false, ...version })) });
}

test('versions sort from stable to alpha and from high to low', () => {
  const versions = ['v1alpha1', 'v2beta1', 'other', 'v1', 'v10', 'v1beta2', 'v2', 'v1beta10', 'v1alpha2'];

  expect(versions.sort(compareVersions)).toEqual(['v10', 'v2', 'v1', 'v2beta1', 'v1beta10', 'v1beta2', 'v1alpha2', 'v1alpha1', 'other']);
});

describe('the version of a class', () => {
  test('is the highest stable one, whatever is stored or listed first', () => {
    expect(selectVersion(withVersions({ name: 'v1alpha1', storage: true }, { name: 'v1' })).name).toBe('v1');
    expect(selectVersion(withVersions({ name: 'v1' }, { name: 'v2alpha1', storage: true })).name).toBe('v1');
  });

  test('is the highest beta or alpha where nothing is stable', () => {
    expect(selectVersion(withVersions({ name: 'v1alpha3' }, { name: 'v1beta1' }, { name: 'v1alpha2' })).name).toBe('v1beta1');
  });

  test('is a served one', () => {
    expect(selectVersion(withVersions({ name: 'v1beta1' }, { name: 'v1', served: false })).name).toBe('v1beta1');
  });

  test('is the requested one', () => {
    expect(selectVersion(withVersions({ name: 'v1' }, { name: 'v1alpha1' }), 'v1alpha1').name).toBe('v1alpha1');
  });

  test('cannot be one that is not served', () => {
    expect(() => selectVersion(withVersions({ name: 'v1' }, { name: 'v2', served: false }), 'v2')).toThrow('Thing: version v2 is not served; served are v1');
    expect(() => selectVersion(withVersions({ name: 'v2', served: false }))).toThrow('Thing: no version is served');
  });
});
