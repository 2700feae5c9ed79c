// Tells the server the reader's own zone, so that every page and mail can name their clock beside the business's.
// @ts-check
import { deviceZone } from "../web/dates.js";

const YEAR_S = 365 * 24 * 3600;
const secure = location.protocol === "https:" ? "; Secure" : "";
// Inside another site's page only such a cookie stays, and the server looks for it by this name (embed/cookies.py).
const [name, kind] = document.documentElement.dataset.framedBy
  ? ["framed_zone", "SameSite=None; Secure; Partitioned"]
  : ["zone", `SameSite=Lax${secure}`];
document.cookie = `${name}=${deviceZone()}; Path=/; Max-Age=${YEAR_S}; ${kind}`;

// What a page wants to be heard first: its errors, or that it is done.
const first = document.querySelector("[data-focus]");
if (first instanceof HTMLElement) first.focus({ preventScroll: !first.matches(".notice") });
