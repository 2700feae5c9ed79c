// Opens in the place of a page about somebody's bookings, and makes way for it as soon as the server can be reached.
// @ts-check
import { openAgain, whenAnswered, whenReached } from "./reaching.js";

const page = document.getElementById("mine");
const sent = document.getElementById("sent");
const byItself = document.getElementById("by-itself");

if (sent) sent.hidden = location.hash !== "#sent";
if (byItself) byItself.hidden = false;
whenAnswered(openAgain);
whenReached(page?.dataset.org ?? "", openAgain);
