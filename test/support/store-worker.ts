// Issues certificates in a process of its own: store-worker.ts PUBLIC PRIVATE PREFIX COUNT
import { requestFor } from './certificate-requests';
import { changeStore } from '../../src/engine/pki/store/change';
import { ensureCertificate } from '../../src/engine/pki/store/issue-certificates';

const [folder, privateFolder, prefix, count] = process.argv.slice(2);
for (let index = 0; index < Number(count); index++) {
  changeStore({ folder, authority: 'shop', privateFolder, environment: {} }, new Date('2031-05-06T07:08:09Z'), (draft) => {
    ensureCertificate(draft, { name: `workload/shop/${prefix}-${index}`, request: requestFor('workload') });
  });
}
