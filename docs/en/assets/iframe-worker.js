/* The search: from a server, its index comes when the reader turns to it; from disk, no worker may
   start, so a frame stands in. */

if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      frame.title = "Search";
      document.body.append(frame);
      this.inside = frame.contentWindow;
      const load = (address) =>
        new Promise((loaded, failed) => {
          const script = this.inside.document.createElement("script");
          Object.assign(script, { src: address, onload: loaded, onerror: failed });
          this.inside.document.body.append(script);
        });
      // What a worker's program expects to find round it.
      this.inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      this.inside.importScripts = (...addresses) => Promise.all(addresses.map(load));
      this.ready = load(url);
    }

    postMessage(data) {
      this.ready.then(() => this.inside.dispatchEvent(new MessageEvent("message", { data })));
    }
  };
} else {
  // The theme asks for the index on every page, which is more than all the rest of it weighs.
  const wanted = new Promise((turned) => {
    addEventListener("focusin", ({ target }) => target.matches(".md-search__input") && turned());
  });
  const { open, send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, address, ...others) {
    this.when = address.endsWith("/search_index.json") ? wanted : null;
    open.call(this, method, address, ...others);
  };
  XMLHttpRequest.prototype.send = function (...body) {
    if (this.when) this.when.then(() => send.apply(this, body));
    else send.apply(this, body);
  };
}
