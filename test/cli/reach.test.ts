import { Folder } from './folder';
import { security, service } from '../engine/support/estate';
import { commandLine } from '../support/command-line';

const folder = new Folder();
const file = folder.write('all.yaml', service('shop', 'api') + service('shop', 'web')
  + security('AuthorizationPolicy', 'shop', 'api', '{selector: {matchLabels: {app: api}}, rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/web]}}], to: [{operation: {methods: [GET]}}]}]}'));

describe('the matrix of an estate', () => {
  test('is a table with one column for clients that are treated alike', async () => {
    const { code, out } = await commandLine(['reach', file]);
    expect(code).toBe(0);
    expect(out).toBe(['clients:', '1  shop/api', '2  shop/web', '', '+ may ask anything, ? some requests (by method, path, header or token), - nothing',
      '                         1 2', 'shop/api-v1:8080 (http)  - ?', 'shop/web-v1:8080 (http)  + +', ''].join('\n'));
  });

  test('is CSV, a line for each client and port', async () => {
    expect((await commandLine(['reach', file, '--format', 'csv'])).out.split('\n')).toEqual(['client,namespace,kind,name,port,layer,access',
      'shop/api,shop,Deployment,api-v1,8080,http,none', 'shop/web,shop,Deployment,api-v1,8080,http,some',
      'shop/api,shop,Deployment,web-v1,8080,http,all', 'shop/web,shop,Deployment,web-v1,8080,http,all', '']);
  });

  test('is JSON', async () => {
    const matrix = JSON.parse((await commandLine(['reach', file, '--format', 'json'])).out);
    expect(matrix.clients).toEqual([{ accounts: ['shop/api'] }, { accounts: ['shop/web'] }]);
    expect(matrix.ports[0]).toMatchObject({ name: 'api-v1', port: 8080, access: ['none', 'some'] });
  });

  test('refuses what it cannot do', async () => {
    expect(await commandLine(['reach', file, '--format', 'x'])).toMatchObject({ code: 2, out: '' });
    expect(await commandLine(['reach'])).toMatchObject({ code: 2, out: '' });
  });
});
