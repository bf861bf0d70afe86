import { AuthorityStore, OpenOptions } from './authority-store';
import { Draft } from './draft';
import { Layout } from './layout';
import { withLock } from './lock';

/** Which store is changed. */
export interface StorePlace extends OpenOptions {
  readonly folder: string;
  readonly authority: string;
  /** Folders beside the store in which no private key may be. */
  readonly forbidden?: readonly { readonly folder: string; readonly what: string }[];
}

/** Opens a store to read it. */
export function openStore(place: StorePlace): AuthorityStore {
  return AuthorityStore.open(place.folder, place.authority, place);
}

/** Changes a store: nobody else does so meanwhile, and the change holds as a whole or not at all. */
export function changeStore<T>(place: StorePlace, now: Date, change: (draft: Draft) => T): T {
  // Outside of the lock, so that a store that is missing is not begun by its lock.
  openStore(place);
  return withLock(new Layout(place.folder, place.authority).lock, () => {
    const store = openStore(place);
    store.privateHalf.checkPlace([{ folder: place.folder, what: 'the public half of the store' }, ...place.forbidden ?? []]);
    store.privateHalf.clean();
    const draft = new Draft(store.layout, store.index, store.privateHalf, store, now);
    const outcome = change(draft);
    draft.commit();
    return outcome;
  });
}
