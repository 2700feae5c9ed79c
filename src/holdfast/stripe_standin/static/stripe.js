// A stand-in for Stripe's script, for tests and demonstrations: the few calls a booking page makes. No money moves.
// Like Stripe's own it needs nothing of the page's policy but script-src and frame-src for this origin.
// @ts-check

/** What the API tells, and what a page gives. @typedef {Record<string, any>} Told */

(() => {
  const base = new URL(/** @type {HTMLScriptElement} */ (document.currentScript).src).origin;
  /** @type {Set<Frame>} */
  const frames = new Set();

  class Frame {
    /** @type {Map<string, (told: Told) => void>} */
    asked = new Map();
    /** @type {Map<string, ((event: Told) => void)[]>} */
    listeners = new Map();
    resolve = () => {};

    /** @param {string} locale */
    constructor(locale) {
      this.element = document.createElement("iframe");
      this.element.title = "Test card form";
      const hash = new URLSearchParams({ origin: location.origin });
      this.element.src = `${base}/elements/payment?locale=${encodeURIComponent(locale)}#${hash}`;
      Object.assign(this.element.style, { border: "0", inlineSize: "100%", blockSize: "24rem", display: "block" });
      this.ready = new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
        this.resolve = resolve;
      });
      frames.add(this);
    }

    /** @param {Told} message */
    hear(message) {
      if (message.standin === "ready") {
        this.resolve();
        this.fire("ready", { elementType: "payment" });
      } else if (message.standin === "height") {
        this.element.style.blockSize = `${message.height}px`;
      } else if (message.standin === "change") {
        this.fire("change", {
          elementType: "payment",
          complete: message.complete,
          empty: false,
          value: { type: "card" },
        });
      } else if (message.standin === "told") {
        this.asked.get(message.number)?.(message.told);
        this.asked.delete(message.number);
      }
    }

    /** @param {string} name @param {Told} event */
    fire(name, event) {
      for (const listener of this.listeners.get(name) ?? []) listener(event);
    }

    /** @param {Told} message @returns {Promise<Told>} */
    async ask(message) {
      await this.ready;
      const number = crypto.randomUUID();
      return new Promise((resolve) => {
        this.asked.set(number, resolve);
        this.element.contentWindow?.postMessage({ ...message, number }, base);
      });
    }

    close() {
      frames.delete(this);
      this.element.remove();
    }
  }

  window.addEventListener("message", (event) => {
    if (event.origin !== base) return;
    for (const frame of frames) if (event.source === frame.element.contentWindow) frame.hear(event.data);
  });

  const idOf = (/** @type {string} */ secret) => secret.split("_secret")[0];
  const kindOf = (/** @type {string} */ secret) => (secret.startsWith("seti_") ? "setupIntent" : "paymentIntent");
  const pathOf = (/** @type {string} */ secret) =>
    `/v1/${kindOf(secret) === "setupIntent" ? "setup_intents" : "payment_intents"}/${idOf(secret)}`;

  /** @param {string} secret @param {Told} told @returns {Told} */
  function result(secret, told) {
    return told.error ? { error: told.error } : { [kindOf(secret)]: told };
  }

  class PaymentElement {
    /** @param {string} locale */
    constructor(locale) {
      this.frame = new Frame(locale);
    }

    /** @param {string | HTMLElement} where */
    mount(where) {
      const place = typeof where === "string" ? document.querySelector(where) : where;
      if (!place) throw new Error(`The selector you specified (${where}) applies to no DOM elements.`);
      place.replaceChildren(this.frame.element);
      return this;
    }

    /** @param {string} name @param {(event: Told) => void} listener */
    on(name, listener) {
      this.frame.listeners.set(name, [...(this.frame.listeners.get(name) ?? []), listener]);
      return this;
    }

    unmount() {
      this.frame.element.remove();
    }
    destroy() {
      this.frame.close();
    }
    update() {}
    focus() {
      this.frame.element.focus();
      void this.frame.ask({ act: "focus" });
    }
  }

  class Elements {
    /** @type {PaymentElement | null} */
    payment = null;

    /** @param {Told} options */
    constructor(options) {
      this.options = options;
    }

    /** @param {string} type */
    create(type) {
      if (type !== "payment") throw new Error("This stand-in knows the Payment Element only.");
      if (this.payment) throw new Error("Can't create more than one Payment Element.");
      const wanted = this.options.locale && this.options.locale !== "auto" ? this.options.locale : navigator.language;
      this.payment = new PaymentElement(wanted);
      return this.payment;
    }

    /** @param {string} type */
    getElement(type) {
      return type === "payment" ? this.payment : null;
    }
    /** @param {Told} options */
    update(options) {
      Object.assign(this.options, options);
    }
    async submit() {
      return this.payment?.frame.ask({ act: "validate" });
    }
  }

  /** The bank asks in a frame of its own, in front of the page, until it has said how it went. @param {string} url */
  function askTheBank(url) {
    const dialog = document.createElement("dialog");
    const frame = document.createElement("iframe");
    frame.title = "Authentication test";
    frame.src = url;
    Object.assign(frame.style, {
      border: "0",
      display: "block",
      inlineSize: "min(28rem, 80vw)",
      blockSize: "min(30rem, 85vh)",
    });
    Object.assign(dialog.style, { margin: "auto", padding: "0", border: "0", borderRadius: "8px" });
    dialog.append(frame);
    document.body.append(dialog);
    dialog.showModal();
    return new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
      const heard = (/** @type {MessageEvent} */ event) => {
        if (event.origin !== base || event.source !== frame.contentWindow || event.data?.standin !== "authenticated")
          return;
        end();
      };
      const end = () => {
        window.removeEventListener("message", heard);
        dialog.remove();
        resolve();
      };
      window.addEventListener("message", heard);
      dialog.addEventListener("cancel", end);
    });
  }

  /** @param {string} key @param {Told} options */
  function Stripe(key, options = {}) {
    if (!/^pk_test_/.test(key)) throw new Error("This is a stand-in: it takes test keys only.");
    /** @type {Frame | null} */
    let quiet = null;
    const controller = () => {
      if (!quiet) {
        quiet = new Frame("en");
        Object.assign(quiet.element.style, { display: "none" });
        document.body.append(quiet.element);
      }
      return quiet;
    };

    /** @param {string} secret */
    async function retrieve(secret) {
      return controller().ask({ act: "retrieve", path: pathOf(secret), values: { key, client_secret: secret } });
    }

    /** @param {string} secret @param {Told} told @param {Frame} [frame] */
    async function finish(secret, told, frame) {
      const action =
        told.next_action ??
        told.error?.[kindOf(secret) === "setupIntent" ? "setup_intent" : "payment_intent"]?.next_action;
      if (told.error || !action) return result(secret, told);
      await askTheBank(action.use_stripe_sdk?.stripe_js ?? action.redirect_to_url.url);
      const after = await (frame ?? controller()).ask({
        act: "retrieve",
        path: pathOf(secret),
        values: { key, client_secret: secret },
      });
      const failed = after.last_payment_error ?? after.last_setup_error;
      if (after.status === "requires_payment_method" && failed) {
        return (frame ?? controller()).ask({ act: "refused", error: { ...failed, [after.object]: after } });
      }
      return result(secret, after);
    }

    /** @param {Told} asked */
    async function confirm({ elements, clientSecret, confirmParams = {}, redirect = "always" }) {
      const secret = clientSecret ?? elements?.options.clientSecret;
      if (!secret) throw new Error("Pass a clientSecret to elements() or to this call.");
      if (redirect === "always" && !confirmParams.return_url) throw new Error("confirmParams.return_url is required.");
      const frame = elements?.payment?.frame ?? controller();
      const withCard = Boolean(elements);
      if (withCard) {
        const invalid = await frame.ask({ act: "validate" });
        if (invalid.error) return { error: invalid.error };
      }
      const values = {
        key,
        client_secret: secret,
        use_stripe_sdk: "true",
        return_url: confirmParams.return_url,
        payment_method: withCard ? undefined : confirmParams.payment_method,
        billing_details: confirmParams.payment_method_data?.billing_details,
      };
      const told = await frame.ask({ act: "confirm", path: `${pathOf(secret)}/confirm`, values, withCard });
      const done = await finish(secret, told, frame);
      if (!done.error && redirect === "always") {
        const intent = done[kindOf(secret)];
        const url = new URL(confirmParams.return_url);
        url.searchParams.set(intent.object, intent.id);
        url.searchParams.set(`${intent.object}_client_secret`, secret);
        url.searchParams.set("redirect_status", "succeeded");
        location.assign(url);
        return new Promise(() => {});
      }
      return done;
    }

    return {
      elements: (/** @type {Told} */ given = {}) => new Elements({ locale: options.locale, ...given }),
      confirmPayment: confirm,
      confirmSetup: confirm,
      handleNextAction: async (/** @type {Told} */ { clientSecret }) =>
        finish(clientSecret, await retrieve(clientSecret)),
      retrievePaymentIntent: async (/** @type {string} */ secret) => result(secret, await retrieve(secret)),
      retrieveSetupIntent: async (/** @type {string} */ secret) => result(secret, await retrieve(secret)),
    };
  }

  Stripe.version = "standin";
  Object.assign(window, { Stripe });
})();
