import { debianPart } from './debian';

/** etcd, the API server's store. */
export const etcd = debianPart({ name: 'etcd', package: 'etcd-server', programs: { etcd: 'usr/bin/etcd' } });
