// What the tabs and the service worker of one organization tell each other about what waits.
// @ts-check

/** @param {string} org */
export const channelOf = (org) => `holdfast/${org}`;

/** @param {string} org @param {object} message */
export function tell(org, message) {
  const channel = new BroadcastChannel(channelOf(org));
  channel.postMessage(message);
  channel.close();
}
