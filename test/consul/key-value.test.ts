import { consul } from '../../src';
import { chartIn } from '../support/fixtures';
import { errorOf, kindOf } from '../support/manifests';

const TOKEN = { secretName: 'writer', secretKey: 'token' };

function written(entries: { [key: string]: string }) {
  const chart = chartIn();
  const values = new consul.KeyValue(chart, 'flags', { entries, token: TOKEN, authority: { secretName: 'consul-ca-cert', secretKey: 'tls.crt' }, metadata: { name: 'flags', namespace: 'shop' } });
  const [[map], [job]] = [kindOf(chart, 'ConfigMap'), kindOf(chart, 'Job')];
  return { values, map, job };
}

describe('values in the key value store', () => {
  test('are what `consul kv import` reads, ordered by key', () => {
    const { map, values } = written({ 'shop/b': 'ü', 'shop/a': 'on' });
    expect(JSON.parse(map.data['values.json'])).toEqual([{ key: 'shop/a', flags: 0, value: 'b24=' }, { key: 'shop/b', flags: 0, value: 'w7w=' }]);
    expect(values.entries).toEqual({ 'shop/a': 'on', 'shop/b': 'ü' });
  });

  test('are imported by a Job that holds no token, only where it is', () => {
    const { spec: { template: { spec: { containers: [container], volumes } } } } = written({ 'shop/a': 'on' }).job;
    expect(container.command).toEqual(['consul', 'kv', 'import', '@/values/values.json']);
    expect(container.env).toEqual([
      { name: 'CONSUL_HTTP_ADDR', value: 'https://consul-server.consul.svc:8501' },
      { name: 'CONSUL_CACERT', value: '/authority/tls.crt' },
      { name: 'CONSUL_HTTP_TOKEN', valueFrom: { secretKeyRef: { name: 'writer', key: 'token' } } },
    ]);
    expect(volumes).toEqual([{ name: 'values', configMap: { name: 'flags' } }, { name: 'authority', secret: { secretName: 'consul-ca-cert' } }]);
  });

  test('have another Job when they change, and the same one when they do not', () => {
    const names = [{ a: '1', b: '2' }, { b: '2', a: '1' }, { a: '1', b: '3' }].map((entries) => written(entries).job.metadata.name);
    expect(names[0]).toMatch(/^flags-[0-9a-f]{10}$/);
    expect(names[1]).toBe(names[0]);
    expect(names[2]).not.toBe(names[0]);
  });

  test.each<[string, { [key: string]: string }, string]>([
    ['no entry', {}, 'MESH-E030'], ['a key with a leading slash', { '/a': '1' }, 'MESH-E001'], ['a value that is too large', { a: 'x'.repeat(524289) }, 'MESH-E028'],
  ])('%s is refused', (_, entries, code) => {
    expect(errorOf(() => written(entries)).code).toBe(code);
  });
});
