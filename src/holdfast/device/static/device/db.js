// What the device keeps for one organization, in IndexedDB: bookings that wait to be sent. No library for these lines.
// @ts-check

/** @param {string} org */
const nameOf = (org) => `holdfast/${org}`;
const STORE = "queue";

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {string} org @returns {Promise<IDBDatabase>} */
function open(org) {
  const request = indexedDB.open(nameOf(org), 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
  return done(request);
}

/**
 * One transaction over the store; resolves once it is on disk.
 * @template T
 * @param {string} org @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} work
 * @returns {Promise<T>}
 */
async function within(org, mode, work) {
  const database = await open(org);
  try {
    const transaction = database.transaction(STORE, mode, { durability: "strict" });
    const kept = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(undefined);
      transaction.onabort = () => reject(transaction.error);
    });
    const result = await done(work(transaction.objectStore(STORE)));
    await kept;
    return result;
  } finally {
    database.close();
  }
}

/** @param {string} org @returns {Promise<any[]>} */
export const readAll = (org) => within(org, "readonly", (store) => store.getAll());
/** @param {string} org @param {string} id @returns {Promise<any>} */
export const read = (org, id) => within(org, "readonly", (store) => store.get(id));
/** @param {string} org @param {object} item */
export const write = (org, item) => within(org, "readwrite", (store) => store.put(item));
/** @param {string} org @param {string} id */
export const remove = (org, id) => within(org, "readwrite", (store) => store.delete(id));

/**
 * Reads one and writes what becomes of it, in one transaction: nobody comes between. `changed` answers what is kept
 * instead, null for nothing, undefined to leave all as it is. Resolves to its answer.
 * @template T
 * @param {string} org @param {string} id @param {(stored: any) => T} changed @returns {Promise<T>}
 */
export async function change(org, id, changed) {
  /** @type {T | undefined} */
  let answer;
  await within(org, "readwrite", (store) => {
    const request = store.get(id);
    request.addEventListener("success", () => {
      answer = changed(request.result);
      if (answer) store.put(answer);
      else if (answer === null) store.delete(id);
    });
    return request;
  });
  return /** @type {T} */ (answer);
}

/** All of it, the database itself included. @param {string} org */
export const removeAll = (org) => done(indexedDB.deleteDatabase(nameOf(org)));
