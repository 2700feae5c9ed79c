// What worker.js uses of a service worker's world: TypeScript's own names for it cannot stand beside a page's.
export interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
export interface FetchEvent extends WorkerEvent {
  readonly request: Request;
  readonly clientId: string;
  readonly preloadResponse: Promise<Response | undefined>;
  respondWith(answer: Promise<Response>): void;
}
export interface MessageEvent extends WorkerEvent {
  readonly data: { kind: string; language: string; service?: string } | null;
}
export interface SyncEvent extends WorkerEvent {
  readonly tag: string;
  readonly lastChance: boolean;
}
export interface Events {
  install: WorkerEvent;
  activate: WorkerEvent;
  fetch: FetchEvent;
  message: MessageEvent;
  sync: SyncEvent;
}
export interface ServiceWorkerWorld {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    claim(): Promise<void>;
    get(id: string): Promise<{ postMessage(message: unknown): void } | undefined>;
  };
  skipWaiting(): Promise<void>;
  addEventListener<Name extends keyof Events>(name: Name, listen: (event: Events[Name]) => void): void;
}
